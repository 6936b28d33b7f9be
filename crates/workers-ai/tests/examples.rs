//! Every example runs to its end without an account, and says what it should.
#![cfg(feature = "all")]
#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::path::PathBuf;
use std::process::Command;
use std::sync::Once;

/// `cargo test -p workers-ai` builds the examples as well and puts them beside the tests; asked for this test alone, cargo
/// does not.
fn binary(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(|deps| deps.parent()).unwrap();
    let binary = profile.join("examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    static BUILD: Once = Once::new();
    if !binary.exists() {
        BUILD.call_once(|| {
            let arguments = ["build", "--package", "workers-ai", "--examples", "--target-dir"];
            let target = profile.parent().unwrap();
            let status = Command::new(env!("CARGO")).args(arguments).arg(target).status().unwrap();
            assert!(status.success(), "the examples do not compile");
        });
    }
    binary
}

/// Runs an example and looks for phrases in what it prints.
#[track_caller]
fn check(name: &str, phrases: &[&str]) {
    let mut command = Command::new(binary(name));
    // Whoever runs the tests may have credentials; the examples must not spend their neurons.
    for variable in ["CLOUDFLARE_API_TOKEN", "CF_API_TOKEN", "CLOUDFLARE_ACCOUNT_ID", "CF_ACCOUNT_ID"] {
        command.env_remove(variable);
    }
    let output = command.output().unwrap();
    let (said, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{name} failed\n{said}\n{complained}");
    for phrase in phrases {
        assert!(said.contains(phrase), "{name} does not say {phrase:?}\n{said}\n{complained}");
    }
}

#[test]
fn embedding() {
    check("embedding", &["5 vectors of 768 numbers", "Tides follow the moon."]);
}

#[test]
fn image() {
    check("image", &["bytes of image/jpeg", "lighthouse.jpg", "calm."]);
}

#[test]
fn speech() {
    check("speech", &["luna.", "melo.", "bytes of audio/"]);
}

#[test]
fn transcription() {
    check("transcription", &["a recording:", "whisper: ", "nova: {"]);
}

#[test]
fn batch() {
    check("batch", &["queued as ", "Loomings: 768 numbers", "The Spouter-Inn: 768 numbers"]);
}

#[test]
fn finetune() {
    let phrases =
        ["registered seafaring-", "adapter_model.safetensors: 600000 of 600000 bytes", "1 of one's own", "tuned: "];
    check("finetune", &phrases);
}

#[test]
fn markdown() {
    check("markdown", &["# Tides", "(https://example.com/moon)", "| Rotterdam | 24 |", "chart.xyz failed"]);
}

#[test]
fn chat() {
    check("chat", &["in place of glm-4.7-flash", "And at night?", "neurons"]);
}

#[test]
fn stream() {
    check("stream", &["in place of gemma-4-26b-a4b-it", "finished because: Some(Stop)"]);
}

#[test]
fn structured() {
    check("structured", &["from Delgada to Delgada", "by way of"]);
}

#[test]
fn tools() {
    check("tools", &["weather said", "tides said", "high at 04:12"]);
}

#[test]
fn switch_models() {
    let phrases = [
        "llama-3.3-70b-instruct-fp8-fast: What",
        "21 °C and clear in Porto",
        "@cf/openai/gpt-oss-120b: Is",
        "9 messages",
    ];
    check("switch_models", &phrases);
}

#[test]
fn budget() {
    check("budget", &["is 172.80 neurons", "refused: @cf/black-forest-labs/flux-1-schnell", "tomorrow: 0.00 spent"]);
}

#[test]
fn realtime_speech() {
    check("realtime_speech", &["@cf/deepgram/aura-1 speaks", "bytes of sound"]);
}

#[test]
fn realtime_transcription() {
    check("realtime_transcription", &["turn 0 begins", "answer: this is a"]);
}
