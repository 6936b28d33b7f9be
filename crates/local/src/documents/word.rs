//! Word's documents as Markdown: headings, lists, tables, links, bold and italic text.

use std::collections::HashMap;

use quick_xml::events::BytesStart;

use super::written::{Blocks, Kind, Listener, attribute, escaped, listen, part};

pub(super) fn markdown(content: &[u8]) -> Result<String, String> {
    let document = part(content, "word/document.xml")?.ok_or("the file is no Word document")?;
    let mut links = Links::default();
    if let Some(relations) = part(content, "word/_rels/document.xml.rels")? {
        listen(&relations, &mut links)?;
    }
    let mut body = Body { links: links.0, ..Body::default() };
    listen(&document, &mut body)?;
    body.blocks.markdown()
}

/// Where links lead, by their id.
#[derive(Default)]
struct Links(HashMap<String, String>);

impl Listener for Links {
    fn begin(&mut self, element: &BytesStart<'_>) {
        if let (Some(id), Some(target)) = (attribute(element, "Id"), attribute(element, "Target")) {
            self.0.insert(id, target);
        }
    }

    fn end(&mut self, _: &str) {}

    fn text(&mut self, _: &str) {}
}

#[derive(Default)]
struct Body {
    links: HashMap<String, String>,
    blocks: Blocks,
    paragraph: Paragraph,
    run: Option<Run>,
    in_text: bool,
    /// How deep the reader is in a second spelling of what has been said.
    fallback: usize,
}

#[derive(Default)]
struct Paragraph {
    style: String,
    is_item: bool,
    html: String,
    in_link: bool,
}

#[derive(Default)]
struct Run {
    bold: bool,
    italic: bool,
    html: String,
}

impl Paragraph {
    fn kind(&self) -> Kind {
        let style = self.style.to_ascii_lowercase();
        let level = style.strip_prefix("heading").and_then(|level| level.trim().parse().ok());
        match level {
            Some(level) => Kind::Heading(level),
            None if style == "title" => Kind::Heading(1),
            None if self.is_item || style.starts_with("list") => Kind::Item,
            None => Kind::Body,
        }
    }
}

impl Listener for Body {
    fn begin(&mut self, element: &BytesStart<'_>) {
        let name = element.local_name();
        if name.as_ref() == "Fallback" || self.fallback > 0 {
            self.fallback += 1;
            return;
        }
        let is_on = || !matches!(attribute(element, "val").as_deref(), Some("0" | "false" | "none"));
        match (name.as_ref(), &mut self.run) {
            ("p", _) => self.paragraph = Paragraph::default(),
            ("pStyle", _) => self.paragraph.style = attribute(element, "val").unwrap_or_default(),
            ("numPr", _) => self.paragraph.is_item = true,
            ("r", _) => self.run = Some(Run::default()),
            ("b", Some(run)) => run.bold = is_on(),
            ("i", Some(run)) => run.italic = is_on(),
            ("t", _) => self.in_text = true,
            ("tab", Some(run)) => run.html.push(' '),
            ("br" | "cr", Some(run)) => run.html.push_str("<br>"),
            ("hyperlink", _) => {
                if let Some(target) = attribute(element, "id").and_then(|id| self.links.get(&id)) {
                    self.paragraph.html.push_str(&format!("<a href=\"{}\">", escaped(target)));
                    self.paragraph.in_link = true;
                }
            }
            ("tbl", _) => self.blocks.tabular("table", true),
            ("tr", _) => self.blocks.tabular("tr", true),
            ("tc", _) => self.blocks.tabular("td", true),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if self.fallback > 0 {
            self.fallback -= 1;
            return;
        }
        match name {
            "t" => self.in_text = false,
            "r" => {
                let Some(run) = self.run.take() else { return };
                let blank = run.html.trim().is_empty();
                let html = if run.italic && !blank { format!("<em>{}</em>", run.html) } else { run.html };
                let html = if run.bold && !blank { format!("<strong>{html}</strong>") } else { html };
                self.paragraph.html.push_str(&html);
            }
            "hyperlink" if self.paragraph.in_link => {
                self.paragraph.html.push_str("</a>");
                self.paragraph.in_link = false;
            }
            "p" => {
                let paragraph = std::mem::take(&mut self.paragraph);
                self.blocks.paragraph(paragraph.kind(), &paragraph.html);
            }
            "tbl" => self.blocks.tabular("table", false),
            "tr" => self.blocks.tabular("tr", false),
            "tc" => self.blocks.tabular("td", false),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let (true, 0, Some(run)) = (self.in_text, self.fallback, &mut self.run) {
            run.html.push_str(&escaped(text));
        }
    }
}
