//! Compares two catalogues, model by model.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use super::compare::compare;
use super::rules::{Class, Kind, Side, class, why};
use super::shape::Shape;
use crate::catalogue::index::{Catalogue, Entry};
use crate::catalogue::model::{Limits, Model, Price};

/// A line of the diff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Change {
    pub(crate) class: Class,
    pub(crate) model: String,
    pub(crate) kind: Kind,
    /// Where in request or reply, or which fact about the model; empty for the model as a whole.
    pub(crate) parameter: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) before: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) after: Option<String>,
    /// Why it has the class that it has.
    pub(crate) why: &'static str,
}

/// Flags on which methods and types depend.
const CAPABILITIES: &[&str] = &["async_queue", "function_calling", "realtime", "vision"];

/// Everything that changed between two catalogues, in the order of classes, then models.
pub(crate) fn changes(before: &Catalogue, after: &Catalogue) -> Vec<Change> {
    let ids: BTreeSet<&String> = before.index.models.keys().chain(after.index.models.keys()).collect();
    let mut changes = Vec::new();
    for id in ids {
        let mut model = OneModel { id, changes: &mut changes };
        match (before.index.models.get(id), after.index.models.get(id)) {
            (None, Some(entry)) => model.added(entry, after.models.get(id)),
            (Some(_), None) => model.note(Kind::ModelRemoved, "", None, None),
            (Some(old), Some(new)) => {
                model.entry(old, new);
                if let (Some(old), Some(new)) = (before.models.get(id), after.models.get(id)) {
                    model.model(old, new);
                }
            }
            (None, None) => {}
        }
    }
    changes.sort_by(|a, b| a.class.cmp(&b.class).then_with(|| a.model.cmp(&b.model)));
    changes.dedup();
    changes
}

struct OneModel<'a> {
    id: &'a str,
    changes: &'a mut Vec<Change>,
}

impl OneModel<'_> {
    fn added(&mut self, entry: &Entry, model: Option<&Model>) {
        let described = model.map(|model| model.task.clone());
        match (&entry.unbound, &entry.gone_by) {
            // A model that has left before it was ever seen changes nothing for anybody.
            (_, Some(_)) => {}
            (Some(reason), None) => {
                let words = format!("{}, without types: {reason}", described.unwrap_or_default());
                self.note(Kind::ModelAdded, "", None, Some(words));
            }
            (None, None) => self.note(Kind::ModelAdded, "", None, described),
        }
    }

    fn entry(&mut self, old: &Entry, new: &Entry) {
        if old.modality != new.modality {
            self.note(Kind::RustNameChanged, "crate", old.modality.clone(), new.modality.clone());
        } else if old.rust != new.rust {
            let name = |entry: &Entry| entry.rust.as_ref().map(|rust| format!("{}::{}", rust.module, rust.type_name));
            self.note(Kind::RustNameChanged, "name", name(old), name(new));
        }
        match (&old.unbound, &new.unbound) {
            (None, Some(reason)) => self.note(Kind::SchemaLost, "", None, Some(reason.clone())),
            (Some(_), None) => self.note(Kind::SchemaGained, "", None, None),
            _ => {}
        }
    }

    fn model(&mut self, old: &Model, new: &Model) {
        self.lifecycle(old, new);
        if let (Some(old), Some(new)) = (&old.schema, &new.schema) {
            for (side, old, new) in [(Side::Request, &old.input, &new.input), (Side::Reply, &old.output, &new.output)] {
                self.schema(side, old, new);
            }
        }
        let names: BTreeSet<&String> = old.properties.keys().chain(new.properties.keys()).collect();
        for name in names {
            self.property(name, old.properties.get(name), new.properties.get(name));
        }
        if old.prices != new.prices {
            self.note(Kind::PriceChanged, "price", prices(&old.prices), prices(&new.prices));
        }
        if old.limits != new.limits {
            let words = |limits: &Option<Limits>| limits.as_ref().map(|limits| limits.requests_per_minute.to_string());
            self.note(Kind::LimitChanged, "requests_per_minute", words(&old.limits), words(&new.limits));
        }
        if old.headline != new.headline {
            self.note(Kind::PropertyChanged, "headline", None, None);
        }
        if old.created_at != new.created_at {
            let words = |model: &Model| model.created_at.as_ref().map(ToString::to_string);
            self.note(Kind::PropertyChanged, "created_at", words(old), words(new));
        }
    }

    fn lifecycle(&mut self, old: &Model, new: &Model) {
        let (before, after) = (&old.lifecycle, &new.lifecycle);
        let words = after.replacement.as_ref().map(|replacement| format!("use {replacement}"));
        let is_compiled = |model: &Model| model.is_live() || model.lifecycle.grace;
        match (old.is_live(), new.is_live()) {
            (true, false) if is_compiled(new) => self.note(Kind::ModelDeprecated, "", None, words),
            (_, false) if is_compiled(old) && !is_compiled(new) => self.note(Kind::ModelRetired, "", None, words),
            (false, true) => self.note(Kind::ModelReturned, "", None, None),
            _ => {}
        }
        let date = |date: &Option<_>| date.as_ref().map(ToString::to_string);
        match (&before.planned_deprecation, &after.planned_deprecation) {
            (None, Some(day)) => self.note(Kind::RetirementAnnounced, "", None, Some(day.to_string())),
            (old, new) if old != new => self.note(Kind::RetirementChanged, "", date(old), date(new)),
            _ => {}
        }
    }

    fn schema(&mut self, side: Side, old: &Value, new: &Value) {
        let name = match side {
            Side::Request => "request",
            Side::Reply => "reply",
        };
        for finding in compare(side, &Shape::read(old), &Shape::read(new)) {
            let parameter = if finding.path.is_empty() { name.to_owned() } else { format!("{name}.{}", finding.path) };
            self.changes.push(Change {
                class: class(finding.kind, finding.side),
                model: self.id.to_owned(),
                kind: finding.kind,
                parameter,
                before: finding.before,
                after: finding.after,
                why: why(finding.kind),
            });
        }
    }

    fn property(&mut self, name: &str, old: Option<&Value>, new: Option<&Value>) {
        if old == new {
            return;
        }
        let is_set = |value: Option<&Value>| value == Some(&Value::Bool(true));
        let kind = match (is_set(old), is_set(new)) {
            (false, true) if CAPABILITIES.contains(&name) => Kind::CapabilityGained,
            (true, false) if CAPABILITIES.contains(&name) => Kind::CapabilityLost,
            _ => Kind::PropertyChanged,
        };
        self.note(kind, name, old.map(ToString::to_string), new.map(ToString::to_string));
    }

    fn note(&mut self, kind: Kind, parameter: &str, before: Option<String>, after: Option<String>) {
        self.changes.push(Change {
            class: class(kind, Side::Request),
            model: self.id.to_owned(),
            kind,
            parameter: parameter.to_owned(),
            before,
            after,
            why: why(kind),
        });
    }
}

fn prices(prices: &[Price]) -> Option<String> {
    let rows: Vec<String> =
        prices.iter().map(|price| format!("${} {}", price.usd, price.unit.replace('_', " "))).collect();
    (!rows.is_empty()).then(|| rows.join(", "))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;
    use serde_json::json;

    fn catalogue(models: &[Value]) -> Catalogue {
        let mut catalogue = Catalogue::default();
        for change in models {
            let mut model = json!({
                "id": "@cf/a/one", "task": "Translation", "rust": {"module": "one", "type": "One"},
                "lifecycle": {"first_seen": "2025-12"},
                "schema": {"input": {"type": "object"}, "output": {"type": "object"}}
            });
            for (key, value) in change.as_object().unwrap() {
                model.as_object_mut().unwrap().insert(key.clone(), value.clone());
            }
            let model: Model = serde_json::from_value(model).unwrap();
            let entry = Entry {
                modality: Some("translation".to_owned()),
                rust: Some(model.rust.clone()),
                upstream_sha256: String::new(),
                file_sha256: Some(String::new()),
                first_seen: model.lifecycle.first_seen.clone(),
                gone_by: model.lifecycle.gone_by.clone(),
                unbound: model.unbound.clone(),
            };
            catalogue.index.models.insert(model.id.clone(), entry);
            catalogue.models.insert(model.id.clone(), model);
        }
        catalogue
    }

    #[track_caller]
    fn check(before: &[Value], after: &[Value], expected: &[(Kind, Class)]) {
        let changes = changes(&catalogue(before), &catalogue(after));
        let found: Vec<_> = changes.iter().map(|change| (change.kind, change.class)).collect();
        assert_eq!(found, expected);
    }

    fn lifecycle(more: Value) -> Value {
        let mut lifecycle = json!({"first_seen": "2025-12"});
        for (key, value) in more.as_object().unwrap() {
            lifecycle.as_object_mut().unwrap().insert(key.clone(), value.clone());
        }
        json!({"lifecycle": lifecycle})
    }

    use Class::{Additive, Breaking, Documentation};

    #[test]
    fn models_come_go_and_return() {
        let (live, gone) = (json!({}), lifecycle(json!({"gone_by": "2026-11"})));
        let grace = lifecycle(json!({"gone_by": "2026-11", "grace": true}));
        let [live, gone, grace] = [live, gone, grace].map(|model| [model]);
        check(&[], &live, &[(Kind::ModelAdded, Additive)]);
        check(&live, &[], &[(Kind::ModelRemoved, Breaking)]);
        check(&live, &gone, &[(Kind::ModelRetired, Breaking)]);
        check(&live, &grace, &[(Kind::ModelDeprecated, Additive)]);
        check(&grace, &gone, &[(Kind::ModelRetired, Breaking)]);
        check(&gone, &live, &[(Kind::ModelReturned, Additive)]);
        check(&gone, &gone, &[]);
        check(&[], &gone, &[]);
    }

    #[test]
    fn announced_retirements_warn() {
        let live = [json!({})];
        let [planned, moved] = ["2026-12-01", "2026-12-24"].map(|day| [lifecycle(json!({"planned_deprecation": day}))]);
        check(&live, &planned, &[(Kind::RetirementAnnounced, Additive)]);
        check(&planned, &moved, &[(Kind::RetirementChanged, Documentation)]);
        check(&planned, &live, &[(Kind::RetirementChanged, Documentation)]);
    }

    #[test]
    fn schemas_are_gained_and_lost() {
        let bound = [json!({})];
        let unbound = [json!({"schema": null, "unbound": "no schema is published"})];
        check(&bound, &unbound, &[(Kind::SchemaLost, Breaking)]);
        check(&unbound, &bound, &[(Kind::SchemaGained, Additive)]);
    }

    #[test]
    fn flags_that_open_methods_are_capabilities() {
        let without = [json!({})];
        for flag in CAPABILITIES {
            let with = [json!({"properties": {*flag: true}})];
            check(&without, &with, &[(Kind::CapabilityGained, Additive)]);
            check(&with, &without, &[(Kind::CapabilityLost, Breaking)]);
        }
        check(&without, &[json!({"properties": {"beta": true}})], &[(Kind::PropertyChanged, Documentation)]);
    }

    #[test]
    fn facts_about_a_model_are_documentation() {
        let [before, after] = [1, 2].map(|number| {
            [json!({
                "properties": {"context_window": number}, "prices": [{"unit": "per_step", "usd": number}],
                "limits": {"requests_per_minute": number}
            })]
        });
        check(
            &before,
            &after,
            &[
                (Kind::PropertyChanged, Documentation),
                (Kind::PriceChanged, Documentation),
                (Kind::LimitChanged, Documentation),
            ],
        );
    }

    #[test]
    fn another_rust_name_is_breaking() {
        let other = [json!({"rust": {"module": "a_one", "type": "AOne"}})];
        check(&[json!({})], &other, &[(Kind::RustNameChanged, Breaking)]);
    }

    #[test]
    fn request_and_reply_are_told_apart() {
        let schema = |bound: u64| {
            let side = json!({"type": "object", "properties": {"x": {"type": "integer", "maximum": bound}}});
            [json!({"schema": {"input": side, "output": side}})]
        };
        let changes = changes(&catalogue(&schema(2)), &catalogue(&schema(1)));
        let found: Vec<_> = changes.iter().map(|change| (change.parameter.as_str(), change.class)).collect();
        assert_eq!(found, [("request.x", Breaking), ("reply.x", Documentation)]);
    }
}
