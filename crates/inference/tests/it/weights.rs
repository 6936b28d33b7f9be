//! The engine that all tests share, and the word that is said where weights are missing.

use std::sync::OnceLock;

use workers_ai_inference::{Engine, Options, Store, Task};

/// The engine on the user's own weights; nothing, with a line that says so, where they do not answer the model.
#[track_caller]
pub(crate) fn engine(model: &str, task: Task) -> Option<&'static Engine> {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    let engine = ENGINE.get_or_init(|| Engine::new(Store::from_env().unwrap(), Options::default()));
    let here = engine.supports(model, task);
    if here.is_none() {
        println!("skipped: weights not here ({model}; crates/inference/weights fetches them)");
    }
    here.map(|_| engine)
}
