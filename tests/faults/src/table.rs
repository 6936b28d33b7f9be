//! The table as it is committed: written by several tests, each of which knows only its own columns.

use std::{collections::BTreeMap, env, fmt::Write as _, fs, path::PathBuf};

use crate::ALL;

/// The columns, in their order.
const COLUMNS: &[&str] = &[
    "plain",
    "stream",
    "binary",
    "multipart",
    "batch: enqueue",
    "batch: poll",
    "session",
    "fetch: API",
    "fetch: feed",
];

const COMMAND: &str = "UPDATE_FAULTS=1 cargo test -p workers-ai-faults -p xtask --test matrix --test faults";

const INTRODUCTION: &str = "\
# What a caller gets when something goes wrong

Every way of failing (a row) is played by a raw server on loopback to every way of calling (a column), and this is what came \
out. The tests that write this table hold every cell against it, and demand of each besides: that it ends, that no \
connection and no task is left behind, that nothing panics, that no reply is charged to the budget twice, that no text which \
had arrived is lost, that the token goes to no other host, and that memory stays small where much is sent.

To make it again, after a change that is meant:

```sh
UPDATE_FAULTS=1 cargo test -p workers-ai-faults -p xtask --test matrix --test faults
```

Without the variable the same command, like every run of all tests, compares. Rows are in `src/faults/`, columns in \
`matrix/columns/` and, for `cargo xtask fetch`, in `xtask/tests/faults/`.

The first table is the short form: what the caller gets, and after how many attempts where there was more than one. Below \
it each fault has a table of its own:

- **what the caller gets**, when the fault lasts: the predicates of the error that are true, its status and code, and its \
message;
- **attempts**: how many there were, and what was waited for in between. *Backoff* is a random time of at most 0.5, 1 and \
2 seconds, *the next minute* one of at most 8, 16 and 32, *as asked* what `Retry-After` says and up to a quarter more. \
`fetch` makes at most 5;
- **kept**: what the caller has of an answer that broke off;
- **charged**: how often the budget counted a reply, of how many that the service began;
- **when it passes**: what the caller gets when only the first request meets the fault.

The client of the columns has a `timeout` and an `idle_timeout` of less than a second where patience is tested, and a \
`max_reply` of 4 MiB, where three minutes, two and 256 MiB are what holds unless set; sessions have no idle timeout of their own.
";

/// What became of one fault in one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// It was played.
    Played(Row),
    /// It cannot happen there.
    Spared(String),
}

/// What came out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// In a word or two.
    pub short: String,
    /// What the caller gets.
    pub got: String,
    /// How many attempts, and what was waited for.
    pub attempts: String,
    /// What is left of an answer.
    pub kept: String,
    /// How many replies the budget counted.
    pub charged: String,
    /// What the caller gets when only the first request meets the fault.
    pub passing: String,
}

/// The cells, by fault and column.
pub struct Table {
    cells: BTreeMap<(&'static str, &'static str), Cell>,
    ours: Vec<&'static str>,
}

impl Table {
    /// The committed table, in which the cells of these columns are to be replaced.
    ///
    /// # Panics
    ///
    /// When there is no such column.
    pub fn of(columns: &[&'static str]) -> Self {
        for column in columns {
            assert!(COLUMNS.contains(column), "{column} is no column");
        }
        let mut cells = read(&fs::read_to_string(path()).unwrap_or_default());
        cells.retain(|(_, column), _| !columns.contains(column));
        Self { cells, ours: columns.to_vec() }
    }

    /// Sets a cell of one's own.
    ///
    /// # Panics
    ///
    /// When the column is somebody else's.
    pub fn set(&mut self, fault: &'static str, column: &'static str, cell: Cell) {
        assert!(self.ours.contains(&column), "{column} is not tested here");
        self.cells.insert((fault, column), cell);
    }

    /// Compares with the committed table, or writes it where `UPDATE_FAULTS` is set.
    ///
    /// # Panics
    ///
    /// When a cell is not what the table says.
    #[track_caller]
    #[expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
    pub fn compare(&self) {
        let text = self.render();
        if env::var_os("UPDATE_FAULTS").is_some() {
            fs::write(path(), text).expect("the table can be written");
            return;
        }
        let committed = fs::read_to_string(path()).unwrap_or_default();
        if committed == text {
            return;
        }
        let before = read(&committed);
        let mut differences = String::new();
        for (place, cell) in &self.cells {
            let was = before.get(place);
            if was != Some(cell) {
                let _ = writeln!(differences, "{} / {}\n  was {was:?}\n  now {cell:?}", place.0, place.1);
            }
        }
        panic!("the table is not what comes out; if that is meant: {COMMAND}\n{differences}");
    }

    fn render(&self) -> String {
        let mut text = format!("{INTRODUCTION}\n## In short\n\n| fault | {} |\n", COLUMNS.join(" | "));
        let _ = writeln!(text, "|---|{}", "---|".repeat(COLUMNS.len()));
        for fault in ALL {
            let shorts = COLUMNS.iter().map(|column| match self.cells.get(&(fault.name, *column)) {
                Some(Cell::Played(row)) => row.short.clone(),
                Some(Cell::Spared(_)) => "–".to_owned(),
                None => "?".to_owned(),
            });
            let _ = writeln!(text, "| {} | {} |", fault.name, shorts.collect::<Vec<_>>().join(" | "));
        }
        for fault in ALL {
            let _ = write!(
                text,
                "\n## {}\n\n{}\n\n| call | in short | what the caller gets | attempts | kept | charged | when it passes |\n|---|---|---|---|---|---|---|\n",
                fault.name, fault.what
            );
            for column in COLUMNS {
                let fields = match self.cells.get(&(fault.name, *column)) {
                    Some(Cell::Played(row)) => {
                        [&row.short, &row.got, &row.attempts, &row.kept, &row.charged, &row.passing].map(String::as_str)
                    }
                    Some(Cell::Spared(reason)) => ["–", reason, "", "", "", ""],
                    None => ["?", "not tested yet", "", "", "", ""],
                };
                let _ = writeln!(text, "| {column} | {} |", fields.join(" | "));
            }
        }
        text
    }
}

/// The cells of a table as it was written.
fn read(text: &str) -> BTreeMap<(&'static str, &'static str), Cell> {
    let mut cells = BTreeMap::new();
    let mut fault = None;
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("## ") {
            fault = ALL.iter().find(|fault| fault.name == name).map(|fault| fault.name);
        }
        let fields = line.strip_prefix("| ").and_then(|line| line.strip_suffix(" |")).map(|line| line.split(" | "));
        let fields: Vec<&str> = fields.into_iter().flatten().collect();
        let (Some(fault), [column, short, got, attempts, kept, charged, passing]) = (fault, fields.as_slice()) else {
            continue;
        };
        let Some(column) = COLUMNS.iter().find(|known| *known == column) else { continue };
        let [short, got, attempts, kept, charged, passing] =
            [short, got, attempts, kept, charged, passing].map(|field| (*field).to_owned());
        let cell = match short.as_str() {
            "?" => continue,
            "–" => Cell::Spared(got),
            _ => Cell::Played(Row { short, got, attempts, kept, charged, passing }),
        };
        cells.insert((fault, *column), cell);
    }
    cells
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("MATRIX.md")
}
