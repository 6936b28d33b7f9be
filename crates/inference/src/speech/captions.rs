//! A transcript as WebVTT captions.

use std::fmt::Write as _;

use super::whisper::Transcript;

impl Transcript {
    /// The segments as captions in the WebVTT format.
    ///
    /// ```text
    /// WEBVTT
    ///
    /// 00:00.000 --> 00:02.480
    /// The quick brown fox
    /// ```
    #[must_use]
    pub fn vtt(&self) -> String {
        let mut captions = "WEBVTT\n\n".to_owned();
        for segment in &self.segments {
            // A line of arrows within a caption would start another.
            let text = segment.text.trim().replace("-->", "->");
            let written = writeln!(captions, "{} --> {}\n{text}\n", time(segment.start), time(segment.end));
            debug_assert!(written.is_ok(), "a string cannot be full");
        }
        captions
    }
}

/// Minutes, seconds and thousandths, with hours before them where there are any.
fn time(seconds: f64) -> String {
    let thousandths = (seconds.max(0.0) * 1000.0).round() as u64;
    let (minutes, rest) = (thousandths / 60_000, thousandths % 60_000);
    let short = format!("{:02}:{:02}.{:03}", minutes % 60, rest / 1000, rest % 1000);
    if minutes >= 60 { format!("{:02}:{short}", minutes / 60) } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_grow_hours_when_they_need_them() {
        for (seconds, expected) in
            [(0.0, "00:00.000"), (2.4801, "00:02.480"), (59.9996, "01:00.000"), (3725.5, "01:02:05.500")]
        {
            assert_eq!(time(seconds), expected);
        }
    }
}
