//! From the name of a task to the name of a modality, which is a folder, a crate and a feature.

use anyhow::{Result, ensure};

use super::id::printable;

/// The kebab-case modality of a task: `Text Generation` is `text-generation`.
pub(crate) fn modality(task: &str) -> Result<String> {
    // The feed still calls the task of smart-turn by the name it had before it had one.
    if task == "Dumb Pipe" {
        return Ok("voice-activity-detection".to_owned());
    }
    let words: Vec<String> = task
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let name = words.join("-");
    let tame = task.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" -_".contains(&byte));
    ensure!(
        tame && !name.is_empty() && name.len() <= 60 && name.starts_with(|c: char| c.is_ascii_lowercase()),
        "`{}` cannot be the name of a task: expected a few words of letters and digits",
        printable(task)
    );
    Ok(name)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    #[test]
    fn tasks_become_modalities() {
        assert_eq!(modality("Text-to-Image").unwrap(), "text-to-image");
        assert_eq!(modality("Automatic Speech Recognition").unwrap(), "automatic-speech-recognition");
        assert_eq!(modality("Dumb Pipe").unwrap(), "voice-activity-detection");
        assert_eq!(modality("Video Generation").unwrap(), "video-generation");
    }

    #[test]
    fn hostile_tasks_are_refused() {
        for task in ["", "../..", "a/b", "x\"]\nname", "7 wonders", "-", "a\u{202e}b"] {
            assert!(modality(task).is_err(), "{task:?} was accepted");
        }
        assert!(modality(&"word ".repeat(30)).is_err());
    }
}
