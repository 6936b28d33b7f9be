//! The rule table: what each kind of change means for somebody who uses the generated Rust.

use serde::Serialize;

/// What a change asks of the user's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Class {
    /// Code that compiled or worked may not any more.
    Breaking,
    /// Something new can be used.
    Additive,
    /// Only constants and documentation change.
    Documentation,
}

/// Where a value travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Side {
    Request,
    Reply,
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident),+ $(,)?) => {
        /// A kind of change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub(crate) enum Kind { $($(#[doc = $doc])+ $kind),+ }

        impl Kind {
            /// Every kind, for the test that each has a rule.
            #[cfg(test)]
            pub(crate) const ALL: &[Self] = &[$(Self::$kind),+];
        }
    };
}

kinds! {
    /// The catalogue has a model that it did not have.
    ModelAdded,
    /// The catalogue has lost a model without a trace.
    ModelRemoved,
    /// The model has left the service, and its types are behind `retired`.
    ModelRetired,
    /// The model has left the service, and its types are deprecated for one release.
    ModelDeprecated,
    /// A model that had left is hosted again.
    ModelReturned,
    /// The service has announced the day on which the model leaves.
    RetirementAnnounced,
    /// The service has moved or taken back that day.
    RetirementChanged,
    /// There is a usable schema where there was none.
    SchemaGained,
    /// There was a usable schema.
    SchemaLost,
    /// Module, type or crate of the model are others.
    RustNameChanged,
    /// A flag that opens a method or a type is set.
    CapabilityGained,
    /// A flag that opens a method or a type is gone.
    CapabilityLost,
    /// A constant about the model has another value.
    PropertyChanged,
    /// The price is another.
    PriceChanged,
    /// The rate limit is another.
    LimitChanged,
    /// A field that may be set or read.
    FieldAdded,
    /// A field that must be set.
    RequiredFieldAdded,
    /// A field is gone.
    FieldRemoved,
    /// A field that was optional must be there.
    FieldRequired,
    /// A field that had to be there is optional.
    FieldRelaxed,
    /// The type is another.
    TypeChanged,
    /// Fewer numbers, lengths or counts are allowed.
    RangeNarrowed,
    /// More numbers, lengths or counts are allowed.
    RangeWidened,
    /// An allowed value more.
    ValueAdded,
    /// An allowed value less.
    ValueRemoved,
    /// A shape more that the value may have.
    FormAdded,
    /// A shape less that the value may have.
    FormRemoved,
    /// A shape has another name.
    FormRenamed,
    /// The content type of bytes is another.
    MediaChanged,
    /// What the service takes where nothing is sent.
    DefaultChanged,
    /// A pattern or format, which types do not carry.
    FormatChanged,
    /// Whether null is allowed, which types do not tell from absence.
    NullabilityChanged,
    /// Whether unknown fields are allowed.
    OpennessChanged,
}

/// One line of the table.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) kind: Kind,
    pub(crate) request: Class,
    pub(crate) reply: Class,
    /// Why the classes are what they are.
    pub(crate) why: &'static str,
}

use Class::{Additive, Breaking, Documentation};

/// What each kind of change means; facts about the model itself stand in both columns.
pub(crate) const RULES: &[Rule] = &[
    rule(Kind::ModelAdded, Additive, Additive, "a new module and a new method"),
    rule(Kind::ModelRemoved, Breaking, Breaking, "module and method are gone"),
    rule(Kind::ModelRetired, Breaking, Breaking, "module and method need the feature `retired`"),
    rule(Kind::ModelDeprecated, Additive, Additive, "everything still compiles, with a warning"),
    rule(Kind::ModelReturned, Additive, Additive, "module and method need no feature any more"),
    rule(Kind::RetirementAnnounced, Additive, Additive, "everything still compiles, with a warning"),
    rule(Kind::RetirementChanged, Documentation, Documentation, "the date in the warning is another"),
    rule(Kind::SchemaGained, Additive, Additive, "the model gets types"),
    rule(Kind::SchemaLost, Breaking, Breaking, "the model loses its types"),
    rule(Kind::RustNameChanged, Breaking, Breaking, "paths are others; fetch never does this to a locked name"),
    rule(Kind::CapabilityGained, Additive, Additive, "a trait more, or a type that holds more"),
    rule(Kind::CapabilityLost, Breaking, Breaking, "a method does not compile any more"),
    rule(Kind::PropertyChanged, Documentation, Documentation, "a constant of the same type"),
    rule(Kind::PriceChanged, Documentation, Documentation, "a constant of the same type"),
    rule(Kind::LimitChanged, Documentation, Documentation, "a constant of the same type"),
    rule(Kind::FieldAdded, Additive, Additive, "a setter more; structs are non-exhaustive"),
    rule(Kind::RequiredFieldAdded, Breaking, Additive, "an argument more in the constructor; replies are only read"),
    rule(Kind::FieldRemoved, Breaking, Breaking, "setter or field are gone"),
    rule(Kind::FieldRequired, Breaking, Breaking, "an argument more in the constructor; a field that is no Option"),
    rule(Kind::FieldRelaxed, Breaking, Breaking, "an argument less in the constructor; a field that is an Option"),
    rule(Kind::TypeChanged, Breaking, Breaking, "another Rust type"),
    rule(Kind::RangeNarrowed, Breaking, Documentation, "the type refuses values; replies are not bounded"),
    rule(Kind::RangeWidened, Additive, Documentation, "the type allows more; replies are not bounded"),
    rule(Kind::ValueAdded, Additive, Additive, "a variant more in a non-exhaustive enum"),
    rule(Kind::ValueRemoved, Breaking, Breaking, "a variant less"),
    rule(Kind::FormAdded, Additive, Additive, "a variant more in a non-exhaustive enum"),
    rule(Kind::FormRemoved, Breaking, Breaking, "a variant less"),
    rule(Kind::FormRenamed, Breaking, Breaking, "the type of the form has another name"),
    rule(Kind::MediaChanged, Breaking, Breaking, "bytes of another kind, or bytes where there were none"),
    rule(Kind::DefaultChanged, Documentation, Documentation, "defaults are documented and never sent"),
    rule(Kind::FormatChanged, Documentation, Documentation, "types carry neither patterns nor formats"),
    rule(Kind::NullabilityChanged, Documentation, Documentation, "types do not tell null from absence"),
    rule(Kind::OpennessChanged, Documentation, Documentation, "unknown fields are never refused"),
];

const fn rule(kind: Kind, request: Class, reply: Class, why: &'static str) -> Rule {
    Rule { kind, request, reply, why }
}

/// Looks a change up; what has no rule would be breaking, and a test sees to it that nothing has none.
pub(crate) fn class(kind: Kind, side: Side) -> Class {
    RULES.iter().find(|rule| rule.kind == kind).map_or(Class::Breaking, |rule| match side {
        Side::Request => rule.request,
        Side::Reply => rule.reply,
    })
}

/// The reason for the class of a kind of change.
pub(crate) fn why(kind: Kind) -> &'static str {
    RULES.iter().find(|rule| rule.kind == kind).map(|rule| rule.why).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_exactly_one_rule_with_a_reason() {
        for kind in Kind::ALL {
            assert_eq!(RULES.iter().filter(|rule| rule.kind == *kind).count(), 1, "{kind:?}");
        }
        assert!(RULES.iter().all(|rule| !rule.why.is_empty()));
    }
}
