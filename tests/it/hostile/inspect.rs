//! Looks through generated Rust for anything that bindings have no business with.

use std::collections::BTreeSet;

use syn::visit_mut::{self, VisitMut};
use syn::{Fields, Ident, Item, ItemMod, Macro};

use super::written::{Written, idents};

/// Fails when the Rust does not parse, holds an item of an unexpected kind, or defines a name twice.
#[track_caller]
pub(crate) fn inspect(rust: &str) {
    let turning = |character: char| matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    assert!(!rust.contains(turning), "a character that turns the direction of text stands in:\n{rust}");
    let mut file = syn::parse_file(rust).unwrap_or_else(|error| panic!("{error} in:\n{rust}"));
    let mut modules = Vec::new();
    for item in &file.items {
        match item {
            Item::Mod(module) => modules.push(module.ident.to_string()),
            Item::Const(item) => assert_eq!(item.ident, "MODELS"),
            Item::Struct(item) => assert_eq!(item.ident, "ATask"),
            Item::Trait(item) => assert_eq!(item.ident, "ATaskExt"),
            Item::Impl(_) => {}
            _ => panic!("an unexpected item at the top of:\n{rust}"),
        }
    }
    assert_eq!(modules, ["a_model", "prelude"]);
    let mut inspector = Inspector { found: Vec::new() };
    inspector.visit_file_mut(&mut file);
    assert!(inspector.found.is_empty(), "{} in:\n{rust}", inspector.found.join("\n"));
}

/// Names that the rest of a module means to be the prelude's.
const PRELUDE: &[&str] =
    &["Box", "Default", "Err", "From", "Into", "None", "Ok", "Option", "Result", "Some", "String", "Vec"];

struct Inspector {
    found: Vec<String>,
}

impl Inspector {
    fn unique<'a>(&mut self, what: &str, names: impl Iterator<Item = &'a Ident>) {
        let mut seen = BTreeSet::new();
        for name in names {
            if what == "type" && PRELUDE.contains(&name.to_string().as_str()) {
                self.found.push(format!("{name} hides the prelude's"));
            }
            if !seen.insert(name.to_string()) {
                self.found.push(format!("{what} {name} twice"));
            }
        }
    }
}

impl VisitMut for Inspector {
    fn visit_ident_mut(&mut self, ident: &mut Ident) {
        if ident.to_string().trim_start_matches("r#") == "injected" {
            self.found.push("an injected name".to_owned());
        }
    }

    fn visit_macro_mut(&mut self, call: &mut Macro) {
        match Written::read(call) {
            Ok(written) => {
                self.unique(&format!("member of {}", written.name), written.members.iter());
                for mut ident in idents(call.tokens.clone()) {
                    self.visit_ident_mut(&mut ident);
                }
            }
            Err(reason) => self.found.push(format!("a call of a macro: {reason}")),
        }
    }

    fn visit_item_mod_mut(&mut self, module: &mut ItemMod) {
        let Some((_, items)) = &module.content else {
            self.found.push(format!("a module in another file: {}", module.ident));
            return;
        };
        let types: Vec<Ident> = items
            .iter()
            .filter_map(|item| match item {
                Item::Struct(item) => Some(item.ident.clone()),
                Item::Enum(item) => Some(item.ident.clone()),
                Item::Type(item) => Some(item.ident.clone()),
                Item::Const(item) => Some(item.ident.clone()),
                Item::Macro(item) => Written::read(&item.mac).ok().map(|written| written.name),
                _ => None,
            })
            .collect();
        self.unique("type", types.iter());
        for item in items {
            if !matches!(
                item,
                Item::Use(_)
                    | Item::Const(_)
                    | Item::Struct(_)
                    | Item::Enum(_)
                    | Item::Type(_)
                    | Item::Impl(_)
                    | Item::Macro(_)
            ) {
                self.found.push(format!("an unexpected item in {}", module.ident));
            }
        }
        visit_mut::visit_item_mod_mut(self, module);
    }

    fn visit_item_struct_mut(&mut self, item: &mut syn::ItemStruct) {
        if let Fields::Named(fields) = &item.fields {
            self.unique(
                &format!("field of {}", item.ident),
                fields.named.iter().filter_map(|field| field.ident.as_ref()),
            );
        }
        visit_mut::visit_item_struct_mut(self, item);
    }

    fn visit_item_enum_mut(&mut self, item: &mut syn::ItemEnum) {
        self.unique(&format!("variant of {}", item.ident), item.variants.iter().map(|variant| &variant.ident));
        visit_mut::visit_item_enum_mut(self, item);
    }

    fn visit_item_impl_mut(&mut self, item: &mut syn::ItemImpl) {
        let methods = item.items.iter().filter_map(|item| match item {
            syn::ImplItem::Fn(method) => Some(&method.sig.ident),
            _ => None,
        });
        self.unique("method", methods);
        visit_mut::visit_item_impl_mut(self, item);
    }
}

#[test]
#[should_panic(expected = "an unexpected item in a_model")]
fn an_injected_function_is_found() {
    inspect("pub mod a_model { pub fn run() {} } pub mod prelude {}");
}

#[test]
#[should_panic(expected = "field of Request a twice")]
fn a_field_that_is_there_twice_is_found() {
    inspect("pub mod a_model { pub struct Request { a: u8, a: u8 } } pub mod prelude {}");
}

#[test]
#[should_panic(expected = "member of Request a twice")]
fn a_field_that_a_macro_would_write_twice_is_found() {
    inspect(
        "pub mod a_model { client::request! { pub struct Request { pub a: u8, into a?: u8, } } } pub mod prelude {}",
    );
}

#[test]
#[should_panic(expected = "a call of a macro")]
fn a_macro_with_anything_else_in_it_is_found() {
    inspect("pub mod a_model { client::request! { pub struct Request { } fn run() {} } } pub mod prelude {}");
}
