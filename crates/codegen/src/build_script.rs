//! What build scripts call: a folder of schemas in, a file in `$OUT_DIR` out.

use std::path::{Path, PathBuf};
use std::{env, fs, process};

use crate::emit::{Options, generate};
use crate::modality::load;

/// Generates the bindings of the modality crate whose build script is running.
///
/// Reads `schemas/` beside the crate's manifest and writes `models.rs` into `OUT_DIR`; the modality is the package's name
/// without `workers-ai-`. Where that fails it prints every
/// reason and ends the process, as a build script should.
pub fn build() {
    Builder::of_modality(&env::var("CARGO_PKG_NAME").unwrap_or_default()).build();
}

/// Generates bindings for models of your own, from your own build script.
///
/// ```no_run
/// // build.rs; the calls are `client.house_models()…`, after the folder's name
/// workers_ai_codegen::Builder::new("schemas/house-models").file("house_models.rs").build();
/// ```
///
/// ```ignore
/// // src/lib.rs
/// include!(concat!(env!("OUT_DIR"), "/house_models.rs"));
/// ```
///
/// The folder holds a file for each model, below folders such as `@acme/`, and corrections in `overlays/`. What is
/// generated names the crates `workers-ai-client`, `serde` and `serde_json`.
#[derive(Clone, Debug)]
pub struct Builder {
    schemas: PathBuf,
    name: Option<String>,
    file: String,
    options: Options,
}

impl Builder {
    /// Bindings for a folder of schemas, given relative to the crate's manifest.
    #[must_use]
    pub fn new(schemas: impl Into<PathBuf>) -> Self {
        Self { schemas: schemas.into(), name: None, file: "models.rs".to_owned(), options: Options::default() }
    }

    /// What [`build`] generates for the modality crate of this name, which has its folder of schemas beside its manifest.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), String> {
    /// let crate_folder = std::path::Path::new("crates/text-embeddings");
    /// println!("{}", workers_ai_codegen::Builder::of_modality("workers-ai-text-embeddings").generate(crate_folder)?);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn of_modality(package: &str) -> Self {
        // In a checkout `schemas` is a link to the modality's folder, in a package a folder of just that name.
        let options = Options { home: Some(package.replace('-', "_")), ..Options::default() };
        Self::new("schemas").name(package.strip_prefix("workers-ai-").unwrap_or(package)).options(options)
    }

    /// Calls the models together something else than their folder.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The file written into `OUT_DIR`; `models.rs` unless told.
    #[must_use]
    pub fn file(mut self, file: impl Into<String>) -> Self {
        self.file = file.into();
        self
    }

    /// How the bindings are written.
    #[must_use]
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Writes the bindings. Where that fails it prints every reason and ends the process, as a build script should.
    pub fn build(&self) {
        if let Err(reason) = self.try_build() {
            for line in reason.lines() {
                println!("cargo::error={line}");
            }
            process::exit(1);
        }
    }

    /// The bindings as text, for a crate whose manifest is in this folder.
    ///
    /// # Errors
    ///
    /// Every reason why there are none, one a line.
    pub fn generate(&self, crate_folder: &Path) -> Result<String, String> {
        let schemas = crate_folder.join(&self.schemas);
        check_link(&schemas)?;
        let mut modality = load(&schemas).map_err(|problems| problems.to_string())?;
        if let Some(name) = &self.name {
            modality.name.clone_from(name);
        }
        generate(&modality, &self.options).map_err(|problems| problems.to_string())
    }

    fn try_build(&self) -> Result<(), String> {
        let out = PathBuf::from(variable("OUT_DIR")?).join(&self.file);
        println!("cargo::rerun-if-changed={}", self.schemas.display());
        let rust = self.generate(Path::new(&variable("CARGO_MANIFEST_DIR")?))?;
        fs::write(&out, rust).map_err(|error| format!("{}: {error}", out.display()))
    }
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|error| format!("{name}: {error}; this belongs in a build script"))
}

/// A checkout without symlinks leaves a small text file where the link should be.
fn check_link(schemas: &Path) -> Result<(), String> {
    if schemas.is_dir() {
        return Ok(());
    }
    let reason = if schemas.is_file() { LINKS } else { "there is nothing of that name" };
    Err(format!("{} is not a folder: {reason}", schemas.display()))
}

/// What to do about a checkout without symlinks.
const LINKS: &str = "this checkout has no symbolic links; on Windows turn on developer mode, then run \
    `git config core.symlinks true` and `git checkout -- crates`";
