//! Rows as Markdown, and numbers as people read them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::machine::Measured;
use super::row::{Aim, Better, Row, Spread, Subject};
use super::rows::{Declared, Source};

/// The page that is kept beside the benches.
pub(crate) fn page(rows: &[Row]) -> String {
    let mut page = String::from(
        "# Measured against peers\n\n\
         Written by `cargo xtask bench --write`. Subjects take turns, A B A B …; numbers are medians with the least and the most of all\n\
         rounds. The ratio is ours to the best peer's, or to that of the peer whom the aim names.\n\n",
    );
    page.push_str(&markdown(rows));
    page.push_str("\n## When and where\n\n");
    let mut measured: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for row in rows {
        let when = row.measured.as_ref().map_or_else(|| "unknown".to_owned(), sentence);
        measured.entry(when).or_default().push(&row.row);
    }
    for (when, rows) in measured {
        // Writing to a String cannot fail.
        let _ = writeln!(page, "- {when}: {}", rows.join(", "));
    }
    page
}

fn sentence(measured: &Measured) -> String {
    let machine = &measured.machine;
    format!(
        "{}, {}, {} × {}, {}, {}",
        measured.date, measured.rustc, machine.cores, machine.processor, machine.memory, machine.kernel
    )
}

/// The table by itself.
pub(crate) fn markdown(rows: &[Row]) -> String {
    let mut table =
        String::from("| row | what | ours | peers | ratio | aim | holds |\n|---|---|---|---|---:|---:|---|\n");
    for row in rows {
        let subject = |subject: &Subject| subject.spread().map(|spread| spread_in(spread, &row.unit));
        let ours = row.ours().and_then(subject).unwrap_or_default();
        let peers: Vec<String> = row
            .peers()
            .map(|peer| {
                let version = peer.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
                format!("{}{version}: {}", peer.name, subject(peer).unwrap_or_default())
            })
            .collect();
        let ratio = row.ratio().map(plain).unwrap_or_default();
        let aim = row.aim.as_ref().map(|aim| aim_in(aim, row.better, &row.unit)).unwrap_or_default();
        let holds = row.holds().map_or("", |holds| if holds { "yes" } else { "**no**" });
        let _ = writeln!(
            table,
            "| {} | {} | {ours} | {} | {ratio} | {aim} | {holds} |",
            row.row,
            row.what,
            peers.join("<br>")
        );
    }
    table
}

/// What is declared, before anything is measured.
pub(crate) fn list(rows: &[&Declared]) -> String {
    let mut list = String::new();
    for declared in rows {
        let aim = declared.goal.aim().map(|aim| aim_in(&aim, declared.goal.better(), "")).unwrap_or_default();
        let source = match declared.source {
            Source::Build(_) => "cold builds of tests/peers".to_owned(),
            Source::Criterion(bench) => format!("criterion bench {bench}"),
            Source::Program(program) => format!("program {}", program.name()),
        };
        let _ = writeln!(list, "{:<22} {}\n{:22} against {}", declared.row, declared.what, "", declared.against);
        let _ = writeln!(list, "{:22} {}{source}", "", if aim.is_empty() { aim } else { format!("aim {aim}; ") });
    }
    list
}

fn aim_in(aim: &Aim, better: Better, unit: &str) -> String {
    let sign = match better {
        Better::Lower => '≤',
        Better::Higher => '≥',
    };
    match aim {
        Aim::Ratio(ratio) => format!("{sign} {}", plain(*ratio)),
        Aim::Against { peer, ratio } => format!("{sign} {} × {peer}", plain(*ratio)),
        Aim::Value(value) => format!("{sign} {}", quantity(*value, unit)).trim_end().to_owned(),
    }
}

/// `81.2 s (79.0–84.1)`; without the ends where they are the middle.
fn spread_in(spread: Spread, unit: &str) -> String {
    let (factor, unit) = scale(spread.median, unit);
    let [median, least, most] = [spread.median, spread.least, spread.most].map(|number| significant(number / factor));
    let ends = if least == most { String::new() } else { format!(" ({least}–{most})") };
    format!("{median} {unit}{ends}")
}

fn quantity(number: f64, unit: &str) -> String {
    let (factor, unit) = scale(number, unit);
    format!("{} {unit}", significant(number / factor))
}

/// The unit in which a number reads well, and how much of the first unit it is.
fn scale(number: f64, unit: &str) -> (f64, &str) {
    let steps: &[(f64, &str)] = match unit {
        "ns" => &[(1e9, "s"), (1e6, "ms"), (1e3, "µs")],
        "bytes" => &[(1e9, "GB"), (1e6, "MB"), (1e3, "kB")],
        "bytes per second" => &[(1e9, "GB/s"), (1e6, "MB/s"), (1e3, "kB/s")],
        _ => &[],
    };
    steps.iter().find(|(size, _)| number >= *size).copied().unwrap_or((1.0, unit))
}

/// A ratio: 1.001 is not 1, and 0.005 is not enough of 0.00512.
fn plain(ratio: f64) -> String {
    if ratio < 0.1 {
        return significant(ratio);
    }
    let text = format!("{ratio:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Three significant digits, or all before the point, with thousands apart.
fn significant(number: f64) -> String {
    if number == 0.0 || !number.is_finite() {
        return number.to_string();
    }
    #[expect(clippy::cast_possible_truncation, reason = "a logarithm of a finite number is small")]
    let magnitude = number.abs().log10().floor() as i32;
    let digits = usize::try_from(2 - magnitude).unwrap_or(0);
    let text = format!("{number:.digits$}");
    // An aim of 0.8 is not one of 0.800.
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let groups: Vec<&str> =
        whole.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    format!("{}{}", groups.join(","), fraction.map(|fraction| format!(".{fraction}")).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::super::machine::Machine;
    use super::*;

    fn row() -> Row {
        let text = r#"{"row":"build.modality","what":"cold build","unit":"CPU s","better":"lower","subjects":[
            {"name":"workers-ai","samples":[79.04,80.5,87]},
            {"name":"async-openai","version":"0.43.0","samples":[104,104,104]}],"aim":{"ratio":0.8}}"#;
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_row_shows_medians_spreads_ratio_and_whether_the_aim_holds() {
        let table = markdown(&[row()]);
        assert_eq!(
            table.lines().last().unwrap(),
            "| build.modality | cold build | 80.5 CPU s (79–87) | async-openai 0.43.0: 104 CPU s | 0.774 | ≤ 0.8 | yes |"
        );
    }

    #[test]
    fn rows_of_one_day_and_machine_share_a_line() {
        let machine =
            Machine { processor: "Chip".into(), cores: 2, memory: "8 GiB".into(), kernel: "linux 6.1".into() };
        let measured = Measured { date: "2026-11-26".into(), rustc: "rustc 1.95.0".into(), machine };
        let first = Row { measured: Some(measured), ..row() };
        let second = Row { row: "build.packaged".into(), ..first.clone() };
        let page = page(&[first, second]);
        let line = "- 2026-11-26, rustc 1.95.0, 2 × Chip, 8 GiB, linux 6.1: build.modality, build.packaged";
        assert_eq!(page.lines().last().unwrap(), line);
    }

    #[test]
    fn numbers_have_the_unit_and_the_digits_that_read_well() {
        assert_eq!(quantity(1_234_567.0, "ns"), "1.23 ms");
        assert_eq!(quantity(25_000_000.0, "bytes"), "25 MB");
        assert_eq!(quantity(1_234_567.0, "per second"), "1,234,567 per second");
        assert_eq!(significant(0.001_234), "0.00123");
        assert_eq!(significant(1.0), "1");
        assert_eq!([1.001, 0.8, 0.005_123].map(plain), ["1.001", "0.8", "0.00512"]);
    }
}
