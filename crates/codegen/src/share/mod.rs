//! Lifts every shape into one named definition a modality, however many models use it.

mod bounds;
mod tell;
mod types;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use crate::canonical::{Canonical, Realtime, Transport};
use crate::facts::Facts;
use crate::modality::Modality;
use bounds::bounded;
use tell::tests;

use crate::name::pascal_case;
use crate::parse;
use crate::place::is_reserved;
use crate::problem::{Problem, Problems};
pub(crate) use crate::shape::Side;
use crate::shape::{Kind, Shape};

/// Index of a definition.
pub(crate) type DefinitionId = usize;

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
    /// How a value becomes the field's, where that is not `Into`.
    pub(crate) conversion: Option<Conversion>,
}

/// A trait of the hand-written type's own in the place of `Into`.
#[derive(Clone, Debug)]
pub(crate) struct Conversion {
    /// The bound on the argument.
    pub(crate) bound: TypeText,
    /// The trait's method that converts.
    pub(crate) method: String,
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
    pub(crate) canonical: &'a Canonical,
    pub(crate) types: Rc<CallTypes>,
    pub(crate) aliases: Rc<Aliases>,
}

/// Bounded parameters: name, type, documentation.
pub(crate) type Aliases = BTreeMap<String, (TypeText, String)>;

type Known = (Rc<CallTypes>, Rc<Aliases>);

/// What models that are called alike have in common.
#[derive(Debug)]
pub(crate) struct CallTypes {
    pub(crate) request: DefinitionId,
    pub(crate) forms: Vec<(String, DefinitionId)>,
    pub(crate) item: Option<TypeText>,
    pub(crate) reply: TypeText,
    pub(crate) chunk: Option<TypeText>,
    pub(crate) session: Option<Session>,
    /// Rows of the parameter table.
    pub(crate) parameters: Vec<Parameter>,
}

/// The types of what is said in a session.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) content: Option<String>,
    pub(crate) sent: TypeText,
    pub(crate) received: TypeText,
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
    /// Types of canonical documents, by their address and whether requests may be queued.
    known: HashMap<(*const Canonical, bool), Known>,
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
        let queues = facts.flag("async_queue");
        let key = (std::ptr::from_ref(canonical), queues);
        let (types, aliases) = match self.known.get(&key) {
            Some(known) => known.clone(),
            None => {
                let (types, aliases) = self.types(canonical, queues)?;
                let known = (Rc::new(types), Rc::new(aliases));
                self.known.insert(key, known.clone());
                known
            }
        };
        let aliases = beside_marker(aliases, &facts.rust.marker);
        Ok(ModelPlan { facts, canonical, types, aliases })
    }

    fn types(&mut self, canonical: &Canonical, queues: bool) -> Result<(CallTypes, Aliases), Problems> {
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
            let doc = if single {
                "What the model is asked.".to_owned()
            } else {
                format!("What the model is asked, as `{name}`.")
            };
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
                    let mut alias = pascal_case(field);
                    if is_reserved(&alias) {
                        alias.push_str("Parameter");
                    }
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
        // A file outside JSON cannot wait in a queue, whatever the flag says.
        let travels_as_json = |form: &crate::Form| matches!(form.transport, Transport::Json | Transport::Raw(_));
        let item = if queues && canonical.request.forms.values().all(travels_as_json) {
            Some(self.item(canonical, &forms, request)?)
        } else {
            None
        };
        let reply = self.reply(canonical)?;
        let chunk = match &canonical.reply.stream {
            Some(stream) => Some(self.type_of(&parse::shape(&stream.chunk)?, Side::Reply, &["Chunk".to_owned()])),
            None => None,
        };
        self.replies.extend(whole(&reply));
        self.chunks.extend(chunk.as_deref().and_then(whole));
        let session = canonical.realtime.as_ref().map(session).transpose()?;
        Ok((CallTypes { request, forms, item, reply, chunk, session, parameters }, aliases))
    }

    /// The type of one queued request: the request itself, one of its forms, or a type of its own.
    fn item(
        &mut self,
        canonical: &Canonical,
        forms: &[(String, DefinitionId)],
        request: DefinitionId,
    ) -> Result<TypeText, Problems> {
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

    fn describe(&self, form: &str, field: &str, shape: &Shape, required: bool, rows: &mut Vec<Parameter>) {
        let default = shape.default.as_ref().map(ToString::to_string);
        let takes = crate::glossary::takes(shape);
        match rows.iter_mut().find(|row| row.name == field && row.takes == takes && row.default == default) {
            Some(row) => row.form = format!("{}, {form}", row.form),
            None => rows.push(Parameter { name: field.to_owned(), form: form.to_owned(), takes, default, required }),
        }
    }
}

/// The aliases in a module whose marker has a name of its own.
fn beside_marker(mut aliases: Rc<Aliases>, marker: &str) -> Rc<Aliases> {
    if aliases.contains_key(marker) {
        let aliases = Rc::make_mut(&mut aliases);
        if let Some(alias) = aliases.remove(marker) {
            aliases.entry(format!("{marker}Parameter")).or_insert(alias);
        }
    }
    aliases
}

/// Events differ in more than their JSON (some are bytes), so that only a hand can write their types.
fn session(realtime: &Realtime) -> Result<Session, Problems> {
    let carried = |schema, pointer| -> Result<TypeText, Problems> {
        let unwritten = || Problem::new(pointer, "the events of a session need a hand-written type: x-rust").into();
        parse::shape(schema)?.rust.ok_or_else(unwritten)
    };
    Ok(Session {
        content: realtime.content.clone(),
        sent: carried(&realtime.sent, "/realtime/sent")?,
        received: carried(&realtime.received, "/realtime/received")?,
    })
}

fn describe_alias(field: &str, shape: &Shape) -> String {
    let code = crate::glossary::code;
    let default = shape.default.as_ref().map(|default| code(&default.to_string()));
    let default = default.map(|default| format!(" The service's default is `{default}`.")).unwrap_or_default();
    format!("`{}`: {}.{default}", code(field), crate::glossary::takes(shape))
}
