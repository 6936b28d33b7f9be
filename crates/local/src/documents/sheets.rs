//! Spreadsheets as Markdown: a heading and a table for each sheet.

use std::io::Cursor;

use calamine::{Data, Ods, Reader, Xls, Xlsx};

use super::table;

pub(super) fn markdown(media_type: &str, content: &[u8]) -> Result<String, String> {
    let content = Cursor::new(content);
    match media_type {
        "application/vnd.ms-excel" => of_book(Xls::new(content).map_err(|error| error.to_string())?),
        "application/vnd.oasis.opendocument.spreadsheet" => {
            of_book(Ods::new(content).map_err(|error| error.to_string())?)
        }
        _ => of_book(Xlsx::new(content).map_err(|error| error.to_string())?),
    }
}

fn of_book<'a>(mut book: impl Reader<Cursor<&'a [u8]>>) -> Result<String, String> {
    let mut written = String::new();
    for (name, range) in book.worksheets() {
        let rows: Vec<Vec<String>> = range.rows().map(|row| row.iter().map(cell).collect()).collect();
        let Some(table) = table::of_rows(&rows) else { continue };
        if !written.is_empty() {
            written.push('\n');
        }
        written.push_str(&format!("## {name}\n{table}"));
    }
    if written.is_empty() { Err("the spreadsheet has no cells".to_owned()) } else { Ok(written) }
}

/// A cell as it reads: days and times written out, not as the number of days that they are stored as.
fn cell(data: &Data) -> String {
    match data {
        Data::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            if (hour, minute, second) == (0, 0, 0) {
                format!("{year:04}-{month:02}-{day:02}")
            } else {
                format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
            }
        }
        other => other.to_string(),
    }
}
