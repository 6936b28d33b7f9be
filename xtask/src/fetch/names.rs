//! Rust names for models: given at first sight, unique in their modality, never changed afterwards.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::id::ModelId;
use crate::catalogue::model::RustName;

/// The names that one modality has already given away.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    modules: BTreeSet<String>,
    types: BTreeSet<String>,
    /// The number to try first for a name that many models have: counting from two for each would take the square of the time.
    next: BTreeMap<String, u32>,
}

impl Taken {
    /// Notes a name that is locked.
    pub(crate) fn keep(&mut self, name: &RustName) {
        self.modules.insert(name.module.clone());
        self.types.insert(name.type_name.clone());
    }

    pub(crate) fn is_free(&self, name: &RustName) -> bool {
        !self.modules.contains(&name.module) && !self.types.contains(&name.type_name)
    }

    /// Names a model: by its own name, else with its author before it, else with a number behind.
    pub(crate) fn assign(&mut self, id: &ModelId) -> RustName {
        let plain = name(id.name());
        let with_author = format!("{}-{}", id.author(), id.name());
        let module = name(&with_author).module;
        let first = self.next.get(&module).copied().unwrap_or(2);
        let numbered = (first..).map(|number| (number, name(&format!("{with_author}-{number}"))));
        let (number, chosen) = [plain, name(&with_author)]
            .into_iter()
            .map(|name| (first, name))
            .chain(numbered)
            .find(|(_, name)| self.is_free(name) && !is_reserved(name))
            // The numbers do not run out; the compiler does not know.
            .unwrap_or_else(|| (first, name(&with_author)));
        self.next.insert(module, number);
        self.keep(&chosen);
        chosen
    }
}

fn name(text: &str) -> RustName {
    let mut words: Vec<String> = text
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    if !words.first().is_some_and(|word| word.starts_with(|first: char| first.is_ascii_lowercase())) {
        words.insert(0, "model".to_owned());
    }
    RustName { module: words.join("_"), type_name: camel_case(&words) }
}

/// `llama 3 3 70b` is `Llama3_3_70b`: an underscore only where two digits would run together.
fn camel_case(words: &[String]) -> String {
    let mut name = String::new();
    for word in words {
        let meets_digit = word.starts_with(|first: char| first.is_ascii_digit());
        if meets_digit && name.ends_with(|last: char| last.is_ascii_digit()) {
            name.push('_');
        }
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.extend(letters);
    }
    name
}

/// Keywords, and what every modality crate or model module already calls something else.
fn is_reserved(name: &RustName) -> bool {
    const MODULES: &[&str] = &[
        "abstract",
        "alloc",
        "any",
        "as",
        "async",
        "await",
        "become",
        "box",
        "break",
        "builder",
        "client",
        "const",
        "continue",
        "core",
        "crate",
        "defaults",
        "do",
        "dyn",
        "else",
        "enum",
        "error",
        "extern",
        "false",
        "final",
        "fn",
        "for",
        "gen",
        "if",
        "impl",
        "in",
        "let",
        "lit",
        "loop",
        "macro",
        "main",
        "match",
        "mod",
        "model",
        "models",
        "move",
        "mut",
        "override",
        "prelude",
        "priv",
        "pub",
        "raw",
        "ref",
        "reply",
        "request",
        "retired",
        "return",
        "self",
        "shared",
        "static",
        "std",
        "struct",
        "super",
        "test",
        "tests",
        "trait",
        "true",
        "try",
        "type",
        "types",
        "typeof",
        "union",
        "unsafe",
        "unsized",
        "use",
        "virtual",
        "wire",
        "where",
        "while",
        "workers_ai",
        "workers_ai_client",
        "yield",
    ];
    const TYPES: &[&str] = &[
        "Any",
        "Audio",
        "Base64",
        "Box",
        "ByteArray",
        "Bytes",
        "Call",
        "Chunk",
        "Chunks",
        "Client",
        "Clone",
        "Copy",
        "Debug",
        "Default",
        "Drop",
        "Eq",
        "Err",
        "Error",
        "From",
        "Id",
        "Image",
        "Info",
        "Integer",
        "Into",
        "Item",
        "Iterator",
        "List",
        "Media",
        "Message",
        "Model",
        "Models",
        "None",
        "Number",
        "Ok",
        "Option",
        "Ord",
        "Price",
        "Prompt",
        "Queued",
        "Queues",
        "Reply",
        "Request",
        "Response",
        "Result",
        "Role",
        "Self",
        "Send",
        "Serialize",
        "Deserialize",
        "Sized",
        "Some",
        "Streams",
        "String",
        "Sync",
        "Temperature",
        "Text",
        "Tool",
        "Usage",
        "Value",
        "Vec",
    ];
    MODULES.contains(&name.module.as_str()) || TYPES.contains(&name.type_name.as_str())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    fn assign(taken: &mut Taken, id: &str) -> (String, String) {
        let name = taken.assign(&ModelId::parse(id).unwrap());
        (name.module, name.type_name)
    }

    #[track_caller]
    fn check(id: &str, module: &str, type_name: &str) {
        let name = assign(&mut Taken::default(), id);
        assert_eq!(name, (module.to_owned(), type_name.to_owned()));
    }

    #[test]
    fn names_read_like_the_ids() {
        check(
            "@cf/meta/llama-3.3-70b-instruct-fp8-fast",
            "llama_3_3_70b_instruct_fp8_fast",
            "Llama3_3_70bInstructFp8Fast",
        );
        check("@cf/baai/bge-m3", "bge_m3", "BgeM3");
        check("@cf/moondream/moondream3.1-9B-A2B", "moondream3_1_9b_a2b", "Moondream3_1_9bA2b");
        check("@cf/ai4bharat/indictrans2-en-indic-1B", "indictrans2_en_indic_1b", "Indictrans2EnIndic1b");
        check("@cf/deepgram/flux", "flux", "Flux");
    }

    #[test]
    fn odd_names_still_become_identifiers() {
        check("@cf/a/3d-model", "model_3d_model", "Model3dModel");
        check("@cf/a/__x--y__", "x_y", "XY");
        check("@cf/a/self", "a_self", "ASelf");
        check("@cf/a/type", "a_type", "AType");
        check("@cf/a/prelude", "a_prelude", "APrelude");
        check("@cf/a/Option", "a_option", "AOption");
        check("@cf/7b/request", "model_7b_request", "Model7bRequest");
    }

    #[test]
    fn a_later_collision_gets_its_author_then_a_number() {
        let mut taken = Taken::default();
        assert_eq!(assign(&mut taken, "@cf/a/x-y").0, "x_y");
        assert_eq!(assign(&mut taken, "@cf/a/x_y").0, "a_x_y");
        assert_eq!(assign(&mut taken, "@cf/a/x.y").0, "a_x_y_2");
        assert_eq!(assign(&mut taken, "@hf/b/X-Y").0, "b_x_y");
    }

    #[test]
    fn types_that_only_differ_by_word_breaks_are_told_apart() {
        let mut taken = Taken::default();
        assert_eq!(assign(&mut taken, "@cf/a/fp8fast-v1").1, "Fp8fastV1");
        assert_eq!(assign(&mut taken, "@cf/a/x1-b").1, "X1B");
        assert_eq!(assign(&mut taken, "@cf/a/x-1b").1, "X1b");
        assert_eq!(assign(&mut taken, "@cf/a/x1b").1, "AX1b");
    }

    /// What the lint `non_camel_case_types` asks of a name.
    fn is_camel_case(name: &str) -> bool {
        let letters: Vec<char> = name.chars().collect();
        letters.first().is_some_and(char::is_ascii_uppercase)
            && !name.contains("__")
            && !name.ends_with('_')
            && letters.windows(3).all(|window| match window {
                [before, '_', after] => before.is_ascii_digit() && after.is_ascii_digit(),
                _ => true,
            })
    }

    #[test]
    fn every_type_name_passes_the_lint() {
        let ids = ["@cf/a/1.2.3-b_c.4", "@cf/a/a1.2b", "@cf/a/9-9", "@cf/a/-x-", "@cf/a/v0.2-lora", "@cf/a/B-2-b"];
        let mut taken = Taken::default();
        for id in ids {
            let (module, type_name) = assign(&mut taken, id);
            assert!(is_camel_case(&type_name), "{type_name}");
            assert!(!module.contains("__") && module == module.to_lowercase(), "{module}");
        }
    }
}
