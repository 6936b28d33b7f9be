//! All that was shown, and the search for secrets in it: as they are, percent-encoded, in base64 and in hexadecimal digits.

use std::error::Error;
use std::fmt::Debug;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Texts, each with the place where it was shown.
#[derive(Debug, Default)]
pub(crate) struct Evidence(Vec<(String, String)>);

impl Evidence {
    pub(crate) fn text(&mut self, place: &str, text: impl Into<String>) {
        self.0.push((place.to_owned(), text.into()));
    }

    pub(crate) fn debug(&mut self, place: &str, shown: &impl Debug) {
        self.text(place, format!("{shown:?} {shown:#?}"));
    }

    /// An error with everything it stands on. Whoever did not expect it panics with the same text.
    pub(crate) fn error(&mut self, place: &str, error: &(dyn Error + 'static)) {
        self.debug(place, &error);
        let mut next = Some(error);
        while let Some(error) = next {
            self.text(place, format!("{error} {error:?} {error:#?}"));
            next = error.source();
        }
    }

    /// Fails where a secret is found in any form.
    #[track_caller]
    pub(crate) fn has_none_of(&self, secrets: &[&str]) {
        assert!(!self.0.is_empty(), "there is nothing to look at");
        for secret in secrets {
            for form in forms(secret) {
                for (place, text) in &self.0 {
                    assert!(!text.contains(&form), "{place} shows {secret:?} as {form:?}:\n{text}");
                }
            }
        }
    }
}

/// What a secret may look like.
fn forms(secret: &str) -> Vec<String> {
    let percent = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    let hexadecimal: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut forms =
        vec![secret.to_owned(), percent.to_ascii_lowercase(), percent, hexadecimal.to_uppercase(), hexadecimal];
    // Three ways to fall on the groups of three bytes; what depends on the neighbours is left out.
    for offset in 0..3 {
        let text = [&[0; 3][..offset], secret.as_bytes()].concat();
        for encoded in [BASE64_STANDARD_NO_PAD.encode(&text), BASE64_URL_SAFE_NO_PAD.encode(&text)] {
            let last = encoded.len() - 4;
            forms.push(encoded[4..last].to_owned());
        }
    }
    forms
}

#[test]
fn every_form_of_a_secret_is_found() {
    for text in [
        "Bearer cfut_a+b/c~d=0123456789".to_owned(),
        "token=cfut%5Fa%2Bb%2Fc%7Ed%3D0123456789".to_owned(),
        "636675745f612b622f637e643d30313233343536373839".to_owned(),
        BASE64_STANDARD_NO_PAD.encode("cfut_a+b/c~d=0123456789"),
        BASE64_STANDARD_NO_PAD.encode("Bearer cfut_a+b/c~d=0123456789"),
        BASE64_URL_SAFE_NO_PAD.encode("x: cfut_a+b/c~d=0123456789, and more"),
    ] {
        let mut evidence = Evidence::default();
        evidence.text("here", &text);
        let found = std::panic::catch_unwind(|| evidence.has_none_of(&["cfut_a+b/c~d=0123456789"]));
        assert!(found.is_err(), "{text}");
    }
    let mut evidence = Evidence::default();
    evidence.text("here", "cfut_a+b and nothing more");
    evidence.has_none_of(&["cfut_a+b/c~d=0123456789"]);
}
