//! Gives every definition a home module and a name in each module that uses it.

use std::collections::{BTreeMap, BTreeSet};

use crate::name::pascal_case;
use crate::share::{DefinitionId, DefinitionKind, ModelPlan, Shared, placeholder};

/// Names that generated code must not define: the prelude's and its own.
const RESERVED: &[&str] = &[
    "Box", "Clone", "Copy", "Default", "Drop", "Eq", "Err", "Fn", "FnMut", "FnOnce", "From", "Into", "Iterator", "None", "Ok",
    "Option", "Ord", "PartialEq", "PartialOrd", "Result", "Self", "Send", "Some", "String", "Sync", "ToOwned", "ToString", "TryFrom",
    "TryInto", "Vec", "Deserialize", "Serialize", "ID", "INFO",
];

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
    let mut queue: Vec<DefinitionId> = vec![model.request];
    let texts = [model.item.as_deref(), Some(model.reply.as_str()), model.chunk.as_deref()];
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
    give(model.request, vec!["Request".to_owned(), "ModelRequest".to_owned()], &mut names);
    for (form, id) in &model.forms {
        give(*id, vec![format!("{}Request", pascal_case(form)), format!("{}FormRequest", pascal_case(form))], &mut names);
    }
    for id in used {
        // The arms of a union are named after what they are here, not after where their shape was first seen.
        if let Some(DefinitionKind::Union { arms, .. }) = shared.definitions.get(*id).map(|definition| &definition.kind) {
            let parent = names.get(id).cloned();
            for arm in arms {
                if let ([arm_id], true) = (mentioned(&arm.ty).as_slice(), arm.ty.starts_with("Def")) {
                    let longer = parent.as_ref().map(|parent| format!("{parent}{}", arm.name));
                    give(*arm_id, [Some(arm.name.clone()), longer].into_iter().flatten().collect(), &mut names);
                }
            }
        }
        if let Some(definition) = shared.definitions.get(*id) {
            let mut candidates: Vec<String> = definition.hints.clone();
            if let Some(first) = definition.hints.first() {
                candidates.push(format!("{}{first}", model.facts.rust.marker));
            }
            candidates.retain(|name| !name.is_empty());
            give(*id, candidates, &mut names);
        }
    }
    names
}

/// A type text with every placeholder replaced by its name in one module.
pub(crate) fn spell(ty: &str, names: &BTreeMap<DefinitionId, String>) -> String {
    mentioned(ty).into_iter().fold(ty.to_owned(), |text, id| match names.get(&id) {
        Some(name) => text.replace(&placeholder(id), name),
        None => text,
    })
}
