//! OpenDocument texts as Markdown: headings, lists, tables and links.

use quick_xml::events::BytesStart;

use super::written::{Blocks, Kind, Listener, attribute, escaped, listen, part};

pub(super) fn markdown(content: &[u8]) -> Result<String, String> {
    let document = part(content, "content.xml")?.ok_or("the file is no OpenDocument text")?;
    let mut body = Body::default();
    listen(&document, &mut body)?;
    body.blocks.markdown()
}

#[derive(Default)]
struct Body {
    blocks: Blocks,
    /// The paragraph or heading that is being read.
    open: Option<Kind>,
    html: String,
    lists: usize,
    in_link: bool,
}

impl Listener for Body {
    fn begin(&mut self, element: &BytesStart<'_>) {
        match element.local_name().as_ref() {
            "h" => {
                let level = attribute(element, "outline-level").and_then(|level| level.parse().ok());
                self.open = Some(Kind::Heading(level.unwrap_or(1)));
            }
            "p" => self.open = Some(if self.lists > 0 { Kind::Item } else { Kind::Body }),
            "list" => self.lists += 1,
            "s" | "tab" => self.html.push(' '),
            "line-break" => self.html.push_str("<br>"),
            "a" => {
                if let Some(target) = attribute(element, "href") {
                    self.html.push_str(&format!("<a href=\"{}\">", escaped(&target)));
                    self.in_link = true;
                }
            }
            "table" => self.blocks.tabular("table", true),
            "table-row" => self.blocks.tabular("tr", true),
            "table-cell" => self.blocks.tabular("td", true),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "h" | "p" => {
                let html = std::mem::take(&mut self.html);
                if let Some(kind) = self.open.take() {
                    self.blocks.paragraph(kind, &html);
                }
            }
            "list" => self.lists = self.lists.saturating_sub(1),
            "a" if self.in_link => {
                self.html.push_str("</a>");
                self.in_link = false;
            }
            "table" => self.blocks.tabular("table", false),
            "table-row" => self.blocks.tabular("tr", false),
            "table-cell" => self.blocks.tabular("td", false),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        // Between paragraphs there is only what makes the file easier to read.
        if self.open.is_some() {
            self.html.push_str(&escaped(text));
        }
    }
}
