//! `workers-ai-local models` and `pull`: what can really be computed on this machine, and how to get more.

use std::error::Error;
use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::Args;
use workers_ai_inference::{Engine, Match, Options, Pull, Store};
use workers_ai_local::{Catalog, Real};

/// Where weights lie.
#[derive(Args, Debug)]
pub(crate) struct Folder {
    /// Folder of weights, one below it for each set [default: $WORKERS_AI_MODELS, else the user's cache]
    #[arg(long, value_name = "DIR", help_heading = "Real answers")]
    pub(crate) model_dir: Option<PathBuf>,
}

/// Threads of one request.
#[derive(Args, Debug)]
pub(crate) struct Computing {
    #[command(flatten)]
    pub(crate) folder: Folder,
    /// Threads that a request computes on
    #[arg(long, value_name = "NUMBER", default_value_t = 1, help_heading = "Real answers")]
    pub(crate) threads: usize,
}

/// Which set to get.
#[derive(Args, Debug)]
pub(crate) struct Wanted {
    /// A model's id, or the name of a set of weights; `models` lists both
    model: String,
    /// Another hub than Hugging Face [default: $WORKERS_AI_MODELS_HUB, else $HF_ENDPOINT]
    #[arg(long, value_name = "URL")]
    hub: Option<String>,
    #[command(flatten)]
    folder: Folder,
}

type Done<T> = Result<T, Box<dyn Error>>;

impl Folder {
    fn store(&self) -> Done<Store> {
        Ok(match &self.model_dir {
            Some(folder) => Store::new(folder),
            None => Store::from_env()?,
        })
    }
}

impl Computing {
    /// Whoever answers with real weights.
    pub(crate) fn real(&self, seed: u64) -> Done<Real> {
        let engine = Engine::new(self.folder.store()?, Options::default().threads(self.threads));
        Ok(Real::new(engine).seed(seed))
    }
}

/// Says of every model whether it would be answered exactly, by a substitute, or not at all.
pub(crate) fn models(folder: &Folder) -> Done<()> {
    let (store, catalog) = (folder.store()?, Catalog::embedded()?);
    let mut out = io::stdout().lock();
    writeln!(out, "weights in {}", store.folder().display())?;
    for model in catalog.live() {
        let Some(task) = Real::task(model) else { continue };
        let standing = match store.lookup(model.id(), task) {
            Some(found) => format!("{} ({})", found.matched, found.weights.name),
            None => {
                let mut could: Vec<_> = store.candidates(model.id(), task).collect();
                could.sort_by_key(|(_, matched)| std::cmp::Reverse(*matched));
                could.first().map_or_else(
                    || "none".to_owned(),
                    |(weights, matched)| format!("none; {matched} with: pull {}", weights.name),
                )
            }
        };
        writeln!(out, "  {:<52} {standing}", model.id())?;
    }
    Ok(())
}

/// Fetches the weights of a model, the nearest there are.
pub(crate) fn pull(wanted: &Wanted) -> Done<()> {
    let store = wanted.folder.store()?;
    let name = named(&store, &wanted.model)?;
    let how = wanted.hub.as_ref().map_or_else(Pull::default, |hub| Pull::default().hub(hub));
    let mut shown = String::new();
    let folder = store.pull(&name, &how, |progress| {
        let percent = progress.total.filter(|total| *total > 0).map(|total| progress.done * 100 / total);
        let line = format!("{} {}", progress.file, percent.map_or_else(String::new, |percent| format!("{percent} %")));
        if line != shown {
            eprint!("\r{line:<60}");
            shown = line;
        }
    })?;
    eprintln!();
    writeln!(io::stdout().lock(), "{name} is in {}", folder.display())?;
    Ok(())
}

/// The set of this name, or the nearest to the model of this id.
fn named(store: &Store, wanted: &str) -> Done<String> {
    if let Some(weights) = store.known().find(|weights| weights.name == wanted) {
        return Ok(weights.name.to_owned());
    }
    let catalog = Catalog::embedded()?;
    let model = catalog.get(wanted).ok_or_else(|| format!("no model and no set of weights is called {wanted}"))?;
    let task = Real::task(model).ok_or_else(|| format!("there are no weights for models like {wanted}"))?;
    let candidates = || store.candidates(wanted, task);
    let nearest = candidates().find(|(_, matched)| *matched == Match::Exact).or_else(|| candidates().last());
    Ok(nearest
        .map(|(weights, _)| weights.name.to_owned())
        .ok_or_else(|| format!("there are no weights for {wanted}"))?)
}
