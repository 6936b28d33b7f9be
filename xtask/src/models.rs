//! `cargo xtask models`: the catalogue as a table.

use std::process::ExitCode;

use anyhow::Result;
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use serde::Serialize;
use serde_json::Value;

use crate::catalogue::canonical;
use crate::catalogue::index::{Catalogue, Entry};
use crate::catalogue::model::{Model, Price};
use crate::output;
use crate::workspace::Workspace;

/// Prints the catalogue.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Only models of this task or modality, such as text-embeddings.
    #[arg(long)]
    task: Option<String>,
    /// Leave out what has been retired.
    #[arg(long)]
    live: bool,
    /// How to print it.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A table for people.
    Table,
    /// An array of objects, for programs.
    Json,
}

/// A row of the table.
#[derive(Debug, Serialize)]
struct Row {
    model: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    task: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modality: Option<String>,
    /// Named in the project's brief.
    headline: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    context_window: Option<u64>,
    /// The headline figure, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    headline_context_window: Option<u64>,
    /// Whether feed and brief both state a context window, and not the same.
    context_window_differs: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    requests_per_minute: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requests_per_hour: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requests_per_day: Option<u32>,
    prices: Vec<Price>,
    flags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<String>,
    first_seen: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    gone_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    planned_deprecation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unbound: Option<String>,
}

/// Runs the verb.
pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<ExitCode> {
    let catalogue = Catalogue::read(&workspace.schemas())?;
    let mut rows: Vec<Row> =
        catalogue.index.models.iter().map(|(id, entry)| row(id, entry, catalogue.models.get(id))).collect();
    rows.retain(|row| {
        let is_wanted = |task: &String| [&row.task, &row.modality].iter().any(|name| name.as_ref() == Some(task));
        arguments.task.as_ref().is_none_or(is_wanted) && !(arguments.live && row.gone_by.is_some())
    });
    rows.sort_by(|a, b| (&a.task, &a.model).cmp(&(&b.task, &b.model)));
    match arguments.format {
        Format::Table => output::print(&table(&rows))?,
        Format::Json => output::print(&canonical::to_pretty(&rows)?)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn row(id: &str, entry: &Entry, model: Option<&Model>) -> Row {
    let context_window = model.and_then(|model| model.properties.get("context_window")?.as_u64());
    let headline = model.and_then(|model| model.headline.as_ref());
    let headline_context_window = headline.and_then(|headline| headline.context_window);
    let per_minute = model.and_then(|model| model.limits.as_ref()).map(|limits| limits.requests_per_minute);
    let is_set = |value: &Value| *value == Value::Bool(true);
    Row {
        model: id.to_owned(),
        task: model.map(|model| model.task.clone()),
        modality: entry.modality.clone(),
        headline: headline.is_some(),
        context_window,
        headline_context_window,
        context_window_differs: matches!((context_window, headline_context_window), (Some(feed), Some(brief)) if feed != brief),
        requests_per_minute: per_minute,
        requests_per_hour: per_minute.map(|limit| limit * 60),
        requests_per_day: per_minute.map(|limit| limit * 60 * 24),
        prices: model.map(|model| model.prices.clone()).unwrap_or_default(),
        flags: model
            .map(|model| {
                model.properties.iter().filter(|(_, value)| is_set(value)).map(|(name, _)| name.clone()).collect()
            })
            .unwrap_or_default(),
        created_at: model.and_then(|model| model.created_at.as_ref()).map(ToString::to_string),
        first_seen: entry.first_seen.to_string(),
        gone_by: entry.gone_by.as_ref().map(ToString::to_string),
        planned_deprecation: model
            .and_then(|model| model.lifecycle.planned_deprecation.as_ref())
            .map(ToString::to_string),
        unbound: entry.unbound.clone(),
    }
}

fn table(rows: &[Row]) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(["model", "task", "context", "RPM", "RPH", "RPD", "price", "neurons", "flags", "dates"]);
    for row in rows {
        table.add_row([
            format!("{}{}", if row.headline { "★ " } else { "" }, row.model),
            row.task.clone().unwrap_or_default(),
            context(row),
            number(row.requests_per_minute.map(u64::from)),
            number(row.requests_per_hour.map(u64::from)),
            number(row.requests_per_day.map(u64::from)),
            lines(&row.prices, price),
            lines(&row.prices, |price| price.neurons.map(|neurons| neurons.to_string()).unwrap_or_default()),
            row.flags.join("\n"),
            dates(row),
        ]);
    }
    for column in [2, 3, 4, 5, 7] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    format!("{table}\n{}", legend(rows))
}

fn legend(rows: &[Row]) -> String {
    let live = rows.iter().filter(|row| row.gone_by.is_none()).count();
    let mut legend = format!("{} models, {live} of them live", rows.len());
    if rows.iter().any(|row| row.headline) {
        legend.push_str("; ★ named in the project's brief");
    }
    if rows.iter().any(|row| row.context_window_differs) {
        legend.push_str("; ≠ the announced context window, where it is not the published one");
    }
    legend.push('\n');
    legend
}

fn context(row: &Row) -> String {
    let published = number(row.context_window);
    match row.headline_context_window {
        Some(_) if row.context_window_differs => format!("{published}\n≠ {}", number(row.headline_context_window)),
        Some(_) if row.context_window.is_none() => format!("({})", number(row.headline_context_window)),
        _ => published,
    }
}

fn price(price: &Price) -> String {
    format!("${} / {}", price.usd, price.unit.trim_start_matches("per_").replace('_', " "))
}

fn lines(prices: &[Price], words: impl Fn(&Price) -> String) -> String {
    prices.iter().map(words).collect::<Vec<_>>().join("\n")
}

fn dates(row: &Row) -> String {
    let mut lines = Vec::new();
    lines.extend(row.created_at.as_ref().map(|date| format!("created {date}")));
    lines.push(format!("seen {}", row.first_seen));
    lines.extend(row.planned_deprecation.as_ref().map(|date| format!("leaves {date}")));
    lines.extend(row.gone_by.as_ref().map(|date| format!("gone by {date}")));
    lines.extend(row.unbound.as_ref().map(|_| "no types".to_owned()));
    lines.join("\n")
}

/// A number with its thousands apart.
fn number(number: Option<u64>) -> String {
    let Some(number) = number else { return String::new() };
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(number(Some(1_036_800)), "1,036,800");
        assert_eq!(number(Some(300)), "300");
        assert_eq!(number(None), "");
    }
}
