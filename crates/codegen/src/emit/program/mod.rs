//! Calls of a model as programs write them, from the JSON of their request.

mod chat;
mod json;
mod known;
mod sample;
mod value;

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::{Map, Value};

use self::value::Writer;
use super::model::module_ident;
use super::{names, pretty};
use crate::modality::Modality;
use crate::name::snake_case;
use crate::place::{Placement, place};
use crate::problem::{Problem, Problems};
use crate::share::{ModelPlan, Shared, share};

/// A whole program that calls a model with a request given as JSON, through the crate `workers-ai`.
///
/// The request is written with the typed constructors where it can be; a parameter that the bindings do not know is set by
/// its name, and what only JSON can say is said in JSON. With `stream` it prints the answer as it arrives. Bytes are read
/// from files, whatever the JSON holds in their place.
///
/// ```no_run
/// # fn main() -> Result<(), workers_ai_codegen::Problems> {
/// let modality = workers_ai_codegen::load("schemas/text-embeddings".as_ref())?;
/// let request = serde_json::json!({"text": "The sea was calm."});
/// println!("{}", workers_ai_codegen::program(&modality, "@cf/baai/bge-m3", &request, false)?);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// Where the modality has no such model, the model has no types, or the request is no JSON object; and every schema that
/// has no Rust form.
pub fn program(modality: &Modality, id: &str, request: &Value, stream: bool) -> Result<String, Problems> {
    let missing = |reason: &str| Problems::from(Problem::new("", reason).in_file(id));
    let fields = request.as_object().ok_or_else(|| missing("a request is a JSON object"))?;
    let shared = share(modality)?;
    let placement = place(&shared);
    let index = shared.models.iter().position(|model| model.facts.id == id);
    let (index, model) = index
        .and_then(|index| Some((index, shared.models.get(index)?)))
        .ok_or_else(|| missing("there are no types for this model"))?;
    if stream && model.types.chunk.is_none() {
        return Err(missing("this model does not stream"));
    }
    let call = Call::write(modality, &shared, &placement, index, fields, stream)?;
    let room = format_ident!("{}", snake_case(&modality.name));
    let (lit, items, json) = (call.lit(), call.items(), call.json());
    let module = module_ident(model.facts)?;
    let body = &call.body;
    let retired = super::model::is_behind(model.facts).then_some("// needs the feature `retired` of workers-ai\n");
    let file = pretty(quote! {
        use workers_ai::{Client, #lit prelude::*, #room::{#items #module}};
        #json
        #[tokio::main]
        async fn main() -> Result<(), Box<dyn std::error::Error>> {
            let client = Client::from_env()?;
            #body
            Ok(())
        }
    })?;
    // prettyplease keeps no blank lines.
    let file = json::fill_in(file, &call.later).replace("\n#[tokio::main]", "\n\n#[tokio::main]");
    Ok(format!("{}{file}", retired.unwrap_or_default()))
}

/// The lines of the doc examples of a model's module.
#[derive(Debug, Default)]
pub(super) struct Examples {
    /// A call of the model.
    pub(super) call: Option<String>,
    /// A request in each of its forms, where there are several.
    pub(super) forms: Option<String>,
}

/// The examples of a model's module, below the path of the crate that holds it.
pub(super) fn examples(
    modality: &Modality,
    shared: &Shared<'_>,
    placement: &Placement,
    index: usize,
    home: &str,
) -> Result<Examples, Problems> {
    let Some(model) = shared.models.get(index) else { return Ok(Examples::default()) };
    let home: TokenStream =
        home.parse().map_err(|_| Problem::new("", format!("`{}` is not a Rust path", home.escape_debug())))?;
    let call = match sample::sample(&modality.name, model.canonical) {
        Some(request) => {
            let call = Call::write(modality, shared, placement, index, &request, false)?;
            Some(call.example(model, &home, &quote!(prelude::*), "client: workers_ai_client::Client")?)
        }
        None => None,
    };
    let forms = match Call::forms(modality, shared, placement, index)? {
        Some(call) => Some(call.example(model, &home, &TokenStream::new(), "")?),
        None => None,
    };
    Ok(Examples { call, forms })
}

/// The statements of a call, and what they need in scope.
struct Call {
    body: TokenStream,
    needs_lit: bool,
    needs_json: bool,
    later: Vec<Value>,
    needs: BTreeSet<&'static str>,
}

impl Call {
    fn write(
        modality: &Modality,
        shared: &Shared<'_>,
        placement: &Placement,
        index: usize,
        fields: &Map<String, Value>,
        stream: bool,
    ) -> Result<Self, Problems> {
        let model = shared.models.get(index).ok_or_else(|| Problem::new("", "there is no such model"))?;
        let module = module_ident(model.facts)?;
        let mut fields = fields.clone();
        // Whether to stream is said by the method.
        fields.remove("stream");
        let mut writer = Writer::new(shared, model, names(placement, index), module.clone());
        let written = match writer.request(&fields) {
            Some(written) => written,
            None => {
                // Nothing of what was begun is used.
                (writer.needs_lit, writer.later, writer.needs) = (false, Vec::new(), BTreeSet::new());
                let json = writer.json(&Value::Object(fields));
                let expression = quote!(serde_json::from_value::<#module::Request>(#json)?);
                value::Request { expression, beside: Vec::new() }
            }
        };
        let mut setters = TokenStream::new();
        for (name, value) in &written.beside {
            let value = writer.json(value);
            setters.extend(quote!(.set(#name, #value)));
        }
        let request = written.expression;
        let handle = format_ident!("{}", snake_case(&modality.name));
        let call = quote!(client.#handle().#module(request)#setters);
        let answer = if stream { streamed(model, &call) } else { answered(model, &call) };
        Ok(Self::of(writer, quote! { let request = #request; #answer }))
    }

    /// A request in each form that can be written with its constructor; nothing where there is one form, or none.
    fn forms(
        modality: &Modality,
        shared: &Shared<'_>,
        placement: &Placement,
        index: usize,
    ) -> Result<Option<Self>, Problems> {
        let Some(model) = shared.models.get(index).filter(|model| model.canonical.request.forms.len() > 1) else {
            return Ok(None);
        };
        let mut writer = Writer::new(shared, model, names(placement, index), module_ident(model.facts)?);
        let mut body = TokenStream::new();
        let mut written = BTreeSet::new();
        for form in model.canonical.request.forms.values() {
            let sample = sample::of_form(&modality.name, form);
            let method = sample.as_ref().and_then(|sample| writer.method(sample));
            let (Some(sample), Some(method)) = (sample, method) else { continue };
            // Two forms may be told apart by more than what is shown of them.
            if let Some(request) = writer.request(&sample).filter(|_| written.insert(method.to_string())) {
                let expression = request.expression;
                body.extend(quote! { let #method = #expression; });
            }
        }
        Ok((written.len() > 1).then(|| Self::of(writer, body)))
    }

    fn of(writer: Writer<'_>, body: TokenStream) -> Self {
        let Writer { needs_lit, needs_json, later, needs, .. } = writer;
        Self { body, needs_lit, needs_json, later, needs }
    }

    /// As a doc test, with what else it takes from the crate and what its function is given.
    fn example(
        &self,
        model: &ModelPlan<'_>,
        home: &TokenStream,
        more: &TokenStream,
        given: &str,
    ) -> Result<String, Problems> {
        let (lit, items, json, body) = (self.lit(), self.items(), self.json(), &self.body);
        let module = module_ident(model.facts)?;
        let uses = pretty(quote! { use #home::{#items #lit #module, #more}; #json })?;
        let body = pretty(quote! { fn body() { #body } })?;
        let body = body.lines().filter_map(|line| line.strip_prefix("    ")).collect::<Vec<_>>().join("\n");
        let body = json::fill_in(body, &self.later);
        let deprecated = super::model::is_leaving(model.facts).then_some("# #![allow(deprecated)]\n");
        let future = if given.is_empty() { "" } else { "async " };
        Ok(format!(
            "```no_run\n{}{uses}\n# {future}fn example({given}) -> Result<(), Box<dyn std::error::Error>> {{\n{body}\n# Ok(())\n# }}\n```\n",
            deprecated.unwrap_or_default()
        ))
    }

    fn lit(&self) -> Option<TokenStream> {
        self.needs_lit.then(|| quote!(lit,))
    }

    fn json(&self) -> Option<TokenStream> {
        self.needs_json.then(|| {
            quote!(
                use serde_json::json;
            )
        })
    }

    fn items(&self) -> TokenStream {
        let items = self.needs.iter().map(|item| format_ident!("{item}"));
        quote!(#(#items,)*)
    }
}

/// Awaits the reply, and does with it what its kind asks for.
fn answered(model: &ModelPlan<'_>, call: &TokenStream) -> TokenStream {
    let shown = match model.types.reply.as_str() {
        "crate::Reply" => quote!(println!("{}", reply.text());),
        "::workers_ai_client::Media" => quote!(reply.save(format!("reply.{}", reply.extension()))?;),
        _ => quote!(println!("{reply:?}");),
    };
    quote! { let reply = #call.await?; #shown }
}

fn streamed(model: &ModelPlan<'_>, call: &TokenStream) -> TokenStream {
    let shown = match model.types.chunk.as_deref() {
        Some("crate::Chunk") => quote!(print!("{}", chunk.text());),
        _ => quote!(println!("{chunk:?}");),
    };
    quote! {
        let mut chunks = #call.stream().await?;
        while let Some(chunk) = chunks.try_next().await? { #shown }
    }
}
