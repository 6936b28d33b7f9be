//! Shortens the paths of generated modules: each opens with the imports that make them unambiguous.
//!
//! No definition may be called like an item of the prelude (see `place`), so prelude items need no path.

use quote::quote;
use syn::visit_mut::{VisitMut, visit_path_mut};
use syn::{Item, Path};

/// Shortens every path inside the modules of a file.
pub(super) fn tidy(file: &mut syn::File) {
    for item in &mut file.items {
        if let Item::Mod(module) = item
            && let Some((_, items)) = &mut module.content
            && module.ident != "error"
            && module.ident != "prelude"
        {
            let serde = items.iter().any(|item| matches!(item, Item::Struct(_) | Item::Enum(_)) && uses_serde(item));
            for item in items.iter_mut() {
                Tidy.visit_item_mut(item);
            }
            if serde {
                items.insert(
                    0,
                    syn::parse_quote!(
                        use ::serde::{Deserialize, Serialize};
                    ),
                );
            }
            items.insert(
                0,
                syn::parse_quote!(
                    use ::workers_ai_client as client;
                ),
            );
        }
    }
}

fn uses_serde(item: &Item) -> bool {
    quote!(#item).to_string().contains("Serialize")
}

struct Tidy;

impl VisitMut for Tidy {
    /// `<T as Trait>::name` counts the segments of its trait, so it is left as it is.
    fn visit_expr_path_mut(&mut self, expression: &mut syn::ExprPath) {
        match &mut expression.qself {
            Some(qself) => self.visit_type_mut(&mut qself.ty),
            None => self.visit_path_mut(&mut expression.path),
        }
    }

    fn visit_type_path_mut(&mut self, ty: &mut syn::TypePath) {
        match &mut ty.qself {
            Some(qself) => self.visit_type_mut(&mut qself.ty),
            None => self.visit_path_mut(&mut ty.path),
        }
    }

    fn visit_path_mut(&mut self, path: &mut Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        match names.as_slice() {
            ["std", "option" | "vec" | "string" | "convert" | "default" | "result", _, ..] => shorten(path, 2),
            ["serde", "Deserialize" | "Serialize", ..] => shorten(path, 1),
            ["workers_ai_client", _, ..] => {
                path.leading_colon = None;
                if let Some(first) = path.segments.first_mut() {
                    first.ident = syn::Ident::new("client", first.ident.span());
                }
            }
            ["self", "error", _, ..] => {
                if let Some(first) = path.segments.first_mut() {
                    first.ident = syn::Ident::new("super", first.ident.span());
                }
            }
            _ => {}
        }
        visit_path_mut(self, path);
    }
}

fn shorten(path: &mut Path, leading: usize) {
    path.leading_colon = None;
    path.segments = std::mem::take(&mut path.segments).into_iter().skip(leading).collect();
}
