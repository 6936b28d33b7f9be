//! The facts of a model as the constant `INFO`.

use super::layout::{float, group, literal};
use crate::facts::{Facts, Price};

/// How far the constant's fields are indented.
const FIELDS: usize = 8;

/// The expression. Only what is published is written; the rest of `Info::new` is `None`, empty or false.
pub(super) fn info(facts: &Facts) -> String {
    let mut known = String::new();
    let mut put = |name: &str, value: String| {
        known.push_str(&format!("        {name}: {value},\n"));
    };
    for name in ["context_window", "max_input_tokens", "output_dimensions"] {
        if let Some(number) = facts.number(name) {
            put(name, format!("Some({number})"));
        }
    }
    if !facts.prices.is_empty() {
        let prices: Vec<String> = facts.prices.iter().map(price).collect();
        put("prices", group(FIELDS, FIELDS + "prices: ".len(), "&[", &prices, "]"));
    }
    if let Some(limits) = &facts.limits {
        put("requests_per_minute", format!("Some({})", limits.requests_per_minute));
    }
    let flags: String =
        FLAGS.iter().filter(|flag| facts.flag(flag)).map(|flag| format!("            {flag}: true,\n")).collect();
    if !flags.is_empty() {
        put("flags", format!("client::Flags {{\n{flags}            ..client::Flags::NONE\n        }}"));
    }
    let texts = [
        ("created_at", facts.created_at.as_deref()),
        ("gone_by", facts.lifecycle.gone_by.as_deref()),
        ("planned_deprecation", facts.lifecycle.planned_deprecation.as_deref()),
        ("terms", facts.text("terms")),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            put(name, group(FIELDS, FIELDS + name.len() + 2, "Some(", &[literal(text)], ")"));
        }
    }
    if let Some(headline) = &facts.headline {
        let context = headline.context_window.map_or_else(|| "None".to_owned(), |tokens| format!("Some({tokens})"));
        let per_minute = headline.requests_per_minute;
        put(
            "headline",
            format!(
                "Some(client::Headline {{\n            context_window: {context},\n            \
                 requests_per_minute: {per_minute},\n        }})"
            ),
        );
    }
    let arguments = ["ID".to_owned(), literal(&facts.task), literal(&facts.lifecycle.first_seen)];
    let new = |indent, used| group(indent, used, "client::Info::new(", &arguments, ")");
    if known.is_empty() {
        new(4, "    pub const INFO: client::Info = ".len())
    } else {
        format!("client::Info {{\n{known}        ..{}\n    }}", new(FIELDS, FIELDS + 2))
    }
}

fn price(price: &Price) -> String {
    let neurons = price.neurons.map_or_else(|| "None".to_owned(), |neurons| format!("Some({})", float(neurons)));
    let arguments = [literal(&price.unit), float(price.usd), neurons];
    group(FIELDS + 4, FIELDS + 4, "client::Price::new(", &arguments, ")")
}

const FLAGS: [&str; 9] = [
    "async_queue",
    "beta",
    "function_calling",
    "lora",
    "partner",
    "realtime",
    "reasoning",
    "require_workers_paid",
    "vision",
];
