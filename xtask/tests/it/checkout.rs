//! A small checkout in a temporary folder, and the program run on it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

/// A checkout with empty rooms for a few modalities.
pub(crate) struct Checkout {
    folder: tempfile::TempDir,
}

/// What a run printed, and whether it succeeded.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) ok: bool,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Checkout {
    /// A folder with nothing in it.
    pub(crate) fn bare() -> Self {
        let checkout = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(checkout.path("schemas")).unwrap();
        checkout
    }

    pub(crate) fn new() -> Self {
        let checkout = Self::bare();
        for modality in ["text-generation", "translation"] {
            checkout.room(modality);
        }
        checkout.write(
            "crates/workers-ai/Cargo.toml",
            "[features]\n# modalities: begin\ntext-generation = [\"dep:workers-ai-text-generation\"]\n\
             translation = [\"dep:workers-ai-translation\"]\n# modalities: end\n",
        );
        checkout.write(
            "crates/workers-ai/src/lib.rs",
            "//! Everything.\n\n// modalities: begin\n#[cfg(feature = \"text-generation\")]\n\
             pub use workers_ai_text_generation as text_generation;\n// modalities: end\n",
        );
        checkout.write(
            "crates/text-generation/Cargo.toml",
            "[package]\nname = \"workers-ai-text-generation\"\n\
             description = \"Typed bindings for the text generation models.\"\n",
        );
        checkout.write("crates/text-generation/src/lib.rs", "include!(concat!(env!(\"OUT_DIR\"), \"/models.rs\"));\n");
        checkout.write("schemas/translation/overlays/mine.json", "{}\n");
        checkout
    }

    /// A crate that takes its schemas through a link.
    pub(crate) fn room(&self, modality: &str) {
        let room = self.path("crates").join(modality);
        fs::create_dir_all(&room).unwrap();
        std::os::unix::fs::symlink(format!("../../schemas/{modality}"), room.join("schemas")).unwrap();
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.folder.path().join(relative)
    }

    pub(crate) fn write(&self, relative: &str, text: &str) -> PathBuf {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).unwrap_or_else(|error| format!("{relative}: {error}"))
    }

    pub(crate) fn json(&self, relative: &str) -> Value {
        serde_json::from_str(&self.read(relative)).unwrap()
    }

    /// Writes a feed outside the checkout's rooms and returns its path.
    pub(crate) fn feed(&self, name: &str, models: &[Value]) -> String {
        let path = self.write(&format!("feeds/{name}"), &json!({"models": models}).to_string());
        path.to_string_lossy().into_owned()
    }

    /// Every file of the checkout but feeds and the target folder, links as their targets.
    pub(crate) fn everything(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(self.folder.path(), self.folder.path(), &mut files);
        files.retain(|path, _| !path.starts_with("feeds/") && !path.starts_with("target/"));
        files
    }

    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, &[])
    }

    #[track_caller]
    pub(crate) fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.arg("--root").arg(self.folder.path()).args(arguments);
        for name in ["API_TOKEN", "ACCOUNT_ID", "API_BASE_URL"] {
            command.env_remove(format!("CLOUDFLARE_{name}")).env_remove(format!("CF_{name}"));
        }
        // A proxy of this machine has no business with a loopback server.
        for name in ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
            command.env_remove(name);
        }
        command.envs(variables.iter().copied());
        let Output { status, stdout, stderr } = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Ran { ok: status.success(), out: text(stdout), err: text(stderr) }
    }
}

impl Ran {
    #[track_caller]
    pub(crate) fn succeeded(self) -> String {
        assert!(self.ok, "{}{}", self.out, self.err);
        self.out
    }

    /// The error of a run that had to fail.
    #[track_caller]
    pub(crate) fn failed(self, expected: &str) -> String {
        assert!(!self.ok, "it did not fail: {}", self.out);
        assert!(self.err.contains(expected), "expected `{expected}` in: {}", self.err);
        self.err
    }
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        if path.is_symlink() {
            let target = fs::read_link(&path).unwrap();
            files.insert(name, target.to_string_lossy().into_owned().into_bytes());
        } else if path.is_dir() {
            collect(root, &path, files);
        } else {
            files.insert(name, fs::read(&path).unwrap());
        }
    }
}

/// A model of a feed.
pub(crate) fn model(id: &str, task: &str) -> Value {
    json!({
        "id": "0", "source": 1, "name": id, "description": "Prose.", "task": {"name": task, "description": "Prose."},
        "created_at": "2025-09-23 18:19:17.382", "tags": [],
        "properties": [{"property_id": "beta", "value": "true"}],
        "schema": {
            "input": {"type": "object", "required": ["prompt"], "properties": {
                "prompt": {"type": "string", "minLength": 1, "description": "Prose."}}},
            "output": {"type": "object", "properties": {"response": {"type": "string"}}}
        }
    })
}
