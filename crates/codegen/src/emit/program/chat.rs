//! The hand-written vocabulary of chat, as programs write it.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Map, Value};

use super::value::{Place, Writer};

impl Writer<'_> {
    /// A value of a type that is written by hand; nothing where only its JSON can say it.
    pub(super) fn written(&mut self, name: &str, value: &Value, place: Place) -> Option<TokenStream> {
        match name {
            "Messages" => {
                let messages: Option<Vec<TokenStream>> =
                    value.as_array()?.iter().map(|message| self.message(message.as_object()?)).collect();
                let messages = messages.filter(|messages| !messages.is_empty())?;
                self.needs.insert("Message");
                Some(quote!([#(#messages),*]))
            }
            "Tools" => {
                let tools: Option<Vec<TokenStream>> = value.as_array()?.iter().map(|tool| self.tool(tool)).collect();
                let tools = tools.filter(|tools| !tools.is_empty())?;
                self.needs.insert("Tool");
                Some(quote!([#(#tools),*]))
            }
            "ToolChoice" => {
                let choice = match value {
                    Value::String(mode) => match mode.as_str() {
                        "auto" => quote!(ToolChoice::Auto),
                        "none" => quote!(ToolChoice::None),
                        "required" => quote!(ToolChoice::Required),
                        _ => return None,
                    },
                    _ => {
                        let name = only(value.as_object()?, &["type", "function"])?.get("function")?;
                        let name = only(name.as_object()?, &["name"])?.get("name")?.as_str()?;
                        quote!(ToolChoice::function(#name))
                    }
                };
                self.needs.insert("ToolChoice");
                Some(choice)
            }
            "ResponseFormat" => {
                let format = only(value.as_object()?, &["type", "json_schema"])?;
                let written = match (format.get("type")?.as_str()?, format.get("json_schema")) {
                    ("text", None) => quote!(ResponseFormat::text()),
                    ("json_object", None) => quote!(ResponseFormat::json_object()),
                    ("json_schema", Some(given)) => {
                        // The wrapper of the newer models is put around it by the type.
                        let schema = given.get("schema").filter(|schema| schema.is_object()).unwrap_or(given);
                        let schema = self.json(schema);
                        quote!(ResponseFormat::json_schema(#schema))
                    }
                    _ => return None,
                };
                self.needs.insert("ResponseFormat");
                Some(written)
            }
            "Lora" => {
                let name = value.as_str()?;
                Some(match place {
                    Place::Converted => quote!(#name),
                    Place::Exact => quote!(#name.into()),
                })
            }
            _ => None,
        }
    }

    fn message(&mut self, message: &Map<String, Value>) -> Option<TokenStream> {
        let role = message.get("role")?.as_str()?;
        only(message, &["role", "content", "name", "tool_call_id", "tool_calls"])?;
        let content = match message.get("content") {
            None | Some(Value::Null) => quote!(""),
            Some(Value::String(text)) => quote!(#text),
            Some(Value::Array(parts)) => {
                let parts: Option<Vec<TokenStream>> = parts.iter().map(part).collect();
                let parts = parts.filter(|parts| !parts.is_empty())?;
                self.needs.insert("Part");
                quote!([#(#parts),*])
            }
            Some(_) => return None,
        };
        let mut written = match role {
            "system" => quote!(Message::system(#content)),
            "developer" => quote!(Message::developer(#content)),
            "user" => quote!(Message::user(#content)),
            "assistant" => quote!(Message::assistant(#content)),
            "tool" => {
                let id = message.get("tool_call_id")?.as_str()?;
                quote!(Message::tool(#id, #content))
            }
            _ => return None,
        };
        if let Some(name) = message.get("name") {
            let name = name.as_str()?;
            written = quote!(#written.with_name(#name));
        }
        if let Some(calls) = message.get("tool_calls").filter(|calls| !calls.is_null()) {
            let calls: Option<Vec<TokenStream>> = calls.as_array()?.iter().map(|call| self.tool_call(call)).collect();
            let calls = calls.filter(|calls| !calls.is_empty())?;
            self.needs.insert("ToolCall");
            written = quote!(#written.with_tool_calls([#(#calls),*]));
        }
        Some(written)
    }

    /// A call in either spelling, its arguments as an object or as text.
    fn tool_call(&mut self, call: &Value) -> Option<TokenStream> {
        let function = call.get("function").unwrap_or(call);
        let id = call.get("id").and_then(Value::as_str).unwrap_or_default();
        let name = function.get("name")?.as_str()?;
        let arguments = match function.get("arguments")? {
            Value::String(text) => serde_json::from_str(text).ok()?,
            other => other.clone(),
        };
        let arguments = self.json(&arguments);
        Some(quote!(ToolCall::new(#id, #name, #arguments)))
    }

    /// A tool in either spelling.
    fn tool(&mut self, tool: &Value) -> Option<TokenStream> {
        let function = match tool.get("function") {
            Some(function) => {
                only(tool.as_object()?, &["type", "function"])?;
                function
            }
            None => tool,
        };
        let function = only(function.as_object()?, &["name", "description", "parameters"])?;
        let name = function.get("name")?.as_str()?;
        let description = function.get("description").and_then(Value::as_str).unwrap_or_default();
        let parameters = self.json(function.get("parameters").unwrap_or(&Value::Null));
        Some(quote!(Tool::function(#name, #description, #parameters)))
    }
}

/// A part of a message's content: text, or a picture by its address.
fn part(part: &Value) -> Option<TokenStream> {
    let part = part.as_object()?;
    match part.get("type")?.as_str()? {
        "text" => {
            let text = only(part, &["type", "text"])?.get("text")?.as_str()?;
            Some(quote!(Part::text(#text)))
        }
        "image_url" => {
            let url = only(part, &["type", "image_url"])?.get("image_url")?.as_object()?;
            let url = only(url, &["url"])?.get("url")?.as_str()?;
            Some(quote!(Part::image(#url)))
        }
        _ => None,
    }
}

/// The members, if there are none but these.
fn only<'a>(members: &'a Map<String, Value>, known: &[&str]) -> Option<&'a Map<String, Value>> {
    members.keys().all(|name| known.contains(&name.as_str())).then_some(members)
}
