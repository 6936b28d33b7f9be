//! Asks `cargo check` about cases, each as a program of one scratch package.

use std::{
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use crate::cases::Case;

/// What the compiler says about one case.
#[derive(Clone, Default)]
pub(crate) struct Verdict {
    /// Whether there was an error.
    pub(crate) refused: bool,
    /// Everything said, as people see it.
    pub(crate) messages: String,
}

impl Verdict {
    /// Whether this is among what is said, however the lines are broken.
    pub(crate) fn says(&self, phrase: &str) -> bool {
        one_line(&self.messages).contains(&one_line(phrase))
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What cases may use: this package's own dependencies, but for those of the harness. They lie here for the scratch
/// package, and in `Cargo.toml` for trybuild.
const DEPENDENCIES: &str = r#"
[dependencies]
serde_json = "1"
workers-ai = { path = "$WORKSPACE/crates/workers-ai", default-features = false, features = ["all"] }
workers-ai-ui-fixture = { path = "$WORKSPACE/tests/ui/fixture" }
"#;

/// The first line of what rustc says about itself, as `rustc --version` prints it.
pub(crate) fn version() -> String {
    about_rustc().lines().next().unwrap_or_default().to_owned()
}

/// The target that rustc compiles for unless told otherwise.
fn host() -> String {
    about_rustc().lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default().to_owned()
}

fn about_rustc() -> String {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("-vV").output().expect("rustc compiled this test");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Compiles the cases and sorts what is said by case, in their order.
pub(crate) fn check(cases: &[Case]) -> Vec<Verdict> {
    let folder = cases.first().and_then(|case| case.path.parent()).and_then(Path::file_name).unwrap_or_default();
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui").join(folder);
    write_package(&scratch, cases);
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(&scratch)
        .args(["check", "--bins", "--keep-going", "--offline", "--quiet", "--message-format=json"])
        // The folder of trybuild, and a target named as it does: the generator, which is most of what has to be
        // compiled, is then compiled once for both.
        .env("CARGO_TARGET_DIR", target().join("tests/trybuild"))
        .args(["--target", &host()])
        .env("CARGO_INCREMENTAL", "0")
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo runs this test");
    let stdout = String::from_utf8_lossy(&output.stdout);
    let messages: Vec<Message> = stdout.lines().filter_map(Message::read).collect();
    let mut verdicts = vec![None; cases.len()];
    for message in &messages {
        let about = cases.iter().position(|case| case.name == message.target);
        if let Some(verdict) = about.and_then(|index| verdicts.get_mut(index)) {
            let verdict = verdict.get_or_insert_with(Verdict::default);
            verdict.refused |= message.is_error;
            verdict.messages.push_str(&message.rendered);
        }
    }
    // Where a dependency does not compile cargo looks at no case, and the reason is among these.
    let verdicts: Option<Vec<_>> = verdicts.into_iter().collect();
    verdicts.unwrap_or_else(|| {
        let errors: String =
            messages.iter().filter(|message| message.is_error).map(|message| &*message.rendered).collect();
        unreachable!("cargo did not look at every case:\n{}{errors}", String::from_utf8_lossy(&output.stderr))
    })
}

/// What cargo says about one target: a message of the compiler, or that the target is done.
struct Message {
    target: String,
    is_error: bool,
    rendered: String,
}

impl Message {
    fn read(line: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(line).ok()?;
        let text = |pointer| value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let target = text("/target/name");
        Some(Self { target, is_error: text("/message/level") == "error", rendered: text("/message/rendered") })
    }
}

fn write_package(scratch: &Path, cases: &[Case]) {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let workspace = workspace.canonicalize().expect("this package lies in the workspace");
    let mut manifest =
        "[package]\nname = \"workers-ai-ui-scratch\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n"
            .to_owned();
    manifest.push_str(&DEPENDENCIES.replace("$WORKSPACE", &workspace.to_string_lossy().replace('\\', "/")));
    for case in cases {
        // JSON's strings are TOML's.
        let (name, path) = (Value::from(case.name.as_str()), Value::from(case.path.to_string_lossy()));
        let _ = write!(manifest, "\n[[bin]]\nname = {name}\npath = {path}\n");
    }
    fs::create_dir_all(scratch).expect("the scratch folder can be made");
    fs::write(scratch.join("Cargo.toml"), manifest).expect("the manifest can be written");
    fs::copy(workspace.join("Cargo.lock"), scratch.join("Cargo.lock")).expect("the workspace is locked");
}

/// The target folder that this test was compiled into.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}
