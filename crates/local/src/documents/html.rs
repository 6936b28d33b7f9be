//! HTML as Markdown.

use serde_json::Value;

pub(super) fn markdown(text: &str, options: &Value) -> Result<String, String> {
    if options.pointer("/html/cssSelector").is_some() {
        return Err("the option html.cssSelector needs the real service".to_owned());
    }
    let converted = plain(text)?;
    Ok(match options.pointer("/html/hostname").and_then(Value::as_str) {
        Some(host) => {
            let host = host.trim_end_matches('/');
            let host = if host.contains("://") { host.to_owned() } else { format!("https://{host}") };
            converted.replace("](/", &format!("]({host}/"))
        }
        None => converted,
    })
}

/// Without options; what other documents are written through.
pub(super) fn plain(text: &str) -> Result<String, String> {
    let converter = htmd::HtmlToMarkdown::builder().skip_tags(vec!["script", "style", "noscript", "head"]).build();
    converter.convert(text).map_err(|error| error.to_string())
}
