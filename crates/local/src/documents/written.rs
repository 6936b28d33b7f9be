//! What texts of word processors have in common: parts of an archive, read event by event, and written as HTML.

use std::io::{Cursor, Read as _};

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::html;

/// A part that unpacks to more than this is no text that someone wrote.
const LARGEST_PART: u64 = 256 * 1024 * 1024;

/// A part of the archive; none where the archive has no such part.
pub(super) fn part(content: &[u8], name: &str) -> Result<Option<String>, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(content)).map_err(|error| error.to_string())?;
    let Ok(part) = archive.by_name(name) else { return Ok(None) };
    let mut text = String::new();
    part.take(LARGEST_PART).read_to_string(&mut text).map_err(|error| format!("{name}: {error}"))?;
    Ok(Some(text))
}

/// Tells a document's events: where elements begin and end, and the text between.
pub(super) trait Listener {
    fn begin(&mut self, element: &BytesStart<'_>);
    fn end(&mut self, name: &str);
    fn text(&mut self, text: &str);
}

/// Reads XML from beginning to end. An element without content begins and ends.
pub(super) fn listen(xml: &str, listener: &mut impl Listener) -> Result<(), String> {
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(element) => listener.begin(&element),
            Event::Empty(element) => {
                listener.begin(&element);
                listener.end(element.local_name().as_ref());
            }
            Event::End(element) => listener.end(element.local_name().as_ref()),
            Event::Text(text) => listener.text(&text.xml10_content()),
            Event::CData(text) => listener.text(&text.xml10_content()),
            Event::GeneralRef(reference) => listener.text(&resolved(&reference)),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn resolved(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(letter)) = reference.resolve_char_ref() {
        return letter.to_string();
    }
    let name = reference.xml10_content();
    quick_xml::escape::resolve_xml_entity(&name).unwrap_or_default().to_owned()
}

/// The value of an attribute, whatever its prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// HTML that grows block by block. Inside the cells of a table paragraphs are lines, since Markdown has no others there.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    html: String,
    in_list: bool,
    tables: usize,
    rows: usize,
}

/// What a paragraph is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Body,
    Heading(usize),
    Item,
}

impl Blocks {
    pub(super) fn paragraph(&mut self, kind: Kind, inner: &str) {
        if self.tables > 0 {
            if !inner.trim().is_empty() {
                self.html.push_str(&format!("{inner} "));
            }
            return;
        }
        self.list(kind == Kind::Item);
        if inner.trim().is_empty() {
            return;
        }
        let name = match kind {
            Kind::Body => "p".to_owned(),
            Kind::Heading(level) => format!("h{}", level.clamp(1, 6)),
            Kind::Item => "li".to_owned(),
        };
        self.html.push_str(&format!("<{name}>{inner}</{name}>"));
    }

    /// The beginning or the end of a table, of a row or of a cell.
    pub(super) fn tabular(&mut self, name: &str, begins: bool) {
        if name == "table" {
            self.list(false);
            self.tables = if begins { self.tables + 1 } else { self.tables.saturating_sub(1) };
        }
        // Markdown has no tables within tables: what they hold stands in the cell around them.
        let depth = if name == "table" && !begins { self.tables + 1 } else { self.tables };
        if depth != 1 {
            return;
        }
        self.rows = match (name, begins) {
            ("table", _) => 0,
            ("tr", true) => self.rows + 1,
            _ => self.rows,
        };
        let name = if name == "td" && self.rows == 1 { "th" } else { name };
        self.html.push_str(&if begins { format!("<{name}>") } else { format!("</{name}>") });
    }

    fn list(&mut self, wanted: bool) {
        if wanted != self.in_list {
            self.html.push_str(if wanted { "<ul>" } else { "</ul>" });
            self.in_list = wanted;
        }
    }

    pub(super) fn markdown(mut self) -> Result<String, String> {
        self.list(false);
        html::plain(&self.html)
    }
}

/// Text as it stands in HTML.
pub(super) fn escaped(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}
