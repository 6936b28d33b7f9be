//! Values of a request as the expressions that a programmer would write.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::{Map, Value};

use super::json;
use super::known::{Known, known};
use crate::emit::ident;
use crate::name::{pascal_case, snake_case};
use crate::share::{Arm, DefinitionId, DefinitionKind, Field, ModelPlan, Presence, Shared, Test};

/// Where an expression stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Place {
    /// An argument that converts what it is given.
    Converted,
    /// A place that takes the very type.
    Exact,
}

/// Writes expressions for one model, and remembers what they need in scope.
pub(super) struct Writer<'a> {
    pub(super) shared: &'a Shared<'a>,
    pub(super) model: &'a ModelPlan<'a>,
    pub(super) names: &'a BTreeMap<DefinitionId, String>,
    pub(super) module: Ident,
    /// Whether a value is checked where it is written.
    pub(super) needs_lit: bool,
    pub(super) needs_json: bool,
    /// What is written once the program is laid out, in order.
    pub(super) later: Vec<Value>,
    /// Hand-written types of the modality.
    pub(super) needs: BTreeSet<&'static str>,
}

/// The expression of a request, and the fields that it has no setter for.
pub(super) struct Request {
    pub(super) expression: TokenStream,
    pub(super) beside: Vec<(String, Value)>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        shared: &'a Shared<'a>,
        model: &'a ModelPlan<'a>,
        names: &'a BTreeMap<DefinitionId, String>,
        module: Ident,
    ) -> Self {
        let (later, needs) = (Vec::new(), BTreeSet::new());
        Self { shared, model, names, module, needs_lit: false, needs_json: false, later, needs }
    }

    /// The constructor that a request of several forms is made with.
    pub(super) fn method(&self, input: &Map<String, Value>) -> Option<Ident> {
        match &self.shared.definitions.get(self.model.types.request)?.kind {
            DefinitionKind::Union { arms, .. } => ident::plain(&snake_case(&self.form(arms, input)?.0.name)),
            _ => None,
        }
    }

    /// The whole request; nothing where a required field has no expression.
    pub(super) fn request(&mut self, input: &Map<String, Value>) -> Option<Request> {
        let module = self.module.clone();
        let id = self.model.types.request;
        match &self.shared.definitions.get(id)?.kind {
            DefinitionKind::Struct { fields, .. } => self.structure(quote!(#module::Request::new), fields, input, true),
            DefinitionKind::Union { arms, .. } => {
                let method = self.method(input)?;
                let (_, fields) = self.form(arms, input)?;
                self.structure(quote!(#module::Request::#method), fields, input, true)
            }
            DefinitionKind::Choice { .. } => None,
        }
    }

    /// The form that a request is in: one that knows all of its fields, else the first that it passes for.
    fn form<'b>(&self, arms: &'b [Arm], input: &Map<String, Value>) -> Option<(&'b Arm, &'b [Field])>
    where
        Self: 'b,
    {
        let shared: &'b Shared<'_> = self.shared;
        let forms = || {
            arms.iter().filter(|arm| passes(&arm.test, &Value::Object(input.clone()))).filter_map(move |arm| {
                match &shared.definitions.get(crate::share::whole(&arm.ty)?)?.kind {
                    DefinitionKind::Struct { fields, .. } => Some((arm, fields.as_slice())),
                    _ => None,
                }
            })
        };
        let knows = |fields: &[Field]| input.keys().all(|name| fields.iter().any(|field| field.wire == *name));
        forms().find(|(_, fields)| knows(fields)).or_else(|| forms().next())
    }

    /// A constructor with its arguments, and a setter for everything else.
    fn structure(
        &mut self,
        constructor: TokenStream,
        fields: &[Field],
        input: &Map<String, Value>,
        is_request: bool,
    ) -> Option<Request> {
        let idents = ident::fields(fields);
        let mut required: Vec<&Field> = fields.iter().filter(|field| field.presence == Presence::Required).collect();
        required.sort_by_key(|field| crate::glossary::rank(&field.wire));
        let mut arguments = Vec::new();
        for field in required {
            arguments.push(self.field(field, input.get(&field.wire)?, is_request)?);
        }
        let mut expression = quote!(#constructor(#(#arguments),*));
        let mut beside = Vec::new();
        for (name, value) in input {
            let found = fields.iter().zip(&idents).find(|(field, _)| field.wire == *name);
            match found.map(|(field, ident)| (field, ident, &field.presence)) {
                Some((_, _, Presence::Required)) => {}
                Some((_, _, Presence::Fixed(only))) if value.as_str() == Some(only) => {}
                Some((_, _, Presence::Fixed(_))) => return None,
                // What is not set is not sent.
                Some(_) if value.is_null() => {}
                Some((field, ident, _)) => match self.field(field, value, is_request) {
                    Some(value) => expression = quote!(#expression.#ident(#value)),
                    None if is_request => beside.push((name.clone(), value.clone())),
                    None => return None,
                },
                None if is_request => beside.push((name.clone(), value.clone())),
                None => return None,
            }
        }
        Some(Request { expression, beside })
    }

    fn field(&mut self, field: &Field, value: &Value, is_request: bool) -> Option<TokenStream> {
        if let Some(Known::Bounded { whole }) = known(&field.ty) {
            let number = self.checked(value, whole)?;
            let alias = is_request.then(|| self.alias(field)).flatten();
            return Some(match alias {
                Some(alias) => {
                    let module = &self.module;
                    quote!(lit!(#module::#alias, #number))
                }
                None => quote!(lit!(#number)),
            });
        }
        self.value(&field.ty, value, &field.wire, Place::Converted)
    }

    /// The name that a bounded parameter's type has in the model's module.
    fn alias(&self, field: &Field) -> Option<Ident> {
        let name = pascal_case(&field.wire);
        let found = [name.clone(), format!("{name}Parameter")]
            .into_iter()
            .find(|name| self.model.aliases.get(name).is_some_and(|(ty, _)| *ty == field.ty))?;
        ident::plain(&found)
    }

    /// A value of a type, in a place; `wire` is what it is called.
    pub(super) fn value(&mut self, ty: &str, value: &Value, wire: &str, place: Place) -> Option<TokenStream> {
        let converted = |expression: TokenStream| match place {
            Place::Converted => expression,
            Place::Exact => quote!(#expression.into()),
        };
        Some(match known(ty)? {
            Known::Bool => {
                let value = value.as_bool()?;
                quote!(#value)
            }
            Known::Integer => {
                let whole = value.as_i64()?;
                let number = number(value, true)?;
                // Alone a literal would be an `i32`.
                if i32::try_from(whole).is_ok() {
                    number
                } else {
                    let literal = Literal::i64_suffixed(whole);
                    quote!(#literal)
                }
            }
            Known::Float => number(value, false)?,
            Known::Text => {
                let text = value.as_str()?;
                converted(quote!(#text))
            }
            Known::Json => self.json(value),
            Known::Bounded { whole } => {
                let number = self.checked(value, whole)?;
                quote!(lit!(#number))
            }
            Known::Always => return None,
            Known::Digits => {
                let number = Literal::u64_suffixed(value.as_u64().or_else(|| value.as_str()?.parse().ok())?);
                converted(quote!(#number))
            }
            Known::Bytes => {
                // Where a name stands in the place of the bytes, it is the file's.
                let named = value.as_str().filter(|name| {
                    !name.is_empty() && name.len() < 256 && name.contains('.') && !name.starts_with("data:")
                });
                let file = named.unwrap_or(file_name(wire));
                converted(quote!(std::fs::read(#file)?))
            }
            Known::List(item) => {
                let place = if has_conversions(&item) { Place::Converted } else { Place::Exact };
                let items = self.items(&item, value, wire, place)?;
                converted(quote!([#(#items),*]))
            }
            Known::Vec(item) => {
                let items = self.items(&item, value, wire, Place::Exact)?;
                quote!(vec![#(#items),*])
            }
            Known::OneOrMany(one, many) => match value {
                Value::Array(_) => self.value(&many, value, wire, Place::Converted).map(converted)?,
                _ => self.value(&one, value, wire, Place::Converted).map(converted)?,
            },
            Known::Table(values) => {
                let mut entries = Vec::new();
                for (key, value) in value.as_object()? {
                    let value = self.value(&values, value, key, Place::Exact)?;
                    entries.push(quote!((#key.to_owned(), #value)));
                }
                quote!(std::collections::BTreeMap::from([#(#entries),*]))
            }
            Known::Definition(id) => self.defined(id, value, wire, place)?,
            Known::Written(name) => self.written(&name, value, place)?,
        })
    }

    /// The items of a list; an empty one would leave the compiler without a type.
    fn items(&mut self, ty: &str, value: &Value, wire: &str, place: Place) -> Option<Vec<TokenStream>> {
        let items = value.as_array().filter(|items| !items.is_empty())?;
        items.iter().map(|item| self.value(ty, item, wire, place)).collect()
    }

    fn defined(&mut self, id: DefinitionId, value: &Value, wire: &str, place: Place) -> Option<TokenStream> {
        let shared = self.shared;
        let name = format_ident!("{}", self.names.get(&id)?);
        let module = self.module.clone();
        match &shared.definitions.get(id)?.kind {
            DefinitionKind::Struct { fields, .. } => {
                let written = self.structure(quote!(#module::#name::new), fields, value.as_object()?, false)?;
                Some(written.expression)
            }
            DefinitionKind::Choice { values } => {
                let position = values.iter().position(|known| Some(known.as_str()) == value.as_str())?;
                let variant = ident::variants(values).into_iter().nth(position)?;
                Some(quote!(#module::#name::#variant))
            }
            DefinitionKind::Union { arms, .. } => {
                let arm = arms.iter().find(|arm| passes(&arm.test, value))?;
                let is_unlike = arms.iter().filter(|other| other.ty == arm.ty).count() == 1;
                let variant = format_ident!("{}", arm.name);
                let inner = self.value(&arm.ty, value, wire, Place::Exact)?;
                Some(match place {
                    Place::Converted if is_unlike && crate::share::whole(&arm.ty).is_some() => inner,
                    _ => quote!(#module::#name::#variant(#inner)),
                })
            }
        }
    }

    /// A number for `lit!`. (What stands inside a macro is laid out without a thought for signs.)
    fn checked(&mut self, value: &Value, whole: bool) -> Option<TokenStream> {
        self.needs_lit = true;
        let number = number(value, whole)?;
        let is_negative = value.as_f64()?.is_sign_negative();
        let stand_in = is_negative.then(|| self.later(&if whole { value.clone() } else { value.as_f64().into() }));
        Some(stand_in.map_or(number, |stand_in| quote!(#stand_in)))
    }

    /// Any JSON, by the macro.
    pub(super) fn json(&mut self, value: &Value) -> TokenStream {
        self.needs_json = true;
        let stand_in = self.later(value);
        quote!(json!(#stand_in))
    }

    fn later(&mut self, value: &Value) -> Ident {
        self.later.push(value.clone());
        json::stand_in(self.later.len() - 1)
    }
}

/// Whether a list takes its items as what they convert from.
fn has_conversions(item: &str) -> bool {
    !matches!(known(item), Some(Known::Definition(_) | Known::Integer | Known::Float | Known::Bool))
}

/// A number as its type writes it.
fn number(value: &Value, whole: bool) -> Option<TokenStream> {
    let literal = match whole {
        true => Literal::i64_unsuffixed(value.as_i64()?),
        false => Literal::f64_unsuffixed(value.as_f64()?),
    };
    Some(quote!(#literal))
}

/// Whether a value is what an arm is told by.
fn passes(test: &Test, value: &Value) -> bool {
    match test {
        Test::Keys(keys) => keys.iter().all(|key| value.get(key).is_some()),
        Test::AnyKey(keys) => keys.iter().any(|key| value.get(key).is_some()),
        Test::Tag(property, tag) => value.get(property).and_then(Value::as_str) == Some(tag),
        Test::Json(name) => *name == "any" || *name == json_type(value),
    }
}

fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// A file that a field's bytes could come from.
fn file_name(wire: &str) -> &'static str {
    match wire {
        "audio" => "speech.mp3",
        "mask" => "mask.png",
        _ => "picture.png",
    }
}
