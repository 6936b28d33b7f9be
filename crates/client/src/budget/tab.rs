//! A session's share of the budget: it grows while the session is spoken, and what was said is spent.

use super::{Budget, Work};
use crate::{Error, Info, response::header};

/// What a session has cost so far.
#[derive(Debug)]
pub(crate) struct Tab {
    budget: Budget,
    model: String,
    info: Option<&'static Info>,
    spent: f64,
}

impl Tab {
    pub(super) fn new(budget: Budget, model: &str, info: Option<&'static Info>) -> Self {
        Self { budget, model: model.to_owned(), info, spent: 0.0 }
    }

    /// Counts what the session comes to with one thing more, or says that the day has nothing left for it.
    pub(crate) fn come_to(&mut self, work: &Work) -> Result<(), Error> {
        let total = self.info.and_then(|info| info.neurons(work)).unwrap_or(self.spent);
        let more = (total - self.spent).max(0.0);
        self.budget.take(&self.model, more, |ledger| ledger.state.neurons += more)?;
        self.spent += more;
        Ok(())
    }

    /// Counts the session, and what the service said at the opening that it charges.
    pub(crate) fn opened(&mut self, headers: &http::HeaderMap) {
        self.budget.today().state.calls += 1;
        let charged = header(headers, "cf-ai-neurons").and_then(|neurons| neurons.trim().parse::<f64>().ok());
        if let Some(neurons) = charged.filter(|neurons| neurons.is_finite() && *neurons > 0.0) {
            self.budget.today().state.neurons += neurons;
            self.spent += neurons;
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;
    use crate::Price;

    const INFO: Info = Info {
        prices: &[Price { unit: "per_audio_minute_websocket", usd: 0.0, neurons: Some(60.0) }],
        ..Info::new("@cf/a/b", "Automatic Speech Recognition", "2026-11")
    };

    #[test]
    fn what_is_said_is_spent_until_nothing_is_left() {
        let budget = Budget::refuse_at(10.0);
        let mut tab = budget.tab(INFO.id, Some(&INFO)).unwrap();
        // A session that is refused is none.
        assert_eq!(budget.state().calls, 0);
        tab.opened(&http::HeaderMap::new());
        let heard = |seconds| Work { websocket_audio_seconds: seconds, ..Work::default() };
        tab.come_to(&heard(4.0)).unwrap();
        tab.come_to(&heard(9.0)).unwrap();
        assert_eq!((budget.spent(), budget.state().calls), (9.0, 1));
        assert!(tab.come_to(&heard(11.0)).unwrap_err().is_budget_exhausted());
        // What was refused was not spent, and a little less still fits.
        assert_eq!(budget.spent(), 9.0);
        tab.come_to(&heard(10.0)).unwrap();
        assert!(budget.tab(INFO.id, Some(&INFO)).unwrap_err().is_budget_exhausted());
    }

    #[test]
    fn what_the_service_charged_for_opening_is_part_of_the_tab() {
        let budget = Budget::refuse_at(10.0);
        let mut tab = budget.tab(INFO.id, Some(&INFO)).unwrap();
        let headers =
            |neurons: &str| [("cf-ai-neurons".parse().unwrap(), neurons.parse().unwrap())].into_iter().collect();
        for odd in ["-1", "NaN", "inf", "many"] {
            tab.opened(&headers(odd));
        }
        assert_eq!(budget.spent(), 0.0);
        tab.opened(&headers(" 2.5 "));
        tab.opened(&headers("0.5"));
        assert_eq!(budget.spent(), 3.0);
        // Four seconds cost four neurons, of which three are paid.
        tab.come_to(&Work { websocket_audio_seconds: 4.0, ..Work::default() }).unwrap();
        assert_eq!(budget.spent(), 4.0);
    }
}
