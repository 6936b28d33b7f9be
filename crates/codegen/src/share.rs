//! Lifts every shape into one named definition a modality, however many models use it.

use std::collections::{BTreeMap, BTreeSet};

use crate::canonical::{Canonical, Transport};
use crate::facts::Facts;
use crate::modality::Modality;
use crate::name::{pascal_case, singular};
use crate::parse;
use crate::problem::{Problem, Problems};
use crate::shape::{Bounds, Fields, Kind, Lengths, Rest, Shape};

/// Index of a definition.
pub(crate) type DefinitionId = usize;

/// Which way values of a definition travel; requests are closed and exact, replies open and lenient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Side {
    Request,
    Reply,
}

/// A Rust type, with `Def0001` standing for the definition of that number.
pub(crate) type TypeText = String;

/// One named Rust type.
#[derive(Debug)]
pub(crate) struct Definition {
    pub(crate) kind: DefinitionKind,
    pub(crate) side: Side,
    /// Names to try, best first.
    pub(crate) hints: Vec<String>,
    pub(crate) doc: String,
}

#[derive(Debug)]
pub(crate) enum DefinitionKind {
    Struct { fields: Vec<Field>, closed: bool, top: Option<Top> },
    Choice { values: Vec<String> },
    Union { arms: Vec<Arm>, top: bool },
}

/// What makes a struct a request form of its own.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Top {
    pub(crate) transport: Transport,
    pub(crate) streams_by_default: bool,
}

#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) wire: String,
    pub(crate) ty: TypeText,
    pub(crate) presence: Presence,
    pub(crate) doc: String,
}

/// When a field is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    /// Always; an argument of the constructor.
    Required,
    /// Always, with the one value that it can have.
    Fixed(String),
    /// Perhaps.
    Optional,
    /// Read as empty when absent or null.
    Lenient,
}

#[derive(Debug)]
pub(crate) struct Arm {
    pub(crate) name: String,
    pub(crate) ty: TypeText,
    pub(crate) test: Test,
}

/// How an arm of a union is told from the others.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Test {
    /// All of these keys are there.
    Keys(Vec<String>),
    /// Any of these keys is there.
    AnyKey(Vec<String>),
    /// The key holds this value.
    Tag(String, String),
    /// The JSON type.
    Json(&'static str),
}

/// What is generated for one model.
#[derive(Debug)]
pub(crate) struct ModelPlan<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) request: DefinitionId,
    pub(crate) forms: Vec<(String, DefinitionId)>,
    pub(crate) item: Option<TypeText>,
    pub(crate) reply: TypeText,
    pub(crate) chunk: Option<TypeText>,
    /// Bounded parameters: name, type, documentation.
    pub(crate) aliases: BTreeMap<String, (TypeText, String)>,
    /// Rows of the parameter table.
    pub(crate) parameters: Vec<Parameter>,
}

/// A request parameter, for documentation.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) form: String,
    pub(crate) takes: String,
    pub(crate) default: Option<String>,
    pub(crate) required: bool,
}

/// All definitions of a modality and what each model uses.
#[derive(Debug, Default)]
pub(crate) struct Shared<'a> {
    pub(crate) definitions: Vec<Definition>,
    pub(crate) models: Vec<ModelPlan<'a>>,
    /// Definitions that are a whole reply.
    pub(crate) replies: BTreeSet<DefinitionId>,
    /// Definitions that are a chunk of a stream.
    pub(crate) chunks: BTreeSet<DefinitionId>,
    keys: BTreeMap<String, DefinitionId>,
    problems: Problems,
}

/// Shares equal shapes among the models of a modality.
pub(crate) fn share(modality: &Modality) -> Result<Shared<'_>, Problems> {
    let mut shared = Shared::default();
    for model in &modality.models {
        let Some(canonical) = &model.canonical else { continue };
        match shared.plan(&model.facts, canonical) {
            Ok(plan) => shared.models.push(plan),
            Err(found) => shared.problems.extend(found.in_file(&model.facts.id)),
        }
    }
    std::mem::take(&mut shared.problems).into_result(shared)
}

/// The definition that a type text is, if it is one and nothing around it.
pub(crate) fn whole(ty: &str) -> Option<DefinitionId> {
    ty.strip_prefix("Def").and_then(|digits| digits.parse().ok())
}

/// The placeholder of a definition in a [`TypeText`].
pub(crate) fn placeholder(id: DefinitionId) -> String {
    format!("Def{id:05}")
}

impl<'a> Shared<'a> {
    fn plan(&mut self, facts: &'a Facts, canonical: &'a Canonical) -> Result<ModelPlan<'a>, Problems> {
        let single = canonical.request.forms.len() == 1;
        let streams_by_default = canonical.reply.stream.as_ref().is_some_and(|stream| stream.default);
        let mut forms = Vec::new();
        let mut aliases = BTreeMap::new();
        let mut parameters = Vec::new();
        let mut shapes = Vec::new();
        for (name, form) in &canonical.request.forms {
            let shape = parse::shape(&form.schema)?;
            let Kind::Object(fields) = &shape.kind else {
                return Err(Problem::new(&format!("/request/forms/{name}"), "a form must be an object").into());
            };
            let top = Top { transport: form.transport.clone(), streams_by_default };
            let doc = if single { "What the model is asked.".to_owned() } else { format!("What the model is asked, as `{name}`.") };
            let key = format!("form {top:?} {}", shape.key());
            let hint = if single { "Request".to_owned() } else { format!("{}Request", pascal_case(name)) };
            let id = match self.keys.get(&key) {
                Some(id) => *id,
                None => {
                    let kind = self.structure(fields, Side::Request, &hint, Some(top));
                    self.define(key, Definition { kind, side: Side::Request, hints: vec![hint], doc })
                }
            };
            for (field, parameter) in &fields.properties {
                self.describe(name, field, parameter, fields.required.contains(field), &mut parameters);
                if let Some(ty) = bounded(parameter) {
                    let alias = pascal_case(field);
                    aliases.entry(alias).or_insert_with(|| (ty, describe_alias(field, parameter)));
                }
            }
            forms.push((name.clone(), id));
            shapes.push(shape);
        }
        let request = match forms.as_slice() {
            [(_, only)] => *only,
            _ => {
                let arms: Vec<Arm> = forms
                    .iter()
                    .zip(tests(&shapes))
                    .map(|((name, id), test)| Arm { name: pascal_case(name), ty: placeholder(*id), test })
                    .collect();
                let key = format!("request {arms:?}");
                match self.keys.get(&key) {
                    Some(id) => *id,
                    None => self.define(
                        key,
                        Definition {
                            kind: DefinitionKind::Union { arms, top: true },
                            side: Side::Request,
                            hints: vec!["Request".to_owned()],
                            doc: "What the model is asked, in any of its forms.".to_owned(),
                        },
                    ),
                }
            }
        };
        let item = if facts.flag("async_queue") { Some(self.item(canonical, &forms, request)?) } else { None };
        let reply = self.reply(canonical)?;
        let chunk = match &canonical.reply.stream {
            Some(stream) => Some(self.type_of(&parse::shape(&stream.chunk)?, Side::Reply, &["Chunk".to_owned()])),
            None => None,
        };
        self.replies.extend(whole(&reply));
        self.chunks.extend(chunk.as_deref().and_then(whole));
        Ok(ModelPlan { facts, request, forms, item, reply, chunk, aliases, parameters })
    }

    /// The type of one queued request: the request itself, one of its forms, or a type of its own.
    fn item(&mut self, canonical: &Canonical, forms: &[(String, DefinitionId)], request: DefinitionId) -> Result<TypeText, Problems> {
        let Some(batch) = &canonical.request.batch else { return Ok(placeholder(request)) };
        if let Some(schema) = &batch.schema {
            return Ok(self.type_of(&parse::shape(schema)?, Side::Request, &["BatchItem".to_owned()]));
        }
        let only = forms.iter().find(|(name, _)| batch.forms.as_slice() == std::slice::from_ref(name));
        Ok(placeholder(only.map_or(request, |(_, id)| *id)))
    }

    fn reply(&mut self, canonical: &Canonical) -> Result<TypeText, Problems> {
        match (&canonical.reply.json, &canonical.reply.bytes) {
            (Some(json), _) => Ok(self.type_of(&parse::shape(json)?, Side::Reply, &["Reply".to_owned()])),
            (None, Some(_)) => Ok("::workers_ai_client::Media".to_owned()),
            (None, None) => Ok("::serde_json::Value".to_owned()),
        }
    }

    fn define(&mut self, key: String, definition: Definition) -> DefinitionId {
        self.definitions.push(definition);
        let id = self.definitions.len() - 1;
        self.keys.insert(key, id);
        id
    }

    /// The Rust type of a shape; `hints` are names for it, best first.
    pub(crate) fn type_of(&mut self, shape: &Shape, side: Side, hints: &[String]) -> TypeText {
        if let Some(rust) = &shape.rust {
            return rust.clone();
        }
        match &shape.kind {
            Kind::Any => "::serde_json::Value".to_owned(),
            Kind::Boolean(None) => "bool".to_owned(),
            Kind::Boolean(Some(_)) if side == Side::Reply => "bool".to_owned(),
            Kind::Boolean(Some(only)) => format!("::workers_ai_client::Always<{only}>"),
            Kind::Integer(_) | Kind::Number(_) | Kind::Text { .. } => bounded(shape).unwrap_or_else(|| primitive(&shape.kind)),
            Kind::Binary => "::workers_ai_client::Base64".to_owned(),
            Kind::Choice(values) => {
                let key = format!("{side:?} {}", shape.key());
                let id = self.keys.get(&key).copied().unwrap_or_else(|| {
                    let doc = crate::glossary::type_doc(hints);
                    self.define(
                        key,
                        Definition { kind: DefinitionKind::Choice { values: values.clone() }, side, hints: hints.to_vec(), doc },
                    )
                });
                placeholder(id)
            }
            Kind::List { items, length } => self.list(items, *length, side, hints),
            Kind::Object(fields) if fields.properties.is_empty() => match &fields.rest {
                Rest::Of(values) => {
                    let values = self.type_of(values, side, hints);
                    format!("::std::collections::BTreeMap<::std::string::String, {values}>")
                }
                _ => "::serde_json::Map<::std::string::String, ::serde_json::Value>".to_owned(),
            },
            Kind::Object(fields) => {
                let key = format!("{side:?} {}", shape.key());
                let id = self.keys.get(&key).copied().unwrap_or_else(|| {
                    let hint = hints.first().map_or("Value", String::as_str);
                    let kind = self.structure(fields, side, hint, None);
                    let doc = crate::glossary::type_doc(hints);
                    self.define(key, Definition { kind, side, hints: hints.to_vec(), doc })
                });
                placeholder(id)
            }
            Kind::Union(arms) => self.union(shape, arms, side, hints),
        }
    }

    fn list(&mut self, items: &Shape, length: Lengths, side: Side, hints: &[String]) -> TypeText {
        let hints: Vec<String> = hints
            .iter()
            .map(|hint| {
                let snake = crate::name::snake_case(hint);
                let one = pascal_case(&singular(&snake));
                if one == *hint && !one.ends_with("Item") && ["Data", "Content", "Reply", "Chunk"].contains(&one.as_str()) {
                    format!("{one}Item")
                } else {
                    one
                }
            })
            .collect();
        let title = items.title.as_deref().map(pascal_case).filter(|title| starts_well(title));
        let hints: Vec<String> = title.into_iter().chain(hints).collect();
        let items = self.type_of(items, side, &hints);
        if side == Side::Reply || length.is_unbounded() {
            return format!("::std::vec::Vec<{items}>");
        }
        let max = length.max.map(|max| format!(", {max}")).unwrap_or_default();
        format!("::workers_ai_client::List<{items}, {}{max}>", length.min.unwrap_or(0))
    }

    fn union(&mut self, shape: &Shape, arms: &[Shape], side: Side, hints: &[String]) -> TypeText {
        if let [one, many] = arms
            && let Kind::List { items, .. } = &many.kind
            && items.key() == one.key()
            && one.fields().is_none()
            && many.rust.is_none()
        {
            let one = self.type_of(one, side, hints);
            let many = self.type_of(many, side, hints);
            return format!("::workers_ai_client::OneOrMany<{one}, {many}>");
        }
        let key = format!("{side:?} {}", shape.key());
        if let Some(id) = self.keys.get(&key) {
            return placeholder(*id);
        }
        let hint = hints.first().cloned().unwrap_or_default();
        let tag = common_tag(arms);
        let tests = match &tag {
            Some((property, values)) => values.iter().map(|value| Test::Tag(property.clone(), value.clone())).collect(),
            None => tests(arms),
        };
        let mut taken = BTreeSet::from(["Unknown".to_owned()]);
        let mut named = Vec::new();
        for (arm, test) in arms.iter().zip(tests) {
            let candidates = [
                arm.title.as_deref().map(pascal_case),
                match &test {
                    Test::Tag(_, value) => Some(pascal_case(value)),
                    Test::Keys(keys) | Test::AnyKey(keys) => keys.first().map(|key| pascal_case(key)),
                    Test::Json(_) => None,
                },
                Some(kind_name(&arm.kind).to_owned()),
            ];
            let base = candidates.into_iter().flatten().find(|name| starts_well(name)).unwrap_or_else(|| "Other".to_owned());
            let mut name = base.clone();
            let mut suffix = vec!["List", "Object", "Text", "Value"].into_iter();
            while !taken.insert(name.clone()) {
                name = match suffix.next() {
                    Some(word) => format!("{base}{word}"),
                    None => format!("{name}Also"),
                };
            }
            let own = arm.title.as_deref().map(pascal_case).filter(|title| starts_well(title));
            let hints: Vec<String> = own.into_iter().chain([format!("{hint}{name}"), format!("{name}{hint}")]).collect();
            let ty = self.type_of(arm, side, &hints);
            named.push(Arm { name, ty, test });
        }
        let doc = crate::glossary::type_doc(hints);
        let kind = DefinitionKind::Union { arms: named, top: false };
        placeholder(self.define(key, Definition { kind, side, hints: hints.to_vec(), doc }))
    }

    fn structure(&mut self, fields: &Fields, side: Side, hint: &str, top: Option<Top>) -> DefinitionKind {
        let mut members = Vec::new();
        for (wire, shape) in &fields.properties {
            let own = pascal_case(wire);
            let own = if starts_well(&own) { own } else { format!("{hint}Field") };
            let hints = [own.clone(), format!("{hint}{own}")];
            let ty = self.type_of(shape, side, &hints);
            let required = fields.required.contains(wire);
            let presence = match (&shape.kind, side) {
                (Kind::Choice(values), Side::Request) if required && values.len() == 1 && shape.rust.is_none() => {
                    values.first().map_or(Presence::Required, |value| Presence::Fixed(value.clone()))
                }
                (_, Side::Request) if required => Presence::Required,
                (_, Side::Request) => Presence::Optional,
                (Kind::List { .. }, Side::Reply) => Presence::Lenient,
                (Kind::Text { .. }, Side::Reply) if required && shape.rust.is_none() => Presence::Lenient,
                (_, Side::Reply) => Presence::Optional,
            };
            members.push(Field { wire: wire.clone(), ty, presence, doc: crate::glossary::field_doc(wire, shape, side) });
        }
        DefinitionKind::Struct { fields: members, closed: fields.rest == Rest::Closed && side == Side::Request, top }
    }

    fn describe(&self, form: &str, field: &str, shape: &Shape, required: bool, rows: &mut Vec<Parameter>) {
        let default = shape.default.as_ref().map(ToString::to_string);
        let takes = crate::glossary::takes(shape);
        match rows.iter_mut().find(|row| row.name == field && row.takes == takes && row.default == default) {
            Some(row) => row.form = format!("{}, {form}", row.form),
            None => rows.push(Parameter { name: field.to_owned(), form: form.to_owned(), takes, default, required }),
        }
    }
}

fn describe_alias(field: &str, shape: &Shape) -> String {
    let default = shape.default.as_ref().map(|default| format!(" The service's default is `{default}`.")).unwrap_or_default();
    format!("`{field}`: {}.{default}", crate::glossary::takes(shape))
}

fn primitive(kind: &Kind) -> TypeText {
    match kind {
        Kind::Integer(_) => "i64".to_owned(),
        Kind::Number(_) => "f64".to_owned(),
        _ => "::std::string::String".to_owned(),
    }
}

/// The bounded type of a number or text that has published bounds.
fn bounded(shape: &Shape) -> Option<TypeText> {
    if shape.rust.is_some() {
        return None;
    }
    match &shape.kind {
        Kind::Integer(bounds) if !bounds.is_unbounded() => {
            Some(format!("::workers_ai_client::Integer<{}>", integers(*bounds)?))
        }
        Kind::Number(bounds) if !bounds.is_unbounded() => {
            let bounds = Bounds { min: thousandths(bounds.min)?, max: thousandths(bounds.max)? };
            Some(format!("::workers_ai_client::Number<{}>", integers(bounds)?))
        }
        Kind::Text { length, .. } if !length.is_unbounded() => {
            let max = length.max.map(|max| format!(", {max}")).unwrap_or_default();
            Some(format!("::workers_ai_client::Text<{}{max}>", length.min.unwrap_or(0)))
        }
        _ => None,
    }
}

/// A bound in thousandths, where that is exact.
#[expect(clippy::option_option, reason = "no bound is one thing, a bound finer than thousandths another")]
fn thousandths(bound: Option<f64>) -> Option<Option<f64>> {
    match bound {
        None => Some(None),
        Some(bound) => {
            let milli = (bound * 1000.0).round();
            ((milli / 1000.0 - bound).abs() < 1e-9 && milli.abs() < 9e15).then_some(Some(milli))
        }
    }
}

/// Bounds as const arguments: numbers only, so nothing hostile can end up in a path.
#[expect(clippy::cast_possible_truncation, reason = "checked to be below 2^53")]
fn integers(bounds: Bounds) -> Option<String> {
    let whole = |bound: f64| (bound.abs() < 9e15).then_some(bound as i64);
    let min = match bounds.min {
        None => "{ i64::MIN }".to_owned(),
        Some(min) => whole(min.ceil())?.to_string(),
    };
    match bounds.max {
        None => Some(min),
        Some(max) => Some(format!("{min}, {}", whole(max.floor())?)),
    }
}

/// A property that every arm requires with one value of its own.
fn common_tag(arms: &[Shape]) -> Option<(String, Vec<String>)> {
    let first = arms.first()?.fields()?;
    first.properties.keys().find_map(|property| {
        let mut values = Vec::new();
        for arm in arms {
            let fields = arm.fields()?;
            match &fields.properties.get(property)?.kind {
                Kind::Choice(choice) if choice.len() == 1 && fields.required.contains(property) => {
                    values.push(choice.first()?.clone());
                }
                _ => return None,
            }
        }
        let distinct: BTreeSet<_> = values.iter().collect();
        (distinct.len() == values.len()).then(|| (property.clone(), values))
    })
}

/// What tells each arm from the others.
fn tests(arms: &[Shape]) -> Vec<Test> {
    arms.iter()
        .enumerate()
        .map(|(index, arm)| {
            let Some(fields) = arm.fields() else { return Test::Json(json_type(&arm.kind)) };
            let objects: Vec<&Fields> =
                arms.iter().enumerate().filter(|(other, _)| *other != index).filter_map(|(_, arm)| arm.fields()).collect();
            if objects.is_empty() {
                return Test::Json("object");
            }
            if !fields.required.is_empty() {
                return Test::Keys(fields.required.iter().cloned().collect());
            }
            let telling: Vec<String> = fields
                .properties
                .keys()
                .filter(|name| !objects.iter().any(|other| other.properties.contains_key(*name)))
                .cloned()
                .collect();
            if telling.is_empty() { Test::Json("object") } else { Test::AnyKey(telling) }
        })
        .collect()
}

fn json_type(kind: &Kind) -> &'static str {
    match kind {
        Kind::Boolean(_) => "boolean",
        Kind::Integer(_) | Kind::Number(_) => "number",
        Kind::Text { .. } | Kind::Choice(_) | Kind::Binary => "string",
        Kind::List { .. } => "array",
        Kind::Object(_) => "object",
        Kind::Any | Kind::Union(_) => "any",
    }
}

fn kind_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Boolean(_) => "Flag",
        Kind::Integer(_) | Kind::Number(_) => "Number",
        Kind::Text { .. } => "Text",
        Kind::Choice(_) => "Mode",
        Kind::Binary => "Bytes",
        Kind::List { .. } => "List",
        Kind::Object(_) => "Object",
        Kind::Any | Kind::Union(_) => "Other",
    }
}

fn starts_well(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
}
