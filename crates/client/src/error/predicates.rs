//! What programs ask of an error, and what people can do about it.

use std::time::{Duration, SystemTime};

use super::{
    Error,
    kind::{self, Kind},
};
use crate::{RetryClass, transport};

/// A day of UTC, which has no leap seconds to a computer.
const DAY: u64 = 24 * 60 * 60;

impl Error {
    /// The same request may pass when it is sent again after a pause: capacity, the per-minute limit, time-outs, faults of
    /// the service, the network. Never true for a spent daily allocation.
    ///
    /// # Troubleshooting
    ///
    /// The client has retried by then, as its [`RetryPolicy`](crate::RetryPolicy) says and
    /// [`attempts`](Self::attempts) counts; if that was not enough, the trouble lasts. Work that can wait belongs into the
    /// model's queue.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self.retry_class(), RetryClass::Soon | RetryClass::NextMinute | RetryClass::Once)
    }

    /// What the same request can hope for when it is sent again.
    #[must_use]
    pub fn retry_class(&self) -> RetryClass {
        kind::retry_class(self)
    }

    /// More requests per minute than the model allows (code 3021), or than a rule of the AI Gateway does (code 2003).
    ///
    /// # Troubleshooting
    ///
    /// Wait for the next minute. Limits are per account and model: another program with the same account counts too. Send
    /// fewer and larger requests (embeddings take a hundred texts at once), use the queue, or spread the work over models.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        kind::is_rate_limited(self)
    }

    /// The service has no capacity for the model right now (code 3040), or the model was busy and the call would not wait.
    ///
    /// # Troubleshooting
    ///
    /// Try again soon, or another model: small ones have more room. It has nothing to do with the account or its plan.
    #[must_use]
    pub fn is_out_of_capacity(&self) -> bool {
        kind::is_out_of_capacity(self)
    }

    /// The day's free allocation is spent (code 4006 or 3036).
    ///
    /// # Troubleshooting
    ///
    /// It comes back at [midnight UTC](Self::quota_resets_at); until then every call of the account fails, and none is
    /// billed. The Workers Paid plan lifts the limit. A [`Budget`](crate::Budget) stops a program before it gets there.
    #[must_use]
    pub fn is_quota_exhausted(&self) -> bool {
        kind::is_quota_exhausted(self)
    }

    /// When the day's free allocation is there again, if it [is spent](Self::is_quota_exhausted): the first midnight UTC
    /// after the failure, by the date in the reply or else by the client's [`Clock`](crate::transport::Clock).
    ///
    /// ```no_run
    /// # fn example(error: workers_ai_client::Error) {
    /// use std::time::SystemTime;
    ///
    /// if let Some(then) = error.quota_resets_at() {
    ///     let wait = then.duration_since(SystemTime::now()).unwrap_or_default();
    ///     println!("no neurons for another {} minutes", wait.as_secs() / 60);
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn quota_resets_at(&self) -> Option<SystemTime> {
        if !self.is_quota_exhausted() {
            return None;
        }
        let now = self.0.at.or_else(transport::system_time)?;
        let days = now.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs() / DAY;
        SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(days.checked_add(1)?.checked_mul(DAY)?))
    }

    /// This program's own [`Budget`](crate::Budget) has no neurons left for the call, which was not sent. The source is an
    /// [`Overdraft`](crate::Overdraft), which says when there will be some again.
    ///
    /// # Troubleshooting
    ///
    /// Raise the budget, or wait for the next day. The service's own limit is
    /// [`is_quota_exhausted`](Self::is_quota_exhausted).
    #[must_use]
    pub fn is_budget_exhausted(&self) -> bool {
        matches!(self.0.kind, Kind::Budget)
    }

    /// Prompt and answer together are longer than the model's context window (code 5021, or 3030 and 8007 in other words).
    ///
    /// # Troubleshooting
    ///
    /// Shorten the prompt, or ask for fewer tokens: both count. The service estimates before it begins, at about four
    /// characters a token, images included, so a text that would just fit can be refused.
    #[must_use]
    pub fn is_context_exceeded(&self) -> bool {
        kind::is_context_exceeded(self)
    }

    /// The model has left the service (code 5028). The message usually says since when.
    ///
    /// # Troubleshooting
    ///
    /// Take another model; in the bindings a leaving one is deprecated, with the replacement where one is known. The name
    /// in the message can be an internal one. A retired model has also been seen to answer with code 5018.
    #[must_use]
    pub fn is_retired(&self) -> bool {
        kind::is_retired(self)
    }

    /// The model needs the Workers Paid plan (code 5035).
    ///
    /// # Troubleshooting
    ///
    /// Upgrade the account on the dashboard (the message has the address), or take a model whose
    /// [`Flags`](crate::Flags) do not ask for it. The model in the message can be the one behind an alias.
    #[must_use]
    pub fn needs_paid_plan(&self) -> bool {
        kind::needs_paid_plan(self)
    }

    /// The model's licence has to be agreed to first (code 5016).
    ///
    /// # Troubleshooting
    ///
    /// Read the licence and [agree to it](crate::Client::agree_to_license), once per account. No call agrees by itself.
    #[must_use]
    pub fn needs_license_agreement(&self) -> bool {
        kind::needs_license_agreement(self)
    }

    /// The account may not use this model, or no model at all (codes 3023, 3041 and 5018).
    ///
    /// # Troubleshooting
    ///
    /// Private models are for the accounts they belong to: check the model's id and the account's. Code 3023 means that
    /// the account is blocked, which only Cloudflare's support can change. Code 5018 has been seen for a retired model.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        kind::is_forbidden(self)
    }

    /// The token is missing, malformed, revoked, lacks a permission or belongs to another account (codes 10000, 9106 and
    /// others).
    ///
    /// # Troubleshooting
    ///
    /// Code 9106 means that what was sent does not even look like a token. With 10000 check that the token is active, has
    /// the Workers AI permission (read and edit) and belongs to the account whose id the client was given.
    #[must_use]
    pub fn is_authentication(&self) -> bool {
        kind::is_authentication(self)
    }

    /// There is no such model (codes 5007 and 3042) or no such path (7000 and 7003).
    ///
    /// # Troubleshooting
    ///
    /// Compare the id with the catalogue's: it begins with `@cf/` or `@hf/`. Code 7003 points to a malformed account id,
    /// 7000 to a wrong base URL.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        kind::is_not_found(self)
    }

    /// Nobody answered in time: this program's own limit (no [`status`](Self::status)) or the service's (codes 3007, 3046
    /// and 2014).
    ///
    /// # Troubleshooting
    ///
    /// The service gives up on an answer in one piece after about two minutes, and will again: stream, ask for fewer
    /// tokens, or use the queue. For this program's own limit see [`Call::timeout`](crate::Call::timeout).
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        kind::is_timeout(self)
    }

    /// The service could not be reached, or the connection broke.
    ///
    /// # Troubleshooting
    ///
    /// The [source](std::error::Error::source) says what happened: a name that does not resolve, a refused connection, a
    /// certificate that is not trusted. A call whose connection broke may have been answered, and billed, all the same.
    #[must_use]
    pub fn is_connection(&self) -> bool {
        matches!(self.0.kind, Kind::Connection | Kind::Truncated { connection: true })
    }

    /// The request itself is wrong: refused here before it was sent (no [`status`](Self::status)), or by the service.
    ///
    /// # Troubleshooting
    ///
    /// The message names the parameter and what is allowed. What the bindings let pass and the service refuses was set by
    /// name or is a difference between the published schema and the model.
    #[must_use]
    pub fn is_invalid_request(&self) -> bool {
        kind::is_invalid_request(self)
    }

    /// The model did not manage to answer in the JSON that was asked for (code 5024).
    ///
    /// # Troubleshooting
    ///
    /// Simplify the schema, say in the prompt what is wanted, allow more tokens, or ask without a schema.
    #[must_use]
    pub fn is_json_mode_failed(&self) -> bool {
        kind::is_json_mode_failed(self)
    }

    /// A filter refused the prompt or what the model made of it (some of codes 3030 and 8007).
    ///
    /// # Troubleshooting
    ///
    /// Word the prompt differently. If it was the output that was flagged, the same prompt can pass the next time, so it is
    /// tried once more.
    #[must_use]
    pub fn is_content_refused(&self) -> bool {
        kind::is_content_refused(self)
    }

    /// The AI Gateway said it, and not the model's service (codes 2001, 2003 and 2014).
    ///
    /// # Troubleshooting
    ///
    /// Code 2001 means that the account has no gateway of this name. The others are its own limits: see its settings.
    #[must_use]
    pub fn is_gateway(&self) -> bool {
        kind::is_gateway(self)
    }

    /// The reply is not what the model's type says. The message names the place; [`body`](Self::body) has the reply.
    ///
    /// # Troubleshooting
    ///
    /// The model answers differently from its published schema. [`Client::run`](crate::Client::run) takes whatever comes;
    /// the body is what a report should hold.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode)
    }

    /// The reply is longer than the client reads into memory.
    ///
    /// # Troubleshooting
    ///
    /// See [`ClientBuilder::max_reply`](crate::ClientBuilder::max_reply). No model is known to answer so much: look at the
    /// base URL.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        matches!(self.0.kind, Kind::TooLarge)
    }

    /// The stream ended before the model had finished.
    ///
    /// # Troubleshooting
    ///
    /// What had arrived is what the chunks gave. Nothing is attempted again once a stream has begun: ask anew, or go on
    /// with what there is.
    #[must_use]
    pub fn is_truncated(&self) -> bool {
        matches!(self.0.kind, Kind::Truncated { .. })
    }
}
