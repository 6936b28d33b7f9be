//! What a call costs in neurons, by the published prices.

use workers_ai_codegen::{Facts, Price};

use crate::answer::Usage;

/// Neurons for this use; `None` where the model has no published price.
///
/// ```
/// use workers_ai_local::{Catalog, Usage, neurons};
///
/// let catalog = Catalog::embedded()?;
/// let model = catalog.get("@cf/black-forest-labs/flux-1-schnell").expect("it is published");
/// let drawn = Usage { image: Some((1024, 1024)), steps: 4, ..Usage::default() };
/// assert_eq!(neurons(model.facts(), &drawn).map(f64::round), Some(173.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn neurons(facts: &Facts, usage: &Usage) -> Option<f64> {
    let mut total = None;
    let tiles = tiles(usage.image);
    for price in &facts.prices {
        let Some(rate) = rate(price) else { continue };
        let units = match price.unit.as_str() {
            "per_M_input_tokens" => millions(usage.input_tokens),
            "per_M_output_tokens" => millions(usage.output_tokens),
            "per_audio_minute" => usage.audio_seconds / 60.0,
            "per_1k_input_characters" | "per_1k_characters" => count(usage.characters) / 1000.0,
            "per_512x512_tile" | "per_output_512x512_tile" => tiles,
            // Observed on flux-1-schnell: each step is paid for each tile.
            "per_step" => tiles * count(usage.steps),
            "per_output_512x512_tile_per_step" => tiles * count(usage.steps),
            // Input images must be smaller than one tile.
            "per_input_512x512_tile" => count(usage.input_images),
            "per_input_512x512_tile_per_step" => count(usage.input_images) * count(usage.steps),
            "per_input_image_MP" => count(usage.input_images),
            "per_first_MP_1024x1024" => megapixels(usage.image).min(1.0).ceil(),
            "per_subsequent_MP" => (megapixels(usage.image).ceil() - 1.0).max(0.0),
            "per_M_images" => millions(usage.input_images),
            "per_inference_request" => 1.0,
            // Cached tokens and WebSocket minutes do not occur here.
            _ => continue,
        };
        *total.get_or_insert(0.0) += rate * units;
    }
    total
}

/// Neurons a unit; the dollar figure is the less exact one.
fn rate(price: &Price) -> Option<f64> {
    const USD_PER_1000_NEURONS: f64 = 0.011;
    price.neurons.or_else(|| (price.usd > 0.0).then(|| price.usd / USD_PER_1000_NEURONS * 1000.0))
}

fn tiles(image: Option<(u32, u32)>) -> f64 {
    image.map_or(0.0, |(width, height)| f64::from(width.div_ceil(512)) * f64::from(height.div_ceil(512)))
}

fn megapixels(image: Option<(u32, u32)>) -> f64 {
    image.map_or(0.0, |(width, height)| f64::from(width) * f64::from(height) / (1024.0 * 1024.0))
}

fn millions(count: u64) -> f64 {
    self::count(count) / 1e6
}

fn count(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Neurons as the header and the usage write them.
pub(crate) fn written(neurons: f64) -> f64 {
    (neurons * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(prices: serde_json::Value, usage: Usage, expected: Option<f64>) {
        let facts: Facts = serde_json::from_value(json!({
            "id": "@cf/a/b", "task": "T", "rust": {"module": "b", "type": "B"}, "lifecycle": {"first_seen": "2026-11"},
            "prices": prices,
        }))
        .unwrap();
        assert_eq!(neurons(&facts, &usage).map(written), expected);
    }

    #[test]
    fn tokens_are_counted_by_the_million() {
        let prices = json!([{"unit": "per_M_input_tokens", "usd": 0.293, "neurons": 26668.0},
            {"unit": "per_M_output_tokens", "usd": 2.253, "neurons": 204805.0}]);
        let usage = Usage { input_tokens: 1000, output_tokens: 100, ..Usage::default() };
        check(prices, usage, Some(47.1485));
    }

    #[test]
    fn steps_are_paid_for_each_tile() {
        let prices = json!([{"unit": "per_512x512_tile", "usd": 0.0, "neurons": 4.8}, {"unit": "per_step", "usd": 0.0, "neurons": 9.6}]);
        let usage = Usage { image: Some((1024, 1024)), steps: 4, ..Usage::default() };
        check(prices, usage, Some(172.8));
    }

    #[test]
    fn the_first_megapixel_has_its_own_price() {
        let prices = json!([{"unit": "per_first_MP_1024x1024", "usd": 0.015, "neurons": 1363.64},
            {"unit": "per_subsequent_MP", "usd": 0.002, "neurons": 181.82}]);
        check(prices, Usage { image: Some((1024, 1024)), ..Usage::default() }, Some(1363.64));
    }

    #[test]
    fn what_has_no_price_has_no_neurons() {
        check(json!([]), Usage::default(), None);
    }
}
