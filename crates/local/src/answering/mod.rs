//! Who answers which request: the sources of answers, and the plan that chooses among them.

mod plan;
mod source;

pub use self::plan::Plan;
pub use self::source::Source;
