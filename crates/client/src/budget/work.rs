//! What a call works on, in the units that prices are given in.

use crate::{Info, Price};

/// The amounts that a call is charged for. Those that a model has no price for do not matter.
///
/// ```
/// use workers_ai_client::{Info, Price, Work};
///
/// const FLUX: Info = Info {
///     prices: &[
///         Price { unit: "per_512x512_tile", usd: 0.0000528, neurons: Some(4.8) },
///         Price { unit: "per_step", usd: 0.0001056, neurons: Some(9.6) },
///     ],
///     ..Info::new("@cf/black-forest-labs/flux-1-schnell", "Text-to-Image", "2025-12")
/// };
/// let picture = Work { width: 1024, height: 1024, steps: 4, ..Work::default() };
/// assert!((FLUX.neurons(&picture).unwrap_or_default() - 172.8).abs() < 1e-9);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Work {
    /// Tokens of the request, cached ones included.
    pub input_tokens: u64,
    /// How many of them came from the prefix cache.
    pub cached_tokens: u64,
    /// Tokens of the answer, thinking included.
    pub output_tokens: u64,
    /// Characters of the text to speak.
    pub characters: u64,
    /// Seconds of sound that went in or came out.
    pub audio_seconds: f64,
    /// The same over a WebSocket, which has a price of its own.
    pub websocket_audio_seconds: f64,
    /// Width of the picture to draw, in pixels.
    pub width: u32,
    /// Height of the picture to draw, in pixels.
    pub height: u32,
    /// Steps in which it is drawn.
    pub steps: u32,
    /// Pictures that went in.
    pub input_images: u32,
    /// How many requests this is: one, except in a batch.
    pub requests: u32,
}

impl Info {
    /// What work of this model costs in neurons; `None` when nothing that it is charged for has a published price.
    ///
    /// A unit that is not understood counts as nothing. Where a price is in dollars only, 1,000 neurons are 0.011 dollars.
    ///
    /// ```
    /// use workers_ai_client::{Info, Price, Work};
    ///
    /// const LLAMA: Info = Info {
    ///     prices: &[
    ///         Price { unit: "per_M_input_tokens", usd: 0.293, neurons: Some(26_668.0) },
    ///         Price { unit: "per_M_output_tokens", usd: 2.253, neurons: Some(204_805.0) },
    ///     ],
    ///     ..Info::new("@cf/meta/llama-3.3-70b-instruct-fp8-fast", "Text Generation", "2025-12")
    /// };
    /// let answer = Work { input_tokens: 1000, output_tokens: 200, ..Work::default() };
    /// assert!((LLAMA.neurons(&answer).unwrap_or_default() - 67.629).abs() < 1e-9);
    /// ```
    #[must_use]
    pub fn neurons(&self, work: &Work) -> Option<f64> {
        let cached_have_a_price = self.prices.iter().any(|price| price.unit == "per_M_cached_input_tokens");
        let mut total = None;
        for price in self.prices {
            let (Some(rate), Some(units)) = (rate(price), work.units(price.unit, cached_have_a_price)) else {
                continue;
            };
            *total.get_or_insert(0.0) += rate * units;
        }
        total
    }
}

/// Neurons a unit; the dollar figure is the rounded one.
pub(super) fn rate(price: &Price) -> Option<f64> {
    const USD_PER_NEURON: f64 = 0.011 / 1000.0;
    price.neurons.or(Some(price.usd / USD_PER_NEURON)).filter(|rate| rate.is_finite() && *rate >= 0.0)
}

impl Work {
    /// How much of a unit this is. All units are here that occur in the catalogue.
    fn units(&self, unit: &str, cached_have_a_price: bool) -> Option<f64> {
        let steps = f64::from(self.steps);
        let input_images = f64::from(self.input_images);
        Some(match unit {
            "per_M_input_tokens" if cached_have_a_price => {
                millions(self.input_tokens.saturating_sub(self.cached_tokens))
            }
            "per_M_input_tokens" => millions(self.input_tokens),
            "per_M_cached_input_tokens" => millions(self.cached_tokens.min(self.input_tokens)),
            "per_M_output_tokens" => millions(self.output_tokens),
            "per_1k_input_characters" | "per_1k_characters" => millions(self.characters) * 1000.0,
            "per_audio_minute" => self.audio_seconds / 60.0,
            "per_audio_minute_websocket" => self.websocket_audio_seconds / 60.0,
            "per_512x512_tile" | "per_output_512x512_tile" => self.tiles(),
            // Observed on flux-1-schnell, 172.80 neurons for four tiles and four steps: a step is paid for every tile.
            "per_step" if self.tiles() > 0.0 => self.tiles() * steps,
            "per_step" => steps,
            "per_output_512x512_tile_per_step" => self.tiles() * steps,
            // A picture that goes in must be smaller than a tile.
            "per_input_512x512_tile" => input_images,
            "per_input_512x512_tile_per_step" => input_images * steps,
            "per_input_image_MP" => input_images,
            "per_first_MP_1024x1024" => self.megapixels().min(1.0),
            "per_subsequent_MP" => (self.megapixels() - 1.0).max(0.0),
            "per_M_images" => millions(self.input_images.into()),
            "per_inference_request" => f64::from(self.requests),
            _ => return None,
        })
    }

    fn tiles(&self) -> f64 {
        f64::from(self.width.div_ceil(512)) * f64::from(self.height.div_ceil(512))
    }

    /// Begun megapixels count as whole ones.
    fn megapixels(&self) -> f64 {
        (f64::from(self.width) * f64::from(self.height) / (1024.0 * 1024.0)).ceil()
    }
}

fn millions(count: u64) -> f64 {
    count as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(prices: &'static [Price], work: Work, expected: Option<f64>) {
        let info = Info { prices, ..Info::new("@cf/a/b", "Test", "2026-11") };
        let found = info.neurons(&work);
        let near = |(found, expected): (f64, f64)| (found - expected).abs() < 1e-6;
        assert!(found.zip(expected).map_or(found.is_none() && expected.is_none(), near), "{found:?}, not {expected:?}");
    }

    #[test]
    fn tokens_from_the_cache_have_their_own_price_where_there_is_one() {
        const INPUT: Price = Price { unit: "per_M_input_tokens", usd: 0.95, neurons: Some(86364.0) };
        const CACHED: Price = Price { unit: "per_M_cached_input_tokens", usd: 0.16, neurons: Some(14545.0) };
        const OUTPUT: Price = Price { unit: "per_M_output_tokens", usd: 4.0, neurons: Some(363_636.0) };
        let work = Work { input_tokens: 1000, cached_tokens: 600, output_tokens: 10, ..Work::default() };
        check(&[INPUT, CACHED, OUTPUT], work, Some(34.5456 + 8.727 + 3.63636));
        check(&[INPUT, OUTPUT], work, Some(86.364 + 3.63636));
    }

    #[test]
    fn dollars_stand_in_for_missing_neurons() {
        check(
            &[Price { unit: "per_inference_request", usd: 0.0000075, neurons: None }],
            Work { requests: 2, ..Work::default() },
            Some(1.363_636_364),
        );
    }

    #[test]
    fn pictures_are_paid_by_tiles_steps_or_megapixels() {
        const KLEIN: &[Price] = &[
            Price { unit: "per_first_MP_1024x1024", usd: 0.015, neurons: Some(1363.64) },
            Price { unit: "per_subsequent_MP", usd: 0.002, neurons: Some(181.82) },
            Price { unit: "per_input_image_MP", usd: 0.002, neurons: Some(181.82) },
        ];
        let picture = Work { width: 1024, height: 1024, ..Work::default() };
        check(KLEIN, picture, Some(1363.64));
        check(KLEIN, Work { width: 2048, input_images: 1, ..picture }, Some(1363.64 + 2.0 * 181.82));
        const DEV: &[Price] = &[
            Price { unit: "per_input_512x512_tile_per_step", usd: 0.00021, neurons: Some(18.75) },
            Price { unit: "per_output_512x512_tile_per_step", usd: 0.00041, neurons: Some(37.5) },
        ];
        check(DEV, Work { steps: 10, input_images: 1, ..picture }, Some(187.5 + 1500.0));
    }

    #[test]
    fn minutes_over_a_socket_are_other_minutes() {
        const NOVA: &[Price] = &[
            Price { unit: "per_audio_minute", usd: 0.0052, neurons: Some(472.73) },
            Price { unit: "per_audio_minute_websocket", usd: 0.0092, neurons: Some(836.36) },
        ];
        check(NOVA, Work { audio_seconds: 30.0, ..Work::default() }, Some(236.365));
        check(NOVA, Work { websocket_audio_seconds: 60.0, ..Work::default() }, Some(836.36));
    }

    #[test]
    fn what_has_no_price_has_no_neurons() {
        check(&[], Work::default(), None);
        check(&[Price { unit: "per_moon", usd: 1.0, neurons: None }], Work::default(), None);
    }

    /// A unit that is new in the catalogue must be given a meaning here.
    #[test]
    fn every_unit_of_the_catalogue_is_known() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas");
        let mut units = std::collections::BTreeSet::new();
        collect(folder.as_ref(), &mut units);
        if units.is_empty() {
            return; // A packaged crate has no schemas beside it.
        }
        let unknown: Vec<_> = units.iter().filter(|unit| Work::default().units(unit, false).is_none()).collect();
        assert!(unknown.is_empty() && units.len() > 10, "{unknown:?} of {units:?}");
    }

    fn collect(folder: &std::path::Path, units: &mut std::collections::BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                collect(&path, units);
            } else if let Ok(text) = std::fs::read_to_string(&path)
                && let Ok(model) = serde_json::from_str::<serde_json::Value>(&text)
            {
                let prices = model.get("prices").and_then(serde_json::Value::as_array);
                let names =
                    prices.into_iter().flatten().filter_map(|price| price.get("unit")?.as_str().map(str::to_owned));
                units.extend(names);
            }
        }
    }

    #[test]
    fn tiles_are_counted_in_both_directions_and_begun_ones_are_whole() {
        const TILE: &[Price] = &[Price { unit: "per_512x512_tile", usd: 0.0, neurons: Some(1.0) }];
        check(TILE, Work { width: 1024, height: 1537, ..Work::default() }, Some(8.0));
    }

    #[test]
    fn a_step_without_a_picture_is_a_step() {
        const STEP: &[Price] = &[Price { unit: "per_step", usd: 0.0, neurons: Some(1.0) }];
        check(STEP, Work { steps: 4, ..Work::default() }, Some(4.0));
        check(STEP, Work { steps: 4, width: 512, height: 1024, ..Work::default() }, Some(8.0));
    }

    #[test]
    fn pictures_that_are_read_are_paid_by_the_million() {
        const IMAGES: &[Price] = &[Price { unit: "per_M_images", usd: 0.0, neurons: Some(1e6) }];
        check(IMAGES, Work { input_images: 3, ..Work::default() }, Some(3.0));
    }

    #[test]
    fn a_price_that_makes_no_sense_is_none() {
        let work = Work { requests: 2, ..Work::default() };
        check(&[Price { unit: "per_inference_request", usd: 0.0, neurons: Some(-1.0) }], work, None);
        check(&[Price { unit: "per_inference_request", usd: f64::NAN, neurons: None }], work, None);
        check(&[Price { unit: "per_inference_request", usd: 0.0, neurons: Some(0.0) }], work, Some(0.0));
    }
}
