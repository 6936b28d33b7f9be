//! How fast this machine is: one embedding, one answer, one transcript.
//!
//! `RAYON_NUM_THREADS=1 CANDLE_NUM_THREADS=1 cargo run --release -p workers-ai-inference --example speed -- [speech.wav]`

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use workers_ai_inference::{
    Audio, EmbedRequest, Engine, GenerateRequest, Message, Options, Result, Store, Task, TranscribeRequest,
};

fn main() -> Result<()> {
    let engine = Engine::new(Store::from_env()?, Options::default());
    println!("weights in {}", engine.store().folder().display());
    embed(&engine)?;
    generate(&engine)?;
    if let Some(path) = std::env::args().nth(1) {
        transcribe(&engine, &path)?;
    }
    Ok(())
}

fn load(engine: &Engine, model: &str, task: Task) -> bool {
    let begun = Instant::now();
    match engine.load(model, task) {
        Ok(matched) => println!("\n{model} ({matched}), loaded in {:.0?}", begun.elapsed()),
        Err(error) => println!("\nskipped: {error}"),
    }
    engine.supports(model, task).is_some()
}

fn embed(engine: &Engine) -> Result<()> {
    let model = "@cf/baai/bge-small-en-v1.5";
    if !load(engine, model, Task::Embedding) {
        return Ok(());
    }
    let request = EmbedRequest::new(["The quick brown fox jumps."]);
    let tokens = engine.embed(model, &request)?.tokens;
    println!("embedding of {tokens} tokens: {:.1?}", best(20, || engine.embed(model, &request))?);
    let request = EmbedRequest::new(vec!["The quick brown fox jumps over the lazy dog, and then it sleeps."; 32]);
    println!("embedding of 32 such texts: {:.1?}", best(3, || engine.embed(model, &request))?);
    Ok(())
}

fn generate(engine: &Engine) -> Result<()> {
    let model = "@cf/meta/llama-3.2-1b-instruct";
    if !load(engine, model, Task::Generation) {
        return Ok(());
    }
    let mut request = GenerateRequest::chat([Message::new("user", "Tell me about the history of Paris.")]);
    request.max_tokens = 128;
    request.temperature = 0.0;
    let begun = Instant::now();
    let mut first = None;
    let reply = engine.generate(model, &request, |_| {
        first.get_or_insert_with(|| begun.elapsed());
        ControlFlow::Continue(())
    })?;
    let first = first.unwrap_or_default();
    let rate = (reply.completion_tokens - 1) as f64 / (begun.elapsed() - first).as_secs_f64();
    println!(
        "first of {} tokens after {first:.0?} ({} read), then {rate:.1} a second",
        reply.completion_tokens, reply.prompt_tokens
    );
    println!("{}", reply.text);
    Ok(())
}

fn transcribe(engine: &Engine, path: &str) -> Result<()> {
    let model = "@cf/openai/whisper-tiny-en";
    if !load(engine, model, Task::Transcription) {
        return Ok(());
    }
    let bytes = std::fs::read(path).unwrap_or_default();
    let audio = Audio::decode(bytes)?;
    let seconds = audio.seconds();
    let request = TranscribeRequest::new(audio);
    println!("{seconds:.1} seconds of speech: {:.2?}", best(3, || engine.transcribe(model, &request))?);
    println!("{}", engine.transcribe(model, &request)?.vtt());
    Ok(())
}

/// The shortest time of several.
fn best<T>(times: usize, work: impl Fn() -> Result<T>) -> Result<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..times {
        let begun = Instant::now();
        work()?;
        best = best.min(begun.elapsed());
    }
    Ok(best)
}
