//! Gives every definition a home module and a name in each module that uses it.

use std::collections::{BTreeMap, BTreeSet};

use crate::name::{pascal_case, singular, snake_case};
use crate::share::{Definition, DefinitionId, DefinitionKind, ModelPlan, Shared, placeholder, whole};

/// Names that generated code must not define: the prelude's and its own.
const RESERVED: &[&str] = &[
    "Box",
    "Clone",
    "Copy",
    "Default",
    "Drop",
    "Eq",
    "Err",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "Into",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "Send",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Vec",
    "Deserialize",
    "Serialize",
    "ID",
    "INFO",
];

/// Whether a parameter's alias would take a name that something else in its module must have.
pub(crate) fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name) || ["Request", "Reply", "Chunk"].contains(&name)
}

/// Where definitions live and what they are called.
pub(crate) struct Placement {
    /// For each model: local names of every definition that it uses.
    pub(crate) names: Vec<BTreeMap<DefinitionId, String>>,
    /// For each definition that is used: the model whose module holds it.
    pub(crate) home: BTreeMap<DefinitionId, usize>,
}

/// Places every definition; models come in stable order, so the first user is a stable home.
pub(crate) fn place(shared: &Shared<'_>) -> Placement {
    let mut home = BTreeMap::new();
    let mut names = Vec::new();
    for (index, model) in shared.models.iter().enumerate() {
        let used = uses(shared, model);
        for id in &used {
            home.entry(*id).or_insert(index);
        }
        names.push(local_names(shared, model, &used));
    }
    Placement { names, home }
}

/// Every definition that a model reaches, parents before children.
fn uses(shared: &Shared<'_>, model: &ModelPlan<'_>) -> Vec<DefinitionId> {
    let mut order = Vec::new();
    let mut seen = BTreeSet::new();
    let mut queue: Vec<DefinitionId> = vec![model.types.request];
    let texts = [model.types.item.as_deref(), Some(model.types.reply.as_str()), model.types.chunk.as_deref()];
    queue.extend(texts.into_iter().flatten().flat_map(mentioned));
    queue.reverse();
    while let Some(id) = queue.pop() {
        if seen.insert(id) {
            order.push(id);
            queue.extend(children(shared, id).into_iter().rev());
        }
    }
    order
}

fn children(shared: &Shared<'_>, id: DefinitionId) -> Vec<DefinitionId> {
    match shared.definitions.get(id).map(|definition| &definition.kind) {
        Some(DefinitionKind::Struct { fields, .. }) => fields.iter().flat_map(|field| mentioned(&field.ty)).collect(),
        Some(DefinitionKind::Union { arms, .. }) => arms.iter().flat_map(|arm| mentioned(&arm.ty)).collect(),
        _ => Vec::new(),
    }
}

/// The definitions that a type text names.
pub(crate) fn mentioned(ty: &str) -> Vec<DefinitionId> {
    ty.split(|character: char| !character.is_ascii_alphanumeric())
        .filter_map(|word| word.strip_prefix("Def"))
        .filter(|digits| digits.len() >= 5)
        .filter_map(|digits| digits.parse().ok())
        .collect()
}

fn local_names(shared: &Shared<'_>, model: &ModelPlan<'_>, used: &[DefinitionId]) -> BTreeMap<DefinitionId, String> {
    let mut taken: BTreeSet<String> = RESERVED.iter().map(|name| (*name).to_owned()).collect();
    taken.insert(model.facts.rust.marker.clone());
    taken.extend(model.aliases.keys().cloned());
    // Where the reply or chunk is no definition of this module, an alias takes its name.
    taken.extend(whole(&model.types.reply).is_none().then(|| "Reply".to_owned()));
    taken.extend(model.types.chunk.as_deref().is_some_and(|chunk| whole(chunk).is_none()).then(|| "Chunk".to_owned()));
    let mut names = BTreeMap::new();
    let mut give = |id: DefinitionId, candidates: Vec<String>, names: &mut BTreeMap<DefinitionId, String>| {
        if names.contains_key(&id) {
            return;
        }
        let mut name = candidates.iter().find(|name| !taken.contains(*name)).cloned();
        let mut base = candidates.last().cloned().unwrap_or_else(|| "Value".to_owned());
        while name.is_none() {
            base.push_str("Value");
            name = Some(base.clone()).filter(|name| !taken.contains(name));
        }
        let name = name.unwrap_or(base);
        taken.insert(name.clone());
        names.insert(id, name);
    };
    give(model.types.request, vec!["Request".to_owned(), "ModelRequest".to_owned()], &mut names);
    for (form, id) in &model.types.forms {
        give(
            *id,
            vec![format!("{}Request", pascal_case(form)), format!("{}FormRequest", pascal_case(form))],
            &mut names,
        );
    }
    for id in used {
        if let Some(definition) = shared.definitions.get(*id) {
            give(*id, definition.hints.clone(), &mut names);
            let parent = names.get(id).cloned().unwrap_or_default();
            for (child, candidates) in edges(definition, &parent) {
                let marker = &model.facts.rust.marker;
                let last = candidates.first().map(|name| format!("{marker}{name}"));
                give(child, candidates.into_iter().chain(last).collect(), &mut names);
            }
        }
    }
    names
}

/// The definitions directly inside another, each with names for it: what it is here, not where its shape was first seen.
fn edges(definition: &Definition, parent: &str) -> Vec<(DefinitionId, Vec<String>)> {
    let mut edges = Vec::new();
    match &definition.kind {
        DefinitionKind::Struct { fields, .. } => {
            for field in fields {
                let many = field.ty.contains("Vec<") || field.ty.contains("List<");
                let name =
                    if many { pascal_case(&singular(&snake_case(&field.wire))) } else { pascal_case(&field.wire) };
                if name.starts_with(|first: char| first.is_ascii_alphabetic()) {
                    let longer = format!("{parent}{name}");
                    // `Type` and the like say nothing by themselves.
                    let candidates =
                        if VAGUE.contains(&name.as_str()) { vec![longer, name] } else { vec![name, longer] };
                    edges.extend(mentioned(&field.ty).into_iter().map(|id| (id, candidates.clone())));
                }
            }
        }
        DefinitionKind::Union { arms, .. } => {
            for arm in arms {
                let longer = format!("{parent}{}", if arm.name == "List" { "Item" } else { &arm.name });
                let candidates =
                    if VAGUE.contains(&arm.name.as_str()) { vec![longer] } else { vec![arm.name.clone(), longer] };
                edges.extend(mentioned(&arm.ty).into_iter().map(|id| (id, candidates.clone())));
            }
        }
        DefinitionKind::Choice { .. } => {}
    }
    edges
}

/// Names that need the name of what they stand in.
const VAGUE: &[&str] =
    &["Bytes", "Flag", "Format", "List", "Mode", "Number", "Object", "Other", "Text", "Type", "Value"];

/// A type text with every placeholder replaced by its name in one module.
pub(crate) fn spell(ty: &str, names: &BTreeMap<DefinitionId, String>) -> String {
    mentioned(ty).into_iter().fold(ty.to_owned(), |text, id| match names.get(&id) {
        Some(name) => text.replace(&placeholder(id), name),
        None => text,
    })
}
