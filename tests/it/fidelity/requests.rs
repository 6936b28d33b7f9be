//! Requests: what the schema allows is taken and written back whole, what it refuses is never sent.

use jsonschema::Validator;
use serde_json::Value;

use super::Run;
use super::dice::{Dice, shrink};
use super::instance::{Manner, instance};
use super::kept::{self, Kept};
use super::lost::lost;
use super::mutation::{Limits, mutate};
use super::narrowed::{Narrowed, comparable, edit};
use super::schema::{Branch, any_of, branches, validator};
use super::sources::Published;
use crate::subject::Subject;

/// How many damaged copies are made of each instance.
const MUTANTS: usize = 6;

type Taken = fn(&Value) -> Result<Value, String>;

/// One schema with the type that carries it.
struct Ground<'a> {
    differences: &'a [&'a Narrowed],
    given: Value,
    given_validator: Validator,
    written_validator: Validator,
    limits: Limits,
    takes: Taken,
    what: &'static str,
}

/// Everything found wrong with a model's requests; `differences` are excepted.
pub(crate) fn faults(subject: &Subject, published: &Published, differences: &[&Narrowed], run: Run) -> Vec<String> {
    let (mut plain, mut batch) = (Vec::new(), Vec::new());
    for branch in branches(&published.input) {
        match branch {
            Branch::Plain(schema) => plain.push(schema),
            Branch::Batch(schema) => batch.push(schema),
            Branch::Binary => {}
        }
    }
    let mut grounds = vec![(plain, subject.request, "request")];
    if let Some(queue) = subject.queue {
        grounds.push((batch, queue.item, "queued request"));
    }
    let mut faults = Vec::new();
    for (schemas, takes, what) in grounds {
        let Some(schema) = any_of(schemas) else { continue };
        let (given, written) = edit(&schema, differences);
        let ground = Ground {
            differences,
            given_validator: validator(&given),
            written_validator: validator(&written),
            limits: Limits::of(&given),
            given,
            takes,
            what,
        };
        let fault = ground.fault_of_old(&published.id).or_else(|| ground.first_fault(&published.id, run));
        faults.extend(fault.map(|fault| format!("{} ({}), {fault}", published.id, published.origin)));
    }
    faults
}

impl Ground<'_> {
    /// The first fault among the instances that were at fault once.
    fn fault_of_old(&self, id: &str) -> Option<String> {
        let mut old = kept::of(id, self.what);
        old.find_map(|Kept { given, odd, .. }| Some(format!("{} (kept): {}", self.what, self.judge(&given, odd)?)))
    }

    /// The first fault in so many cases, as small as it could be made.
    fn first_fault(&self, id: &str, run: Run) -> Option<String> {
        for case in 0..run.cases {
            let case_seed = run.seed.wrapping_add(u64::try_from(case).unwrap_or_default());
            for mutant in 0..=MUTANTS {
                let mut dice =
                    Dice::new(case_seed.wrapping_mul(31).wrapping_add(u64::try_from(mutant).unwrap_or_default()));
                if self.fault(&mut dice, mutant > 0).is_some() {
                    let mut tape = dice.into_tape();
                    if run.shrink {
                        tape = shrink(tape, |tape| self.fault(&mut Dice::replay(tape), mutant > 0).is_some());
                        let given = self.instance(&mut Dice::replay(&tape), mutant > 0)?;
                        kept::keep(&Kept { id: id.to_owned(), side: self.what.to_owned(), given, odd: mutant > 0 });
                    }
                    let fault = self.fault(&mut Dice::replay(&tape), mutant > 0)?;
                    return Some(format!("{} (case {case}): {fault}", self.what));
                }
            }
        }
        None
    }

    fn fault(&self, dice: &mut Dice, damaged: bool) -> Option<String> {
        self.judge(&self.instance(dice, damaged)?, damaged)
    }

    fn instance(&self, dice: &mut Dice, damaged: bool) -> Option<Value> {
        let manner = Manner { full: dice.chance(25), ..Manner::default() };
        let json = instance(&self.given, dice, manner)?;
        Some(if damaged { mutate(&json, &self.limits, dice) } else { json })
    }

    fn judge(&self, json: &Value, damaged: bool) -> Option<String> {
        match (damaged, self.given_validator.is_valid(json)) {
            (false, true) => self.must_be_taken(json),
            (false, false) => Some(format!("{json} was generated and is not valid: mend the generator")),
            (true, false) => self.must_not_be_sent(json),
            // The damage did none. What was not published may be dropped, but is no reason to refuse.
            (true, true) => self.must_be_sendable(json).err(),
        }
    }

    fn must_be_taken(&self, json: &Value) -> Option<String> {
        let written = match self.must_be_sendable(json) {
            Ok(written) => written,
            Err(fault) => return Some(fault),
        };
        let path = lost(&comparable(json.clone(), self.differences), &written)?;
        Some(format!("allowed, but {path} is lost\n  given   {json}\n  written {written}"))
    }

    fn must_be_sendable(&self, json: &Value) -> Result<Value, String> {
        let written = (self.takes)(json).map_err(|error| format!("allowed, but {error}\n  given   {json}"))?;
        let error = self.written_validator.iter_errors(&written).next().map(|error| error.to_string());
        match error {
            None => Ok(written),
            Some(error) => Err(format!("allowed, but {error}\n  given   {json}\n  written {written}")),
        }
    }

    fn must_not_be_sent(&self, json: &Value) -> Option<String> {
        let written = (self.takes)(json).ok()?;
        let error = self.written_validator.iter_errors(&written).next()?;
        Some(format!("refused by the schema, but taken: {error}\n  given   {json}\n  written {written}"))
    }
}
