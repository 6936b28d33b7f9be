//! Credentials from the environment, under the names that Cloudflare's own tools know.

use super::ClientBuilder;
use crate::Error;

const ACCOUNT_ID: &[&str] = &["CLOUDFLARE_ACCOUNT_ID", "CF_ACCOUNT_ID"];
const API_TOKEN: &[&str] = &["CLOUDFLARE_API_TOKEN", "CF_API_TOKEN"];
const API_BASE_URL: &[&str] = &["CLOUDFLARE_API_BASE_URL", "CF_API_BASE_URL", "CLOUDFLARE_BASE_URL"];

/// A client of the account and with the token that the variables give.
pub(super) fn builder(get: impl Fn(&str) -> Option<String>) -> Result<ClientBuilder, Error> {
    let first = |names: &[&str]| {
        names.iter().filter_map(|name| get(name)).map(|value| value.trim().to_owned()).find(|value| !value.is_empty())
    };
    let mut missing = Vec::new();
    let account_id = first(ACCOUNT_ID).unwrap_or_else(|| {
        missing.push("CLOUDFLARE_ACCOUNT_ID (on the dashboard's Workers AI page, and in its address)");
        String::new()
    });
    let token = first(API_TOKEN).unwrap_or_else(|| {
        missing.push("CLOUDFLARE_API_TOKEN (made at https://dash.cloudflare.com/profile/api-tokens with the Workers AI permission)");
        String::new()
    });
    if !missing.is_empty() {
        return Err(Error::configuration(format!("the environment lacks {}", missing.join(" and "))));
    }
    let mut builder = ClientBuilder::new(account_id, &token);
    if let Some(base_url) = first(API_BASE_URL) {
        builder.base_url = base_url;
    }
    Ok(builder)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;
    use crate::client::builder::BASE_URL;

    fn found_in(variables: &[(&str, &str)]) -> Result<ClientBuilder, Error> {
        super::builder(|name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn every_missing_variable_is_named() {
        let error = found_in(&[]).unwrap_err().to_string();
        assert!(
            error.contains("CLOUDFLARE_ACCOUNT_ID")
                && error.contains("CLOUDFLARE_API_TOKEN")
                && error.contains("https://"),
            "{error}"
        );
        let error = found_in(&[("CLOUDFLARE_ACCOUNT_ID", "a"), ("CLOUDFLARE_API_TOKEN", " ")]).unwrap_err().to_string();
        assert!(!error.contains("CLOUDFLARE_ACCOUNT_ID") && error.contains("CLOUDFLARE_API_TOKEN"), "{error}");
    }

    #[test]
    fn short_names_serve_where_the_long_ones_are_missing() {
        let found = found_in(&[
            ("CF_ACCOUNT_ID", "short"),
            ("CF_API_TOKEN", "t\n"),
            ("CLOUDFLARE_BASE_URL", "http://localhost:1"),
        ])
        .unwrap();
        assert_eq!(
            (found.account_id.as_str(), found.base_url.as_str(), found.authorization.unwrap().as_bytes()),
            ("short", "http://localhost:1", b"Bearer t".as_slice())
        );
        let found =
            found_in(&[("CF_ACCOUNT_ID", "short"), ("CLOUDFLARE_ACCOUNT_ID", "long"), ("CF_API_TOKEN", "t")]).unwrap();
        assert_eq!((found.account_id.as_str(), found.base_url.as_str()), ("long", BASE_URL));
    }
}
