//! Where a part of a schema is. Nearly always that is not asked, so it is written only when it is.

use std::fmt;

use crate::problem::escaped;

/// A JSON pointer, as its last step and what comes before.
#[derive(Clone, Copy)]
pub(crate) struct Pointer<'a> {
    before: Option<&'a Pointer<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Name(&'a str),
    Index(usize),
}

impl<'a> Pointer<'a> {
    /// The whole schema.
    pub(crate) const ROOT: Self = Self { before: None, step: Step::Index(0) };

    /// A member of what is here.
    pub(crate) fn child(&'a self, name: &'a str) -> Self {
        Self { before: Some(self), step: Step::Name(name) }
    }

    /// An item of what is here.
    pub(crate) fn item(&'a self, index: usize) -> Self {
        Self { before: Some(self), step: Step::Index(index) }
    }
}

impl fmt::Display for Pointer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(before) = self.before else { return Ok(()) };
        match self.step {
            Step::Name(name) => write!(f, "{before}/{}", escaped(name)),
            Step::Index(index) => write!(f, "{before}/{index}"),
        }
    }
}

#[test]
fn steps_are_written_as_json_pointers_have_them() {
    let root = Pointer::ROOT;
    let properties = root.child("a/b~c");
    assert_eq!(root.to_string(), "");
    assert_eq!(properties.item(3).to_string(), "/a~1b~0c/3");
}
