//! The types that a request's fields can have, read back from their text.

use syn::{GenericArgument, PathArguments, Type};

use crate::share::{DefinitionId, TypeText};

/// What a type text names.
#[derive(Debug, PartialEq)]
pub(super) enum Known {
    Bool,
    Integer,
    Float,
    Text,
    /// Any JSON.
    Json,
    /// `Number`, `Integer`: checked where they are written.
    Bounded {
        whole: bool,
    },
    /// A flag with one position.
    Always,
    /// A whole number of any size, written as text.
    Digits,
    /// Bytes, however they travel.
    Bytes,
    List(TypeText),
    /// A list that takes its items' own kinds only.
    Vec(TypeText),
    OneOrMany(TypeText, TypeText),
    Table(TypeText),
    Definition(DefinitionId),
    /// A hand-written type of the modality, by its name.
    Written(String),
}

/// Reads a type text; nothing where it is of no kind that is known here.
pub(super) fn known(ty: &str) -> Option<Known> {
    let Type::Path(path) = syn::parse_str::<Type>(ty).ok()? else { return None };
    let written_here = path.path.segments.first().is_some_and(|first| first.ident == "crate");
    let last = path.path.segments.last()?;
    let arguments: Vec<TypeText> = match &last.arguments {
        PathArguments::AngleBracketed(list) => list
            .args
            .iter()
            .filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(quote::quote!(#ty).to_string().replace(' ', "")),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    let name = last.ident.to_string();
    let mut arguments = arguments.into_iter();
    let mut next = || arguments.next();
    Some(match name.as_str() {
        _ if written_here => Known::Written(name),
        "bool" => Known::Bool,
        "i64" => Known::Integer,
        "f64" => Known::Float,
        "String" | "Text" => Known::Text,
        "Value" => Known::Json,
        "Number" => Known::Bounded { whole: false },
        "Integer" => Known::Bounded { whole: true },
        "Always" => Known::Always,
        "Digits" => Known::Digits,
        "Base64" | "ByteArray" | "Media" => Known::Bytes,
        "List" => Known::List(next()?),
        "Vec" => Known::Vec(next()?),
        "OneOrMany" => Known::OneOrMany(next()?, next()?),
        "BTreeMap" => {
            next()?;
            Known::Table(next()?)
        }
        _ => Known::Definition(crate::share::whole(&name)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ty: &str, expected: Option<Known>) {
        assert_eq!(known(ty), expected, "{ty}");
    }

    #[test]
    fn types_are_read_back() {
        check("bool", Some(Known::Bool));
        check("::workers_ai_client::Number<0, 5000>", Some(Known::Bounded { whole: false }));
        check("::std::vec::Vec<Def00012>", Some(Known::Vec("Def00012".to_owned())));
        check(
            "::workers_ai_client::List<::workers_ai_client::Text<1>, 0, 100>",
            Some(Known::List("::workers_ai_client::Text<1>".to_owned())),
        );
        check("crate::Messages<crate::Text, crate::Classic>", Some(Known::Written("Messages".to_owned())));
        check("i64", Some(Known::Integer));
        check("f64", Some(Known::Float));
        check("::std::string::String", Some(Known::Text));
        check("::workers_ai_client::Text<1, 5>", Some(Known::Text));
        check("::serde_json::Value", Some(Known::Json));
        check("::workers_ai_client::Integer<{ i64::MIN }, 5>", Some(Known::Bounded { whole: true }));
        check("::workers_ai_client::Always<true>", Some(Known::Always));
        check("::workers_ai_client::Digits", Some(Known::Digits));
        for bytes in ["Base64", "ByteArray", "Media"] {
            check(&format!("::workers_ai_client::{bytes}"), Some(Known::Bytes));
        }
        check(
            "::workers_ai_client::OneOrMany<f64, ::std::vec::Vec<f64>>",
            Some(Known::OneOrMany("f64".to_owned(), "::std::vec::Vec<f64>".to_owned())),
        );
        check("::std::collections::BTreeMap<::std::string::String, i64>", Some(Known::Table("i64".to_owned())));
        check("crate::Lora", Some(Known::Written("Lora".to_owned())));
        check("house::Lora", None);
        check("Vec", None);
        check("(i64, i64)", None);
        check("Def00003", Some(Known::Definition(3)));
        check("::serde_json::Map<::std::string::String, ::serde_json::Value>", None);
    }
}
