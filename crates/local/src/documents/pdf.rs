//! PDF as Markdown: what is known about the file, then the text of each page, as the service lays it out.

use std::fmt::Write as _;

use pdf_extract::{Document, Object};
use serde_json::Value;

/// What the file says about itself, in the order in which the service tells it.
const TOLD: &[&str] = &["Title", "Author", "Subject", "Keywords", "Creator", "Producer", "CreationDate", "ModDate"];

pub(super) fn markdown(name: &str, content: &[u8], options: &Value) -> Result<String, String> {
    let pages = pdf_extract::extract_text_from_mem_by_pages(content).map_err(|error| error.to_string())?;
    let mut written = format!("# {name}\n");
    // Writing to a string never fails.
    if options.pointer("/pdf/metadata") != Some(&Value::Bool(false)) {
        let document = Document::load_mem(content).map_err(|error| error.to_string())?;
        let _ = writeln!(written, "## Metadata\n- PDFFormatVersion={}", document.version);
        for (key, value) in metadata(&document) {
            let _ = writeln!(written, "- {key}={value}");
        }
        written.push('\n');
    }
    written.push_str("\n## Contents\n");
    for (number, text) in pages.iter().enumerate() {
        let _ = writeln!(written, "### Page {}\n{}\n", number + 1, text.trim());
    }
    Ok(written)
}

fn metadata(document: &Document) -> Vec<(&'static str, String)> {
    let Some(info) = document.trailer.get(b"Info").ok().and_then(|info| dictionary(document, info)) else {
        return Vec::new();
    };
    let text = |key: &&'static str| Some((*key, text_of(info.get(key.as_bytes()).ok()?)?));
    TOLD.iter().filter_map(text).collect()
}

fn dictionary<'a>(document: &'a Document, object: &'a Object) -> Option<&'a pdf_extract::Dictionary> {
    match object {
        Object::Reference(id) => document.get_object(*id).ok()?.as_dict().ok(),
        other => other.as_dict().ok(),
    }
}

/// Text is UTF-16 where it begins with that mark, and one byte a letter elsewhere.
fn text_of(object: &Object) -> Option<String> {
    let bytes = object.as_str().ok()?;
    let text = match bytes.strip_prefix(&[0xfe, 0xff]) {
        Some(wide) => {
            let units = wide.chunks_exact(2).filter_map(|pair| Some(u16::from_be_bytes(pair.try_into().ok()?)));
            char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        None => bytes.iter().map(|byte| char::from(*byte)).collect::<String>(),
    };
    Some(text.replace(['\r', '\n'], " "))
}
