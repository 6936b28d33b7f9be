//! Compares two shapes, and says what changed where.

use std::collections::BTreeSet;

use super::rules::{Kind, Side};
use super::shape::{Arm, Field, Shape};

/// A change of one value, before it is classed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) side: Side,
    /// The path of the value, such as `messages.messages[].content`.
    pub(crate) path: String,
    pub(crate) kind: Kind,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
}

/// What changed between two published schemas of one side.
pub(crate) fn compare(side: Side, before: &Shape, after: &Shape) -> Vec<Finding> {
    let mut comparison = Comparison { side, findings: Vec::new() };
    comparison.root(before, after);
    comparison.findings
}

struct Comparison {
    side: Side,
    findings: Vec<Finding>,
}

impl Comparison {
    /// At the root, arms are request forms or kinds of reply, and one of them more changes no type.
    fn root(&mut self, before: &Shape, after: &Shape) {
        let (old, new) = (before.variants(), after.variants());
        let (forms_before, forms_after) = (forms(&old), forms(&new));
        if (forms_before == 1) != (forms_after == 1) {
            let words = |count: usize| if count == 1 { "one shape".to_owned() } else { format!("{count} shapes") };
            self.note("", Kind::TypeChanged, Some(words(forms_before)), Some(words(forms_after)));
        }
        // Where there is one form, it needs no name.
        let is_plain = old.len() == 1 || new.len() == 1;
        for (old, new) in pairs(&old, &new) {
            match (old, new) {
                (Some(old), Some(new)) => {
                    let path = if is_plain { String::new() } else { label(new) };
                    if old.title.is_some() && new.title.is_some() && label(old) != label(new) {
                        self.note(&path, Kind::FormRenamed, Some(label(old)), Some(label(new)));
                    }
                    self.shape(&path, &old.shape, &new.shape);
                }
                (Some(old), None) => self.note(&label(old), Kind::FormRemoved, Some(old.shape.describe()), None),
                (None, Some(new)) => self.note(&label(new), Kind::FormAdded, None, Some(new.shape.describe())),
                (None, None) => {}
            }
        }
    }

    fn shape(&mut self, path: &str, before: &Shape, after: &Shape) {
        if before == after {
            return;
        }
        if before.is_nullable != after.is_nullable {
            self.note(path, Kind::NullabilityChanged, Some(null(before)), Some(null(after)));
        }
        if before.arms.is_empty() && after.arms.is_empty() {
            self.plain(path, before, after);
        } else {
            self.union(path, before, after);
        }
    }

    fn plain(&mut self, path: &str, before: &Shape, after: &Shape) {
        if before.media != after.media {
            return self.note(path, Kind::MediaChanged, Some(before.describe()), Some(after.describe()));
        }
        let gained_or_lost_values = before.values.is_some() != after.values.is_some();
        let gained_or_lost_items = before.items.is_some() != after.items.is_some();
        if before.kinds != after.kinds || gained_or_lost_values || gained_or_lost_items {
            return self.note(path, Kind::TypeChanged, Some(before.describe()), Some(after.describe()));
        }
        self.values(path, before, after);
        let number = |value: f64| value.to_string();
        self.bound(path, "minimum", (before.minimum, after.minimum), f64::max, number);
        self.bound(path, "maximum", (before.maximum, after.maximum), f64::min, number);
        let count = |value: u64| value.to_string();
        self.bound(path, "least length", (before.shortest, after.shortest), u64::max, count);
        self.bound(path, "greatest length", (before.longest, after.longest), u64::min, count);
        self.text(path, Kind::FormatChanged, "pattern", &before.pattern, &after.pattern);
        self.text(path, Kind::FormatChanged, "format", &before.format, &after.format);
        self.text(path, Kind::DefaultChanged, "default", &before.default, &after.default);
        if before.is_closed != after.is_closed {
            self.note(path, Kind::OpennessChanged, Some(openness(before)), Some(openness(after)));
        }
        self.fields(path, before, after);
        if let (Some(before), Some(after)) = (&before.items, &after.items) {
            self.shape(&format!("{path}[]"), before, after);
        }
    }

    /// A union in the place of a plain value, or the other way round, is another type; arms of a union come and go.
    fn union(&mut self, path: &str, before: &Shape, after: &Shape) {
        if before.arms.is_empty() || after.arms.is_empty() {
            return self.note(path, Kind::TypeChanged, Some(before.describe()), Some(after.describe()));
        }
        for (old, new) in pairs(&before.arms, &after.arms) {
            match (old, new) {
                (Some(old), Some(new)) => self.shape(path, &old.shape, &new.shape),
                (Some(old), None) => self.note(path, Kind::FormRemoved, Some(old.shape.describe()), None),
                (None, Some(new)) => self.note(path, Kind::FormAdded, None, Some(new.shape.describe())),
                (None, None) => {}
            }
        }
    }

    fn values(&mut self, path: &str, before: &Shape, after: &Shape) {
        let (Some(before), Some(after)) = (&before.values, &after.values) else { return };
        for gone in before.iter().filter(|value| !after.contains(value)) {
            self.note(path, Kind::ValueRemoved, Some(gone.clone()), None);
        }
        for new in after.iter().filter(|value| !before.contains(value)) {
            self.note(path, Kind::ValueAdded, None, Some(new.clone()));
        }
    }

    fn bound<T: Copy + PartialEq>(
        &mut self,
        path: &str,
        name: &str,
        (before, after): (Option<T>, Option<T>),
        stricter: fn(T, T) -> T,
        print: impl Fn(T) -> String,
    ) {
        if before == after {
            return;
        }
        let narrows = match (before, after) {
            (Some(before), Some(after)) => stricter(before, after) == after,
            (None, _) => true,
            (_, None) => false,
        };
        let kind = if narrows { Kind::RangeNarrowed } else { Kind::RangeWidened };
        let words = |bound: Option<T>| match bound {
            Some(bound) => format!("{name} {}", print(bound)),
            None => format!("no {name}"),
        };
        self.note(path, kind, Some(words(before)), Some(words(after)));
    }

    fn text(&mut self, path: &str, kind: Kind, name: &str, before: &Option<String>, after: &Option<String>) {
        if before != after {
            let words = |text: &Option<String>| match text {
                Some(text) => format!("{name} {text}"),
                None => format!("no {name}"),
            };
            self.note(path, kind, Some(words(before)), Some(words(after)));
        }
    }

    fn fields(&mut self, path: &str, before: &Shape, after: &Shape) {
        let names: BTreeSet<&String> = before.fields.keys().chain(after.fields.keys()).collect();
        for name in names {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            match (before.fields.get(name), after.fields.get(name)) {
                (Some(before), Some(after)) => self.field(&path, before, after),
                (Some(before), None) => {
                    self.note(&path, Kind::FieldRemoved, Some(before.shape.describe()), None);
                }
                (None, Some(after)) => {
                    let kind = if after.is_required { Kind::RequiredFieldAdded } else { Kind::FieldAdded };
                    self.note(&path, kind, None, Some(after.shape.describe()));
                }
                (None, None) => {}
            }
        }
    }

    fn field(&mut self, path: &str, before: &Field, after: &Field) {
        match (before.is_required, after.is_required) {
            (false, true) => self.note(path, Kind::FieldRequired, None, None),
            (true, false) => self.note(path, Kind::FieldRelaxed, None, None),
            _ => {}
        }
        self.shape(path, &before.shape, &after.shape);
    }

    fn note(&mut self, path: &str, kind: Kind, before: Option<String>, after: Option<String>) {
        self.findings.push(Finding { side: self.side, path: path.to_owned(), kind, before, after });
    }
}

/// How many arms are typed shapes of one value; batches, queue tickets and bytes have methods of their own.
fn forms(arms: &[Arm]) -> usize {
    let is_apart = |shape: &Shape| {
        let has = |name: &str| shape.fields.contains_key(name);
        has("requests") || has("request_id") || shape.media.is_some()
    };
    arms.iter().filter(|arm| !is_apart(&arm.shape)).count()
}

/// Pairs the arms of two unions: by title, then by required fields, then by what is alike and left over.
fn pairs<'a>(before: &'a [Arm], after: &'a [Arm]) -> Vec<(Option<&'a Arm>, Option<&'a Arm>)> {
    let mut old: Vec<&Arm> = before.iter().collect();
    let mut new: Vec<&Arm> = after.iter().collect();
    let mut pairs = Vec::new();
    let criteria: [fn(&Arm, &Arm) -> bool; 4] = [
        |old, new| old.title.is_some() && old.title == new.title,
        |old, new| old.shape == new.shape,
        |old, new| {
            let required = old.shape.required();
            !required.is_empty() && required == new.shape.required() && tags(old) == tags(new)
        },
        |old, new| old.shape.kinds == new.shape.kinds && !old.shape.kinds.contains("object"),
    ];
    for criterion in criteria {
        old.retain(|arm| match new.iter().position(|candidate| criterion(arm, candidate)) {
            Some(place) => {
                pairs.push((Some(*arm), Some(new.remove(place))));
                false
            }
            None => true,
        });
    }
    // One object left on each side, and nothing to tell them apart by: the same one, changed.
    if let ([one], [other]) = (old.as_slice(), new.as_slice())
        && one.shape.kinds == other.shape.kinds
        && (before.len() == after.len())
    {
        pairs.push((Some(*one), Some(*other)));
        return pairs;
    }
    pairs.extend(old.into_iter().map(|arm| (Some(arm), None)));
    pairs.extend(new.into_iter().map(|arm| (None, Some(arm))));
    pairs
}

/// The fields with a single allowed value, by which tagged arms are told apart.
fn tags(arm: &Arm) -> Vec<(&String, &Vec<String>)> {
    let single = |field: &'_ Field| field.shape.values.as_ref().is_some_and(|values| values.len() == 1);
    arm.shape
        .fields
        .iter()
        .filter(|(_, field)| single(field))
        .filter_map(|(name, field)| Some((name, field.shape.values.as_ref()?)))
        .collect()
}

/// How an arm is called: its title, its required fields, or what it is.
fn label(arm: &Arm) -> String {
    if let Some(title) = &arm.title {
        let words: Vec<String> = title
            .split(|letter: char| !letter.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_ascii_lowercase)
            .collect();
        return words.join("_");
    }
    let required: Vec<&str> = arm.shape.required().into_iter().collect();
    if required.is_empty() { arm.shape.describe() } else { required.join("+") }
}

fn null(shape: &Shape) -> String {
    if shape.is_nullable { "null allowed" } else { "null not allowed" }.to_owned()
}

fn openness(shape: &Shape) -> String {
    if shape.is_closed { "no other fields" } else { "other fields allowed" }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::rules::Class::{self, Additive, Breaking, Documentation};
    use crate::diff::rules::class;
    use serde_json::{Value, json};

    #[track_caller]
    fn check(before: Value, after: Value, expected: &[(&str, Kind, Class, Class)]) {
        for side in [Side::Request, Side::Reply] {
            let found: Vec<_> = compare(side, &Shape::read(&before), &Shape::read(&after))
                .into_iter()
                .map(|finding| (finding.path, finding.kind, class(finding.kind, side)))
                .collect();
            let expected: Vec<_> = expected
                .iter()
                .map(|(path, kind, request, reply)| {
                    let class = if side == Side::Request { *request } else { *reply };
                    ((*path).to_owned(), *kind, class)
                })
                .collect();
            assert_eq!(found, expected, "{side:?}");
        }
    }

    /// One field `x` of an object, before and after.
    #[track_caller]
    fn field(before: Value, after: Value, kind: Kind, request: Class, reply: Class) {
        let object = |schema: Value| json!({"type": "object", "properties": {"x": schema}});
        check(object(before), object(after), &[("x", kind, request, reply)]);
    }

    #[test]
    fn nothing_changed_says_nothing() {
        let schema = json!({"oneOf": [{"title": "A", "properties": {"x": {"type": "string"}}}, {"required": ["y"]}]});
        check(schema.clone(), schema, &[]);
    }

    #[test]
    fn a_new_optional_field_is_additive() {
        check(
            json!({"type": "object"}),
            json!({"type": "object", "properties": {"x": {"type": "string"}}}),
            &[("x", Kind::FieldAdded, Additive, Additive)],
        );
    }

    #[test]
    fn a_new_required_field_breaks_requests() {
        check(
            json!({"type": "object"}),
            json!({"type": "object", "properties": {"x": {"type": "string"}}, "required": ["x"]}),
            &[("x", Kind::RequiredFieldAdded, Breaking, Additive)],
        );
    }

    #[test]
    fn a_removed_field_is_breaking() {
        check(
            json!({"type": "object", "properties": {"x": {"type": "string"}}}),
            json!({"type": "object"}),
            &[("x", Kind::FieldRemoved, Breaking, Breaking)],
        );
    }

    #[test]
    fn a_field_that_becomes_required_or_optional_is_breaking() {
        let free = json!({"type": "object", "properties": {"x": {"type": "string"}}});
        let bound = json!({"type": "object", "properties": {"x": {"type": "string"}}, "required": ["x"]});
        check(free.clone(), bound.clone(), &[("x", Kind::FieldRequired, Breaking, Breaking)]);
        check(bound, free, &[("x", Kind::FieldRelaxed, Breaking, Breaking)]);
    }

    #[test]
    fn another_type_is_breaking() {
        let text = || json!({"type": "string"});
        let parts = json!({"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "object"}}]});
        field(text(), json!({"type": "integer"}), Kind::TypeChanged, Breaking, Breaking);
        field(text(), parts.clone(), Kind::TypeChanged, Breaking, Breaking);
        field(parts, text(), Kind::TypeChanged, Breaking, Breaking);
        field(text(), json!({"type": "string", "enum": ["a"]}), Kind::TypeChanged, Breaking, Breaking);
        field(json!({"type": "array"}), json!({"type": "array", "items": {}}), Kind::TypeChanged, Breaking, Breaking);
    }

    #[test]
    fn a_narrowed_range_breaks_requests_and_no_replies() {
        let narrowed = |before, after| field(before, after, Kind::RangeNarrowed, Breaking, Documentation);
        narrowed(json!({"type": "number", "maximum": 5}), json!({"type": "number", "maximum": 2}));
        narrowed(json!({"type": "number"}), json!({"type": "number", "minimum": 0}));
        narrowed(json!({"type": "string", "maxLength": 9}), json!({"type": "string", "maxLength": 8}));
        narrowed(json!({"type": "array", "minItems": 1}), json!({"type": "array", "minItems": 2}));
    }

    #[test]
    fn a_widened_range_is_additive() {
        let widened = |before, after| field(before, after, Kind::RangeWidened, Additive, Documentation);
        widened(json!({"type": "number", "maximum": 2}), json!({"type": "number", "maximum": 5}));
        widened(json!({"type": "number", "minimum": 0}), json!({"type": "number"}));
        widened(json!({"type": "string", "minLength": 2}), json!({"type": "string", "minLength": 1}));
    }

    #[test]
    fn a_range_that_moves_is_both() {
        let object = |schema: Value| json!({"type": "object", "properties": {"x": schema}});
        check(
            object(json!({"type": "number", "minimum": 0, "maximum": 1})),
            object(json!({"type": "number", "minimum": 0.5, "maximum": 2})),
            &[("x", Kind::RangeNarrowed, Breaking, Documentation), ("x", Kind::RangeWidened, Additive, Documentation)],
        );
    }

    #[test]
    fn values_of_an_enum_come_and_go() {
        let values = |values: Value| json!({"type": "string", "enum": values});
        field(values(json!(["a"])), values(json!(["a", "b"])), Kind::ValueAdded, Additive, Additive);
        field(values(json!(["a", "b"])), values(json!(["b"])), Kind::ValueRemoved, Breaking, Breaking);
        check(values(json!(["a", "b"])), values(json!(["b", "a"])), &[]);
    }

    #[test]
    fn arms_of_a_union_come_and_go() {
        let two = json!({"oneOf": [{"type": "string"}, {"type": "integer"}]});
        let three = json!({"oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "object"}]});
        field(two.clone(), three.clone(), Kind::FormAdded, Additive, Additive);
        field(three, two, Kind::FormRemoved, Breaking, Breaking);
    }

    #[test]
    fn forms_of_a_request_are_matched_by_title_or_required_fields() {
        let prompt =
            |name: &str| json!({"title": name, "required": ["prompt"], "properties": {"prompt": {"type": "string"}}});
        let messages = json!({"required": ["messages"], "properties": {"messages": {"type": "array"}}});
        let other =
            json!({"required": ["messages"], "properties": {"messages": {"type": "array"}, "x": {"type": "string"}}});
        check(
            json!({"type": "object", "oneOf": [prompt("Prompt"), messages]}),
            json!({"type": "object", "oneOf": [other, prompt("Old Prompt")]}),
            &[
                ("old_prompt", Kind::FormRenamed, Breaking, Breaking),
                ("messages.x", Kind::FieldAdded, Additive, Additive),
            ],
        );
    }

    #[test]
    fn a_batch_form_does_not_turn_the_request_into_an_enum() {
        let text = json!({"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}});
        let batch = json!({"type": "object", "required": ["requests"], "properties": {"requests": {"type": "array"}}});
        let query = json!({"type": "object", "required": ["query"], "properties": {"query": {"type": "string"}}});
        check(text.clone(), json!({"oneOf": [text, batch]}), &[("requests", Kind::FormAdded, Additive, Additive)]);
        check(
            text.clone(),
            json!({"oneOf": [text, query]}),
            &[("", Kind::TypeChanged, Breaking, Breaking), ("query", Kind::FormAdded, Additive, Additive)],
        );
    }

    #[test]
    fn bytes_of_another_kind_are_breaking() {
        field(
            json!({"type": "string", "contentType": "audio/mpeg"}),
            json!({"type": "string", "contentType": "audio/wav"}),
            Kind::MediaChanged,
            Breaking,
            Breaking,
        );
        field(
            json!({"type": "string"}),
            json!({"type": "string", "format": "binary"}),
            Kind::MediaChanged,
            Breaking,
            Breaking,
        );
    }

    #[test]
    fn what_types_do_not_carry_is_documentation() {
        let changed = |before, after, kind| field(before, after, kind, Documentation, Documentation);
        let text = || json!({"type": "string"});
        changed(text(), json!({"type": "string", "default": "a"}), Kind::DefaultChanged);
        changed(text(), json!({"type": "string", "pattern": "^a"}), Kind::FormatChanged);
        changed(text(), json!({"type": "string", "format": "uri"}), Kind::FormatChanged);
        changed(text(), json!({"type": ["string", "null"]}), Kind::NullabilityChanged);
        changed(
            json!({"type": "object"}),
            json!({"type": "object", "additionalProperties": false}),
            Kind::OpennessChanged,
        );
    }

    #[test]
    fn paths_lead_through_lists_and_objects() {
        let schema = |bound: u64| {
            json!({"type": "object", "properties": {"messages": {"type": "array", "items": {"type": "object", "properties": {
                "content": {"type": "string", "maxLength": bound}}}}}})
        };
        check(schema(9), schema(8), &[("messages[].content", Kind::RangeNarrowed, Breaking, Documentation)]);
    }
}
