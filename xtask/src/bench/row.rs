//! One measured row: what was measured, for whom, and what is aimed at.

use serde::{Deserialize, Serialize};

use super::machine::Measured;

/// A row of the table. Programs print rows as JSON, one a line, and `results.json` keeps them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Row {
    /// Its name, such as `embeddings.memory`.
    pub(crate) row: String,
    /// What was measured, in words.
    pub(crate) what: String,
    /// The unit of all samples: `s`, `ns`, `bytes`, or a word of the field such as `chunks/s`.
    pub(crate) unit: String,
    /// Which way is good.
    pub(crate) better: Better,
    /// Ours, called `workers-ai` or else the first, and its peers.
    pub(crate) subjects: Vec<Subject>,
    /// Set from the declaration, whatever a program prints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) aim: Option<Aim>,
    /// When and where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) measured: Option<Measured>,
}

/// Which way a number is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Better {
    Lower,
    Higher,
}

/// One of those that are compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Subject {
    pub(crate) name: String,
    /// The version, where the name is not that of a locked package.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<String>,
    /// A number for each round, in the unit of the row.
    pub(crate) samples: Vec<f64>,
}

/// What ours should reach.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Aim {
    /// Ours divided by the best peer's.
    Ratio(f64),
    /// Ours divided by this peer's.
    Against { peer: String, ratio: f64 },
    /// Ours by itself, in the unit of the row.
    Value(f64),
}

/// The middle and the ends of some samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

/// The name that ours goes by in a row.
const OURS: &str = "workers-ai";

impl Row {
    /// Ours: the subject of that name, or else the first.
    pub(crate) fn ours(&self) -> Option<&Subject> {
        self.subjects.iter().find(|subject| subject.name == OURS).or_else(|| self.subjects.first())
    }

    /// All others.
    pub(crate) fn peers(&self) -> impl Iterator<Item = &Subject> {
        let ours = self.ours().map(|subject| subject.name.clone());
        self.subjects.iter().filter(move |subject| Some(&subject.name) != ours.as_ref())
    }

    /// The median of ours divided by that of the peer whom the aim names, or else of the best.
    pub(crate) fn ratio(&self) -> Option<f64> {
        let ours = self.ours()?.spread()?.median;
        let named = |subject: &&Subject| !matches!(&self.aim, Some(Aim::Against { peer, .. }) if *peer != subject.name);
        let medians = self.peers().filter(named).filter_map(|peer| Some(peer.spread()?.median));
        let best = match self.better {
            Better::Lower => medians.min_by(f64::total_cmp),
            Better::Higher => medians.max_by(f64::total_cmp),
        }?;
        (best != 0.0).then(|| ours / best)
    }

    /// Whether the aim is reached; nothing where there is none.
    pub(crate) fn holds(&self) -> Option<bool> {
        let (reached, bound) = match self.aim.as_ref()? {
            Aim::Ratio(bound) | Aim::Against { ratio: bound, .. } => (self.ratio()?, *bound),
            Aim::Value(bound) => (self.ours()?.spread()?.median, *bound),
        };
        Some(match self.better {
            Better::Lower => reached <= bound,
            Better::Higher => reached >= bound,
        })
    }
}

impl Subject {
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), version: None, samples: Vec::new() }
    }

    /// Nothing without samples.
    pub(crate) fn spread(&self) -> Option<Spread> {
        let mut sorted = self.samples.clone();
        sorted.sort_by(f64::total_cmp);
        let upper = *sorted.get(sorted.len() / 2)?;
        let lower = *sorted.get((sorted.len() - 1) / 2)?;
        Some(Spread { median: f64::midpoint(lower, upper), least: *sorted.first()?, most: *sorted.last()? })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    /// A row as a program prints it.
    fn row(better: &str, subjects: &str, aim: &str) -> Row {
        let text = format!(
            r#"{{"row":"a.b","what":"something","unit":"bytes","better":"{better}","subjects":[{subjects}],"aim":{aim}}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    const OURS_AND_TWO: &str = r#"{"name":"slow","samples":[40]},{"name":"workers-ai","samples":[11,10,30]},
        {"name":"fast","version":"2.0","samples":[20,22]}"#;

    #[test]
    fn the_ratio_is_of_medians_and_to_the_best_peer() {
        let lower = row("lower", OURS_AND_TWO, r#"{"ratio":0.5}"#);
        assert_eq!(lower.ratio(), Some(11.0 / 21.0));
        assert_eq!(lower.holds(), Some(false));
        let higher = row("higher", OURS_AND_TWO, r#"{"ratio":0.25}"#);
        assert_eq!(higher.ratio(), Some(11.0 / 40.0));
        assert_eq!(higher.holds(), Some(true));
    }

    #[test]
    fn an_aim_may_name_the_peer_or_bind_ours_alone() {
        assert_eq!(row("lower", OURS_AND_TWO, r#"{"against":{"peer":"slow","ratio":0.3}}"#).holds(), Some(true));
        assert_eq!(row("lower", OURS_AND_TWO, r#"{"value":10.5}"#).holds(), Some(false));
        assert_eq!(row("lower", OURS_AND_TWO, "null").holds(), None);
    }

    #[test]
    fn without_that_name_the_first_is_ours() {
        let row = row("lower", r#"{"name":"10,000 models","samples":[3]},{"name":"100 models","samples":[2]}"#, "null");
        assert_eq!(row.ratio(), Some(1.5));
        assert_eq!(row.peers().count(), 1);
    }

    #[test]
    fn no_samples_give_no_ratio() {
        let row = row("lower", r#"{"name":"workers-ai","samples":[]},{"name":"b","samples":[2]}"#, r#"{"ratio":1}"#);
        assert_eq!((row.ratio(), row.holds()), (None, None));
    }
}
