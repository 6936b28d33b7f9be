//! Structs and closed enums, made by typify from definitions that hold nothing but placeholders.
//!
//! typify never sees a published word: fields are `f0000`, variants `V0000`, types `Def00000`, and every type that is
//! not plain is a replacement. Names, serde attributes and documentation are put on afterwards, where this crate decides them.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use schemars::schema::Schema;
use serde_json::{Map, Value, json};
use syn::{Fields as SynFields, Item, ItemEnum, ItemStruct, Type};
use typify::{TypeSpace, TypeSpaceSettings};

use super::ident;
use super::substitute::{Names, substitute};
use super::type_tokens;
use crate::problem::{Problem, Problems};
use crate::share::{Definition, DefinitionId, DefinitionKind, Field, Presence, Shared, Side, placeholder, whole};

/// Items by definition, and typify's module of conversion errors.
pub(super) type Data = (BTreeMap<DefinitionId, TokenStream>, Option<TokenStream>);

/// Structs and closed enums of all definitions.
pub(super) fn data(shared: &Shared<'_>) -> Result<Data, Problems> {
    let mut settings = TypeSpaceSettings::default();
    let mut schemas: Vec<(String, Value)> = Vec::new();
    let mut replaced: BTreeMap<String, String> = BTreeMap::new();
    for (id, definition) in shared.definitions.iter().enumerate() {
        match &definition.kind {
            DefinitionKind::Struct { fields, closed, .. } => {
                schemas.push((placeholder(id), structure(shared, fields, *closed, &mut replaced)))
            }
            DefinitionKind::Choice { values } if definition.side == Side::Request => {
                let values: Vec<String> = (0..values.len()).map(|index| format!("V{index:04}")).collect();
                schemas.push((placeholder(id), json!({"type": "string", "enum": values})));
            }
            _ => {}
        }
    }
    for (ty, name) in &replaced {
        type_tokens(ty)?;
        settings.with_replacement(name, ty, [].into_iter());
        schemas.push((name.clone(), json!({"type": "object"})));
    }
    let mut definitions = Vec::new();
    for (name, schema) in schemas {
        let schema: Schema = serde_json::from_value(schema).map_err(|error| Problem::new("", error.to_string()))?;
        definitions.push((name, schema));
    }
    let has_choices = schemas_have_choices(shared);
    let tokens = run(&settings, definitions)?;
    let file: syn::File = syn::parse2(tokens).map_err(|error| Problem::new("", format!("typify's output: {error}")))?;
    let (items, error_module) = sort(file, shared)?;
    Ok((items, error_module.filter(|_| has_choices)))
}

/// Only closed choices are read from text, and so need typify's error of doing so.
fn schemas_have_choices(shared: &Shared<'_>) -> bool {
    shared
        .definitions
        .iter()
        .any(|definition| definition.side == Side::Request && matches!(definition.kind, DefinitionKind::Choice { .. }))
}

/// typify panics on what it does not expect; nothing here should reach that, and if it does it is an error like others.
fn run(settings: &TypeSpaceSettings, definitions: Vec<(String, Schema)>) -> Result<TokenStream, Problems> {
    let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| {
        let mut space = TypeSpace::new(settings);
        space.add_ref_types(definitions).map(|()| space.to_stream())
    }));
    match outcome {
        Ok(Ok(tokens)) => Ok(tokens),
        Ok(Err(error)) => Err(Problem::new("", format!("typify: {error}")).into()),
        Err(_) => Err(Problem::new("", "typify gave up on a definition").into()),
    }
}

fn structure(shared: &Shared<'_>, fields: &[Field], closed: bool, replaced: &mut BTreeMap<String, String>) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        let name = format!("f{index:04}");
        properties.insert(name.clone(), reference(shared, &field.ty, replaced));
        if field.presence != Presence::Optional {
            required.push(name);
        }
    }
    let mut schema = json!({"type": "object", "properties": properties, "required": required});
    if closed && let Some(members) = schema.as_object_mut() {
        members.insert("additionalProperties".to_owned(), json!(false));
    }
    schema
}

/// How typify is told a field's type: plainly where it is plain, else as a named replacement.
fn reference(shared: &Shared<'_>, ty: &str, replaced: &mut BTreeMap<String, String>) -> Value {
    match ty {
        "bool" => return json!({"type": "boolean"}),
        "i64" => return json!({"type": "integer"}),
        "f64" => return json!({"type": "number"}),
        "::std::string::String" => return json!({"type": "string"}),
        _ => {}
    }
    let plain = ty.strip_prefix("Def").and_then(|digits| digits.parse::<usize>().ok());
    if let Some(definition) = plain.and_then(|id| shared.definitions.get(id)) {
        let by_typify = match definition.kind {
            DefinitionKind::Struct { .. } => true,
            DefinitionKind::Choice { .. } => definition.side == Side::Request,
            DefinitionKind::Union { .. } => false,
        };
        if by_typify {
            return json!({"$ref": format!("#/definitions/{ty}")});
        }
    }
    let next = format!("Ext{:05}", replaced.len());
    let name = replaced.entry(ty.to_owned()).or_insert(next);
    json!({"$ref": format!("#/definitions/{name}")})
}

/// Sorts typify's items by the definition that they belong to, and puts names on them.
fn sort(file: syn::File, shared: &Shared<'_>) -> Result<Data, Problems> {
    let mut items: BTreeMap<DefinitionId, TokenStream> = BTreeMap::new();
    let mut error_module = None;
    for item in file.items {
        match item {
            Item::Mod(module) if module.ident == "error" => {
                error_module = Some(error_type(&module));
            }
            Item::Struct(item) => {
                if let Some((id, definition)) = owner(&item.ident, shared) {
                    items.entry(id).or_default().extend(dress_struct(item, definition)?);
                }
            }
            Item::Enum(item) => {
                if let Some((id, definition)) = owner(&item.ident, shared) {
                    items.entry(id).or_default().extend(dress_enum(item, definition));
                }
            }
            Item::Impl(item) => {
                if let Type::Path(path) = &*item.self_ty
                    && let Some(ident) = path.path.get_ident()
                    && let Some((id, definition)) = owner(ident, shared)
                    && is_wanted(&item, definition)
                {
                    let names = variant_names(definition);
                    items.entry(id).or_default().extend(substitute(quote!(#item), &names));
                }
            }
            _ => {}
        }
    }
    Ok((items, error_module))
}

/// Conversions by value and from owned strings only repeat what the others do.
fn is_wanted(item: &syn::ItemImpl, definition: &Definition) -> bool {
    let Some((path, _)) = &item.trait_ else { return false };
    let path = quote!(#path).to_string().replace(' ', "");
    match definition.kind {
        DefinitionKind::Choice { .. } => path.contains("Display") || path.contains("FromStr"),
        _ => false,
    }
}

fn error_type(module: &syn::ItemMod) -> TokenStream {
    let content = module.content.as_ref().map(|(_, items)| items.as_slice()).unwrap_or_default();
    let content = content.iter().map(|item| {
        let doc = matches!(item, Item::Struct(_)).then(|| quote!(#[doc = " A text is not one of the allowed values."]));
        let mut item = item.clone();
        if let Item::Struct(item) = &mut item {
            item.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
        }
        quote!(#doc #item)
    });
    quote! {
        #[doc = " The error of turning text into one of a fixed list of values."]
        pub mod error { #(#content)* }
    }
}

fn owner<'a>(ident: &Ident, shared: &'a Shared<'_>) -> Option<(DefinitionId, &'a Definition)> {
    let id: usize = ident.to_string().strip_prefix("Def")?.parse().ok()?;
    shared.definitions.get(id).map(|definition| (id, definition))
}

fn dress_struct(mut item: ItemStruct, definition: &Definition) -> Result<TokenStream, Problems> {
    let DefinitionKind::Struct { fields, .. } = &definition.kind else { return Ok(quote!(#item)) };
    let doc = format!(" {}", definition.doc);
    item.attrs.retain(|attribute| attribute.path().is_ident("serde"));
    item.attrs.insert(0, syn::parse_quote!(#[non_exhaustive]));
    let empty = fields.iter().all(|field| field.presence == Presence::Optional);
    let default = (empty && definition.side == Side::Request).then(|| quote!(Default,));
    item.attrs.insert(0, syn::parse_quote!(#[derive(Clone, Debug, #default Deserialize, Serialize)]));
    item.attrs.insert(0, syn::parse_quote!(#[doc = #doc]));
    let skipped = match &definition.kind {
        DefinitionKind::Struct { top: Some(top), .. } => match &top.transport {
            crate::canonical::Transport::RawWithQuery(field) => Some(field.as_str()),
            _ => None,
        },
        _ => None,
    };
    let idents = ident::fields(fields);
    if let SynFields::Named(named) = &mut item.fields {
        for member in &mut named.named {
            let index = member
                .ident
                .as_ref()
                .and_then(|ident| ident.to_string().strip_prefix('f').and_then(|digits| digits.parse::<usize>().ok()));
            let Some((field, ident)) = index.and_then(|index| Some((fields.get(index)?, idents.get(index)?))) else {
                continue;
            };
            member.attrs = attributes(field, ident, skipped == Some(field.wire.as_str()));
            member.ident = Some(ident.clone());
        }
    }
    Ok(quote!(#item))
}

fn attributes(field: &Field, ident: &Ident, skipped: bool) -> Vec<syn::Attribute> {
    let mut attributes: Vec<syn::Attribute> = Vec::new();
    let doc = format!(" {}", field.doc);
    attributes.push(syn::parse_quote!(#[doc = #doc]));
    if *ident != field.wire {
        let wire = &field.wire;
        attributes.push(syn::parse_quote!(#[serde(rename = #wire)]));
    }
    if skipped {
        attributes.push(syn::parse_quote!(#[serde(skip_serializing)]));
    }
    match field.presence {
        Presence::Optional => {
            attributes.push(syn::parse_quote!(#[serde(default, skip_serializing_if = "Option::is_none")]));
        }
        Presence::Lenient => {
            attributes.push(syn::parse_quote!(#[serde(default, deserialize_with = "client::wire::null_as_default")]));
        }
        Presence::Required | Presence::Fixed(_) => {}
    }
    attributes
}

fn variant_names(definition: &Definition) -> Names {
    let mut names = Names::default();
    if let DefinitionKind::Choice { values } = &definition.kind {
        for (index, (ident, value)) in ident::variants(values).into_iter().zip(values).enumerate() {
            names.idents.insert(format!("V{index:04}"), ident.to_string());
            names.literals.insert(format!("\"V{index:04}\""), value.clone());
        }
    }
    names
}

fn dress_enum(mut item: ItemEnum, definition: &Definition) -> TokenStream {
    let DefinitionKind::Choice { values } = &definition.kind else { return quote!(#item) };
    let doc = format!(" {}", definition.doc);
    item.attrs.clear();
    item.attrs.push(syn::parse_quote!(#[doc = #doc]));
    item.attrs.push(syn::parse_quote!(#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]));
    item.attrs.push(syn::parse_quote!(#[non_exhaustive]));
    let idents = ident::variants(values);
    for ((variant, ident), value) in item.variants.iter_mut().zip(&idents).zip(values) {
        let doc = format!(" `{}`", crate::glossary::code(value));
        variant.attrs = vec![syn::parse_quote!(#[doc = #doc])];
        if *ident != value {
            variant.attrs.push(syn::parse_quote!(#[serde(rename = #value)]));
        }
        variant.ident = ident.clone();
    }
    quote!(#item)
}

/// How a parameter takes its value, and how that becomes the field's.
pub(super) fn parameter(
    field: &Field,
    ident: &Ident,
    shared: &Shared<'_>,
) -> Result<(TokenStream, TokenStream), Problems> {
    let ty = type_tokens(&field.ty)?;
    if let Some(conversion) = &field.conversion {
        let bound = type_tokens(&conversion.bound)?;
        let method = type_tokens(&conversion.method)?;
        return Ok((quote!(impl #bound), quote!(#method(#ident))));
    }
    // Nothing converts into these, and a mismatch reads better against the type itself.
    let exact = field.ty == "bool"
        || ["Number<", "Integer<", "Always<"]
            .iter()
            .any(|name| field.ty.starts_with(&format!("::workers_ai_client::{name}")))
        || whole(&field.ty)
            .and_then(|id| shared.definitions.get(id))
            .is_some_and(|definition| matches!(definition.kind, DefinitionKind::Choice { .. }));
    if exact {
        return Ok((quote!(#ty), quote!(#ident)));
    }
    Ok((quote!(impl ::std::convert::Into<#ty>), quote!(#ident.into())))
}

/// Arguments of a constructor, and their names.
pub(super) fn arguments(fields: &[Field], shared: &Shared<'_>) -> Result<(Vec<TokenStream>, Vec<Ident>), Problems> {
    let mut required: Vec<(&Field, Ident)> =
        fields.iter().zip(ident::fields(fields)).filter(|(field, _)| field.presence == Presence::Required).collect();
    required.sort_by_key(|(field, _)| crate::glossary::rank(&field.wire));
    let mut arguments = Vec::new();
    let mut values = Vec::new();
    for (field, ident) in required {
        let (takes, _) = parameter(field, &ident, shared)?;
        arguments.push(quote!(#ident: #takes));
        values.push(ident);
    }
    Ok((arguments, values))
}

/// The constructor's name; a field called `new` has a setter of that name.
pub(super) fn constructor(fields: &[Field]) -> Ident {
    let clash = fields.iter().any(|field| field.wire == "new");
    Ident::new(if clash { "create" } else { "new" }, Span::call_site())
}

/// `new` from the required fields, and a setter for every optional one.
pub(super) fn constructors(id: DefinitionId, fields: &[Field], shared: &Shared<'_>) -> Result<TokenStream, Problems> {
    let name = format_ident!("{}", placeholder(id));
    let (arguments, _) = arguments(fields, shared)?;
    let new = constructor(fields);
    let mut members = Vec::new();
    let mut setters = Vec::new();
    for (field, ident) in fields.iter().zip(ident::fields(fields)) {
        let doc = format!(" {}", field.doc);
        let ty = type_tokens(&field.ty)?;
        match &field.presence {
            Presence::Required => {
                let (_, value) = parameter(field, &ident, shared)?;
                let as_is = ident == value.to_string();
                members.push(if as_is { quote!(#ident) } else { quote!(#ident: #value) });
            }
            Presence::Fixed(value) => {
                let variant = ident::variants(std::slice::from_ref(value));
                members.push(quote!(#ident: #(<#ty>::#variant)*));
            }
            Presence::Optional | Presence::Lenient => {
                members.push(quote!(#ident: None));
                let (takes, value) = parameter(field, &ident, shared)?;
                setters.push(quote! {
                    #[doc = #doc]
                    #[must_use]
                    pub fn #ident(mut self, #ident: #takes) -> Self {
                        self.#ident = Some(#value);
                        self
                    }
                });
            }
        }
    }
    let doc = match arguments.len() {
        0 => " With nothing set.",
        _ => " From what is required; everything else is left to the service.",
    };
    Ok(quote! {
        impl #name {
            #[doc = #doc]
            #[must_use]
            pub fn #new(#(#arguments),*) -> Self {
                Self { #(#members),* }
            }
            #(#setters)*
        }
    })
}
