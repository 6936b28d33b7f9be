//! Which JSON Schema keywords hold schemas, so that a property named `description` is never taken for a keyword.

/// What the value of a schema keyword is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// One schema, or a list of schemas.
    Schema,
    /// Schemas under names that somebody chose.
    NamedSchemas,
    /// The arms of a union, where a title is the name of the arm.
    Arms,
    /// Plain data.
    Data,
}

/// Classifies a keyword; unknown keywords hold plain data.
pub(crate) fn holds(keyword: &str) -> Holds {
    match keyword {
        "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => Holds::NamedSchemas,
        "oneOf" | "anyOf" => Holds::Arms,
        "items"
        | "additionalItems"
        | "prefixItems"
        | "contains"
        | "allOf"
        | "not"
        | "if"
        | "then"
        | "else"
        | "additionalProperties"
        | "propertyNames"
        | "unevaluatedItems"
        | "unevaluatedProperties"
        | "contentSchema" => Holds::Schema,
        _ => Holds::Data,
    }
}

/// The place of a keyword in a written schema: what it is, then its bounds, then what it contains.
pub(crate) fn rank(keyword: &str) -> usize {
    const ORDER: &[&str] = &[
        "title",
        "type",
        "contentType",
        "format",
        "pattern",
        "const",
        "enum",
        "default",
        "minimum",
        "exclusiveMinimum",
        "maximum",
        "exclusiveMaximum",
        "multipleOf",
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "uniqueItems",
        "required",
        "properties",
        "additionalProperties",
        "items",
        "oneOf",
        "anyOf",
    ];
    ORDER.iter().position(|known| *known == keyword).unwrap_or(ORDER.len())
}
