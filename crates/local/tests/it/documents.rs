//! PDF files, texts of word processors and spreadsheets as Markdown.

use std::io::{Cursor, Write as _};

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::api::Api;

async fn convert(name: &str, content: Vec<u8>, options: Value) -> Value {
    let api = Api::start().await;
    let form = Form::new()
        .part("files", Part::bytes(content).file_name(name.to_owned()))
        .text("conversionOptions", options.to_string());
    let body: Value = api.post("/tomarkdown").multipart(form).send().await.unwrap().json().await.unwrap();
    body["result"][0].clone()
}

fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[tokio::test]
async fn a_word_document_keeps_its_structure() {
    let document = r#"<w:document xmlns:w="w" xmlns:r="r" xmlns:mc="mc"><w:body>
        <w:p><w:pPr><w:pStyle w:val="Heading2"/></w:pPr><w:r><w:t>Tides</w:t></w:r></w:p>
        <w:p><w:pPr><w:rPr><w:b/></w:rPr></w:pPr>
          <w:r><w:t xml:space="preserve">High &amp; </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>low</w:t></w:r>
          <w:r><w:rPr><w:b w:val="0"/></w:rPr><w:t xml:space="preserve">, see </w:t></w:r>
          <w:hyperlink r:id="rId7"><w:r><w:t>the moon</w:t></w:r></w:hyperlink></w:p>
        <w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>spring</w:t></w:r></w:p>
        <w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>neap</w:t></w:r></w:p>
        <mc:AlternateContent><mc:Fallback><w:p><w:r><w:t>twice</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>
        <w:tbl><w:tr><w:tc><w:p><w:r><w:t>port</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>depth</w:t></w:r></w:p></w:tc></w:tr>
        <w:tr><w:tc><w:p><w:r><w:t>A</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>3</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
        </w:body></w:document>"#;
    let links = r#"<Relationships><Relationship Id="rId7" Target="https://example.com/moon"/></Relationships>"#;
    let content = archive(&[("word/document.xml", document), ("word/_rels/document.xml.rels", links)]);
    let found = convert("tides.docx", content, json!({})).await;
    let data = found["data"].as_str().unwrap_or_else(|| unreachable!("{found}"));
    assert!(data.starts_with("## Tides\n\nHigh & **low**, see [the moon](https://example.com/moon)\n\n"), "{data}");
    assert!(data.contains("*   spring\n*   neap") || data.contains("* spring\n* neap"), "{data}");
    let cells: String = data.chars().filter(|letter| !" -".contains(*letter)).collect();
    assert!(cells.contains("|port|depth|\n|||\n|A|3|"), "{data}");
    assert!(!data.contains("twice"));
}

#[tokio::test]
async fn an_opendocument_text_keeps_its_structure() {
    let document = r#"<office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="tb" xmlns:xlink="x"><office:body><office:text>
        <text:h text:outline-level="1">Tides</text:h>
        <text:p>See <text:a xlink:href="https://example.com">the<text:s/>moon</text:a> &lt;tonight&gt;.</text:p>
        <text:list><text:list-item><text:p>spring</text:p></text:list-item></text:list>
        </office:text></office:body></office:document-content>"#;
    let found = convert("tides.odt", archive(&[("content.xml", document)]), json!({})).await;
    let data = found["data"].as_str().unwrap_or_else(|| unreachable!("{found}"));
    assert!(data.starts_with("# Tides\n\nSee [the moon](https://example.com) \\<tonight>."), "{data}");
    assert!(data.ends_with("spring"), "{data}");
}

#[tokio::test]
async fn each_sheet_is_a_table() {
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let book = format!(
        r#"<workbook xmlns="{main}" xmlns:r="{relations}"><sheets><sheet name="Ports" sheetId="1" r:id="rId1"/></sheets></workbook>"#
    );
    let sheet = format!(
        r#"<worksheet xmlns="{main}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>port</t></is></c><c r="B1" t="inlineStr"><is><t>seen</t></is></c></row>
        <row r="2"><c r="A2" t="inlineStr"><is><t>A|B</t></is></c><c r="B2" s="1"><v>45292</v></c></row></sheetData></worksheet>"#
    );
    let styles = format!(
        r#"<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#
    );
    let links = format!(
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
    );
    let root = format!(
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let content = archive(&[
        ("_rels/.rels", &root),
        ("xl/workbook.xml", &book),
        ("xl/_rels/workbook.xml.rels", &links),
        ("xl/styles.xml", &styles),
        ("xl/worksheets/sheet1.xml", &sheet),
    ]);
    let found = convert("ports.xlsx", content, json!({})).await;
    assert_eq!(found["data"], "## Ports\n| port | seen |\n| --- | --- |\n| A\\|B | 2024-01-01 |\n", "{found}");
}

/// A PDF of one page that says this.
fn pdf(text: &str) -> Vec<u8> {
    let page = format!("BT /F1 24 Tf 72 700 Td ({text}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{page}\nendstream", page.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
        "<< /Title (Anatomy) /Producer (by hand) >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
    }
    let start = file.len();
    file.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for place in places {
        file.push_str(&format!("{place:010} 00000 n \n"));
    }
    file.push_str(&format!(
        "trailer\n<< /Size {} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    ));
    file.into_bytes()
}

#[tokio::test]
async fn a_pdf_tells_of_itself_and_of_its_pages() {
    let found = convert("body.pdf", pdf("The nerves of the skin"), json!({})).await;
    assert_eq!(
        found["data"],
        "# body.pdf\n## Metadata\n- PDFFormatVersion=1.4\n- Title=Anatomy\n- Producer=by hand\n\n\n## Contents\n### Page 1\nThe nerves of the skin\n\n",
        "{found}"
    );
    let found = convert("body.pdf", pdf("The nerves"), json!({"pdf": {"metadata": false}})).await;
    assert_eq!(found["data"], "# body.pdf\n\n## Contents\n### Page 1\nThe nerves\n\n");
}

#[tokio::test]
async fn damaged_files_fail_by_themselves() {
    let whole = pdf("The nerves");
    let cut = whole.get(..whole.len() / 2).unwrap().to_vec();
    for (name, content) in [
        ("a.pdf", b"%PDF-1.4".to_vec()),
        ("b.pdf", cut),
        ("c.docx", b"PK".to_vec()),
        ("d.docx", archive(&[("word/other.xml", "")])),
        ("e.docx", archive(&[("word/document.xml", "<w:p><w:r></w:p>")])),
        ("f.xlsx", archive(&[("xl/workbook.xml", "?")])),
        ("g.odt", Vec::new()),
    ] {
        let found = convert(name, content, json!({})).await;
        assert_eq!(found["format"], "error", "{found}");
        assert!(found["error"].as_str().is_some_and(|reason| !reason.is_empty()), "{found}");
    }
}
