//! Tables as Markdown; the first row is the head.

/// Comma-separated values.
pub(super) fn of_csv(content: &[u8]) -> Result<String, String> {
    let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(content);
    let mut read = Vec::new();
    for row in rows.records() {
        let row = row.map_err(|error| error.to_string())?;
        read.push(row.iter().map(str::to_owned).collect());
    }
    of_rows(&read).ok_or_else(|| "the table has no rows".to_owned())
}

/// Rows of cells; none where there are no rows.
pub(super) fn of_rows(rows: &[Vec<String>]) -> Option<String> {
    let mut table = String::new();
    let mut width = 0;
    for (number, row) in rows.iter().enumerate() {
        width = width.max(row.len());
        line(
            &mut table,
            row.iter().map(|text| cell(text)).chain(std::iter::repeat_n(String::new(), width - row.len())),
        );
        if number == 0 {
            line(&mut table, std::iter::repeat_n("---".to_owned(), width));
        }
    }
    (!table.is_empty()).then_some(table)
}

fn line(table: &mut String, cells: impl Iterator<Item = String>) {
    table.push('|');
    for cell in cells {
        table.push(' ');
        table.push_str(&cell);
        table.push_str(" |");
    }
    table.push('\n');
}

fn cell(text: &str) -> String {
    text.trim().replace('|', "\\|").replace(['\r', '\n'], " ")
}
