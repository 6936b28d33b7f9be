//! Prices: dollars from the feed where it publishes them, neurons from the facts that the project keeps.

use serde_json::Value;

use crate::catalogue::model::Price;

/// Units in the order in which they are listed: the feed's wording, then ours.
const UNITS: &[(&str, &str)] = &[
    ("per M input tokens", "per_M_input_tokens"),
    ("per M cached input tokens", "per_M_cached_input_tokens"),
    ("per M output tokens", "per_M_output_tokens"),
    ("per audio minute", "per_audio_minute"),
    ("per audio minute (websocket)", "per_audio_minute_websocket"),
    ("per 1k characters", "per_1k_input_characters"),
    ("per 512 by 512 tile", "per_512x512_tile"),
    ("per step", "per_step"),
    ("per inference request", "per_inference_request"),
];

/// The prices in a published `price` property.
pub(crate) fn published(property: Option<&Value>) -> Vec<Price> {
    property.and_then(Value::as_array).map(|rows| rows.iter().filter_map(price).collect()).unwrap_or_default()
}

/// Fills in neurons by unit; a model without any published price takes the known ones whole.
pub(crate) fn complete(published: Vec<Price>, known: &[Price]) -> Vec<Price> {
    let mut prices = if published.is_empty() { known.to_vec() } else { published };
    for price in &mut prices {
        if let Some(fact) = known.iter().find(|fact| fact.unit == price.unit) {
            price.neurons = fact.neurons;
        }
    }
    prices.sort_by(|a, b| rank(&a.unit).cmp(&rank(&b.unit)).then_with(|| a.unit.cmp(&b.unit)));
    prices.dedup_by(|a, b| a.unit == b.unit);
    prices
}

fn price(row: &Value) -> Option<Price> {
    let is_dollars = row.get("currency").is_none_or(|currency| currency == "USD");
    let usd = row.get("price").or_else(|| row.get("usd"))?.as_f64()?;
    let unit = unit(row.get("unit")?.as_str()?)?;
    (is_dollars && usd.is_finite() && usd >= 0.0).then_some(Price { unit, usd, neurons: None })
}

/// The name of a unit in one spelling; a unit nobody has seen keeps its words.
fn unit(published: &str) -> Option<String> {
    if let Some((_, name)) = UNITS.iter().find(|(wording, _)| *wording == published) {
        return Some((*name).to_owned());
    }
    let words: Vec<&str> =
        published.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    (!words.is_empty() && published.len() <= 80).then(|| words.join("_"))
}

fn rank(unit: &str) -> usize {
    UNITS.iter().position(|(_, name)| *name == unit).unwrap_or(UNITS.len())
}

#[cfg(test)]
mod tests {
    use super::{published as published_prices, *};
    use serde_json::json;

    fn fact(unit: &str, usd: f64, neurons: f64) -> Price {
        Price { unit: unit.to_owned(), usd, neurons: Some(neurons) }
    }

    #[test]
    fn the_feed_has_the_dollars_and_the_facts_have_the_neurons() {
        let published = json!([
            {"unit": "per M output tokens", "price": 0.3, "currency": "USD"},
            {"unit": "per M input tokens", "price": 0.0118, "currency": "USD"},
        ]);
        assert_eq!(
            complete(published_prices(Some(&published)), &[fact("per_M_input_tokens", 0.012, 1075.0)]),
            [
                fact("per_M_input_tokens", 0.0118, 1075.0),
                Price { unit: "per_M_output_tokens".to_owned(), usd: 0.3, neurons: None },
            ]
        );
    }

    #[test]
    fn without_a_published_price_the_facts_stand() {
        let known = [fact("per_step", 0.0001056, 9.6), fact("per_512x512_tile", 5.28e-5, 4.8)];
        let prices = complete(Vec::new(), &known);
        let units: Vec<_> = prices.iter().map(|price| price.unit.as_str()).collect();
        assert_eq!(units, ["per_512x512_tile", "per_step"]);
        assert_eq!(complete(published_prices(Some(&json!([]))), &known), prices);
    }

    #[test]
    fn our_own_names_and_new_units_pass() {
        assert_eq!(unit("per_M_input_tokens").as_deref(), Some("per_M_input_tokens"));
        assert_eq!(unit("per second of video").as_deref(), Some("per_second_of_video"));
        assert_eq!(unit("\u{202e}"), None);
    }

    #[test]
    fn other_currencies_and_nonsense_are_left_out() {
        let published = json!([{"unit": "per step", "price": 1, "currency": "EUR"}, {"unit": "per step", "price": -1}, {"price": 1}, 7]);
        assert_eq!(complete(published_prices(Some(&published)), &[]), []);
    }
}
