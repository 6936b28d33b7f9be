//! Corrections to what is published, each with a reason and evidence.

use serde::Deserialize;
use serde_json::Value;

use crate::canonical::Canonical;
use crate::facts::Facts;
use crate::problem::Problem;

/// A correction of some models' canonical documents.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overlay {
    /// File name, for messages.
    #[serde(skip)]
    pub name: String,
    /// Which models it corrects.
    pub applies_to: AppliesTo,
    /// Why the published schema is not enough.
    pub reason: String,
    /// Where the correction is known from.
    pub evidence: Vec<String>,
    /// JSON merge patch (RFC 7396) of the canonical document.
    pub patch: Value,
}

/// Which models an overlay corrects: all conditions must hold.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppliesTo {
    /// Model ids; absent for every model of the modality.
    #[serde(default)]
    pub models: Option<Vec<String>>,
    /// Model ids that are left alone.
    #[serde(default)]
    pub except: Vec<String>,
    /// Flags that must be set.
    #[serde(default)]
    pub with: Vec<String>,
    /// Flags that must not be set.
    #[serde(default)]
    pub without: Vec<String>,
    /// JSON pointers that must exist in the canonical document.
    #[serde(default)]
    pub having: Vec<String>,
    /// JSON pointers that must not exist in the canonical document.
    #[serde(default)]
    pub lacking: Vec<String>,
    /// Models for which no usable schema is published, rather than the others.
    #[serde(default)]
    pub unpublished: bool,
}

impl Overlay {
    /// Reads an overlay file.
    ///
    /// # Errors
    ///
    /// Where the text is not an overlay, or gives no reason or evidence.
    pub fn parse(name: &str, text: &str) -> Result<Self, Problem> {
        let mut overlay: Self =
            serde_json::from_str(text).map_err(|error| Problem::new("", error.to_string()).in_file(name))?;
        if overlay.reason.trim().is_empty() || overlay.evidence.is_empty() {
            return Err(Problem::new("", "an overlay needs a reason and evidence").in_file(name));
        }
        name.clone_into(&mut overlay.name);
        Ok(overlay)
    }

    /// Whether the overlay is meant for this model; `document` is its canonical document so far.
    #[must_use]
    pub fn applies_to(&self, facts: &Facts, document: &Value) -> bool {
        self.is_meant_for(facts) && self.fits(document)
    }

    /// Whether the conditions on the model itself hold.
    pub(crate) fn is_meant_for(&self, facts: &Facts) -> bool {
        let conditions = &self.applies_to;
        conditions.models.as_ref().is_none_or(|models| models.contains(&facts.id))
            && !conditions.except.contains(&facts.id)
            && conditions.unpublished == facts.schema.is_none()
            && conditions.with.iter().all(|flag| facts.flag(flag))
            && !conditions.without.iter().any(|flag| facts.flag(flag))
    }

    /// Whether the conditions on its canonical document so far hold.
    pub(crate) fn fits(&self, document: &Value) -> bool {
        let conditions = &self.applies_to;
        conditions.having.iter().all(|pointer| document.pointer(pointer).is_some())
            && conditions.lacking.iter().all(|pointer| document.pointer(pointer).is_none())
    }

    /// Applies the correction; `false` when the document already was as the overlay wants it.
    pub fn apply(&self, document: &mut Value) -> bool {
        let changes = changes(Some(document), &self.patch);
        if changes {
            json_patch::merge(document, &self.patch);
        }
        changes
    }
}

/// Whether a merge patch would change what it is for.
fn changes(target: Option<&Value>, patch: &Value) -> bool {
    let Value::Object(members) = patch else { return target != Some(patch) };
    let Some(Value::Object(target)) = target else { return true };
    members.iter().any(|(name, patch)| match patch {
        Value::Null => target.contains_key(name),
        patch => changes(target.get(name), patch),
    })
}

/// The corrected document, which must still be one.
pub(crate) fn read_back(document: Value) -> Result<Canonical, Problem> {
    let canonical =
        Canonical::from_json(document).map_err(|error| Problem::new("", format!("after its overlays: {error}")))?;
    // Forms are named in types, variants and documentation.
    match canonical.request.forms.keys().find(|name| !is_name(name)) {
        Some(name) => {
            let reason = format!("after its overlays: `{}` is no name of a form", name.escape_debug());
            Err(Problem::new("/request/forms", reason))
        }
        None => Ok(canonical),
    }
}

/// A word of letters, digits and underscores that begins with a letter of ASCII, as published forms are named.
fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
}
