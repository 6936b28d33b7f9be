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
    /// ```
    /// # let said = r#"{"success": false, "errors": [{"code": 3040, "message": "AiError: Capacity temporarily exceeded, please try again."}]}"#;
    /// # let reply = workers_ai_client::Answer::new(http::StatusCode::TOO_MANY_REQUESTS, http::HeaderMap::new(), said);
    /// # let error = reply.json::<serde_json::Value>().unwrap_err();
    /// # let mut later = Vec::new();
    /// # let job = "summary of page 7";
    /// if error.is_retryable() {
    ///     later.push(job); // the retries are used up; in an hour it may be different
    /// } else {
    ///     eprintln!("{job} will never work: {error}");
    /// }
    /// # assert_eq!(later, [job]);
    /// ```
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
    ///
    /// ```
    /// # let said = r#"{"success": false, "errors": [{"code": 3021, "message": "AiError: rate reached"}]}"#;
    /// # let reply = workers_ai_client::Answer::new(http::StatusCode::TOO_MANY_REQUESTS, http::HeaderMap::new(), said);
    /// # let error = reply.json::<serde_json::Value>().unwrap_err();
    /// use std::time::{Duration, SystemTime};
    ///
    /// use workers_ai_client::RetryClass;
    ///
    /// let pause = match error.retry_class() {
    ///     RetryClass::Soon | RetryClass::Once => Some(Duration::from_secs(5)),
    ///     RetryClass::NextMinute => Some(Duration::from_secs(60)),
    ///     RetryClass::NextDay => error.quota_resets_at().and_then(|then| then.duration_since(SystemTime::now()).ok()),
    ///     _ => None, // the request has to change
    /// };
    /// assert_eq!(pause, Some(Duration::from_secs(60)));
    /// ```
    ///
    /// For programs with a scheduler of their own; a call by itself retries as its [`RetryPolicy`](crate::RetryPolicy) says.
    #[must_use]
    pub fn retry_class(&self) -> RetryClass {
        kind::retry_class(self)
    }

    /// More requests per minute than the model allows (code 3021), or than a rule of the AI Gateway does (code 2003).
    ///
    /// ```
    /// # let said = r#"{"success": false, "errors": [{"code": 3021, "message": "AiError: rate reached"}]}"#;
    /// # let reply = workers_ai_client::Answer::new(http::StatusCode::TOO_MANY_REQUESTS, http::HeaderMap::new(), said);
    /// # let error = reply.json::<serde_json::Value>().unwrap_err();
    /// # let mut batch_size = 10;
    /// if error.is_rate_limited() {
    ///     batch_size = 100; // fewer calls for the same texts
    /// }
    /// # assert_eq!(batch_size, 100);
    /// ```
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
    /// ```
    /// # let said = r#"{"success": false, "errors": [{"code": 3040, "message": "AiError: Capacity temporarily exceeded, please try again."}]}"#;
    /// # let reply = workers_ai_client::Answer::new(http::StatusCode::TOO_MANY_REQUESTS, http::HeaderMap::new(), said);
    /// # let error = reply.json::<serde_json::Value>().unwrap_err();
    /// let model = if error.is_out_of_capacity() {
    ///     "@cf/meta/llama-3.2-1b-instruct"
    /// } else {
    ///     "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
    /// };
    /// assert_eq!(model, "@cf/meta/llama-3.2-1b-instruct");
    /// ```
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
    /// ```
    /// # let said = r#"{"success": false, "errors": [{"code": 4006, "message": "AiError: you have used up your daily free allocation of 10,000 neurons"}]}"#;
    /// # let reply = workers_ai_client::Answer::new(http::StatusCode::TOO_MANY_REQUESTS, http::HeaderMap::new(), said);
    /// # let error = reply.json::<serde_json::Value>().unwrap_err();
    /// # fn pause_until(_: std::time::SystemTime) {}
    /// if error.is_quota_exhausted() {
    ///     // Every other call would fail as well, and none is billed.
    ///     pause_until(error.quota_resets_at().expect("the quota has an end"));
    /// }
    /// # assert!(error.is_quota_exhausted() && error.quota_resets_at().is_some());
    /// ```
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
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::error::Error as _;
    ///
    /// use workers_ai_client::{Budget, Client, Overdraft};
    ///
    /// let client = Client::builder("account", "token").budget(Budget::refuse_at(0.0)).build()?;
    /// let error = client.run("@cf/baai/bge-m3", serde_json::json!({"text": "sea"})).await.unwrap_err();
    /// assert!(error.is_budget_exhausted());
    ///
    /// let overdraft = error.source().and_then(|source| source.downcast_ref::<Overdraft>());
    /// assert_eq!(overdraft.map(|overdraft| overdraft.limit), Some(0.0));
    /// # Ok(())
    /// # }
    /// ```
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
    /// ```
    /// # let said = r#"{"success": false, "errors": [{"code": 5021, "message": "AiError: The estimated number of input and maximum output tokens (9000) exceeded this model context window limit (8192)."}]}"#;
    /// # let reply = workers_ai_client::Answer::new(http::StatusCode::PAYLOAD_TOO_LARGE, http::HeaderMap::new(), said);
    /// # let error = reply.json::<serde_json::Value>().unwrap_err();
    /// # let mut history = vec!["Hello.", "Hello!", "And what does the sea do?"];
    /// if error.is_context_exceeded() {
    ///     history.drain(..history.len() / 2); // forget the older half, and ask again
    /// }
    /// # assert_eq!(history.len(), 2);
    /// ```
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
    /// ```
    /// # let said = r#"{"success": false, "errors": [{"code": 5028, "message": "AiError: This model was deprecated on 2026-05-30"}]}"#;
    /// # let reply = workers_ai_client::Answer::new(http::StatusCode::GONE, http::HeaderMap::new(), said);
    /// # let error = reply.json::<serde_json::Value>().unwrap_err();
    /// # let mut model = "@cf/meta/llama-2-7b-chat-int8";
    /// if error.is_retired() {
    ///     eprintln!("{model} is gone: {}", error.message());
    ///     model = "@cf/meta/llama-3.2-3b-instruct";
    /// }
    /// # assert_eq!(model, "@cf/meta/llama-3.2-3b-instruct");
    /// ```
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
    /// ```
    /// # let said = r#"{"success": false, "errors": [{"code": 5035, "message": "AiError: Model @cf/a/b is not available on the Workers Free plan. Upgrade to access this model: https://dash.cloudflare.com"}]}"#;
    /// # let reply = workers_ai_client::Answer::new(http::StatusCode::FORBIDDEN, http::HeaderMap::new(), said);
    /// # let error = reply.json::<serde_json::Value>().unwrap_err();
    /// if error.needs_paid_plan() {
    ///     eprintln!("{}", error.message()); // says where to upgrade
    /// }
    /// # assert!(error.needs_paid_plan());
    /// ```
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
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([
    /// #     r#"{"success": false, "errors": [{"code": 5016, "message": "User has not agreed to Llama3.2 model terms"}]}"#,
    /// #     r#"{"success": false, "errors": [{"code": 5016, "message": "Thank you for agreeing to this model's license"}]}"#,
    /// #     r#"{"result": {"response": "Hello!"}, "success": true}"#,
    /// # ]);
    /// # let (model, question) = ("@cf/meta/llama-3.2-11b-vision-instruct", serde_json::json!({"prompt": "Hello"}));
    /// # let they_agreed = true;
    /// let reply = match client.run(model, &question).await {
    ///     // Only after somebody has read the licence.
    ///     Err(error) if error.needs_license_agreement() && they_agreed => {
    ///         client.agree_to_license(model).await?;
    ///         client.run(model, &question).await?
    ///     }
    ///     reply => reply?,
    /// };
    /// # assert_eq!(reply["response"], "Hello!");
    /// # Ok(())
    /// # }
    /// ```
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
    /// ```
    /// # let said = r#"{"success": false, "errors": [{"code": 5018, "message": "AiError: This account is not allowed to access @cf/acme/private"}]}"#;
    /// # let reply = workers_ai_client::Answer::new(http::StatusCode::FORBIDDEN, http::HeaderMap::new(), said);
    /// # let error = reply.json::<serde_json::Value>().unwrap_err();
    /// if error.is_forbidden() {
    ///     eprintln!("is this the right account? {}", error.message());
    /// }
    /// # assert!(error.is_forbidden());
    /// ```
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
    /// ```
    /// # let said = r#"{"success": false, "errors": [{"code": 10000, "message": "Authentication error"}]}"#;
    /// # let reply = workers_ai_client::Answer::new(http::StatusCode::UNAUTHORIZED, http::HeaderMap::new(), said);
    /// # let error = reply.json::<serde_json::Value>().unwrap_err();
    /// if error.is_authentication() {
    ///     eprintln!("make a new token at https://dash.cloudflare.com/profile/api-tokens, then start again");
    /// }
    /// # assert!(error.is_authentication());
    /// ```
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
    /// ```
    /// # let said = r#"{"success": false, "errors": [{"code": 5007, "message": "No such model @cf/baai/bge-m4 or task"}]}"#;
    /// # let reply = workers_ai_client::Answer::new(http::StatusCode::BAD_REQUEST, http::HeaderMap::new(), said);
    /// # let error = reply.json::<serde_json::Value>().unwrap_err();
    /// if error.is_not_found() {
    ///     eprintln!("check the id: {}", error.message());
    /// }
    /// # assert!(error.is_not_found());
    /// ```
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
    /// ```
    /// # let said = r#"{"success": false, "errors": [{"code": 3046, "message": "AiError: Request timeout"}]}"#;
    /// # let reply = workers_ai_client::Answer::new(http::StatusCode::REQUEST_TIMEOUT, http::HeaderMap::new(), said);
    /// # let error = reply.json::<serde_json::Value>().unwrap_err();
    /// let advice = match error.status() {
    ///     _ if !error.is_timeout() => "something else",
    ///     Some(_) => "the model was too slow: stream, or ask for fewer tokens",
    ///     None => "this program was too impatient: allow more time",
    /// };
    /// assert_eq!(advice, "the model was too slow: stream, or ask for fewer tokens");
    /// ```
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
    /// ```
    /// use std::error::Error as _;
    ///
    /// use workers_ai_client::{
    ///     Error,
    ///     transport::{TransportError, TransportErrorKind},
    /// };
    ///
    /// let error = Error::from(TransportError::new(TransportErrorKind::Connection, "connection refused"));
    /// if error.is_connection() {
    ///     let mut reason = error.source();
    ///     while let Some(deeper) = reason.and_then(|reason| reason.source()) {
    ///         reason = Some(deeper);
    ///     }
    ///     assert_eq!(reason.map(ToString::to_string).as_deref(), Some("connection refused"));
    /// }
    /// ```
    ///
    /// # Troubleshooting
    ///
    /// The [source](std::error::Error::source) says what happened: a name that does not resolve, a refused connection, a
    /// certificate that is not trusted (which another attempt does not change). A call whose connection broke may have been answered, and billed, all the same.
    #[must_use]
    pub fn is_connection(&self) -> bool {
        matches!(
            self.0.kind,
            Kind::Unreachable | Kind::Connection | Kind::Untrusted | Kind::Truncated { connection: true }
        )
    }

    /// The request itself is wrong: refused here before it was sent (no [`status`](Self::status)), or by the service.
    ///
    /// ```
    /// # let said = r#"{"success": false, "errors": [{"code": 5006, "message": "AiError: Bad input: Error: '/temperature' must be <= 5"}]}"#;
    /// # let reply = workers_ai_client::Answer::new(http::StatusCode::BAD_REQUEST, http::HeaderMap::new(), said);
    /// # let error = reply.json::<serde_json::Value>().unwrap_err();
    /// if error.is_invalid_request() {
    ///     let who = if error.status().is_some() { "the service" } else { "this program" };
    ///     eprintln!("{who} refused it: {}", error.message());
    /// }
    /// # assert!(error.is_invalid_request());
    /// ```
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
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([
    /// #     r#"{"success": false, "errors": [{"code": 5024, "message": "JSON Mode couldn't be met"}]}"#,
    /// #     r#"{"result": {"response": "Lisbon"}, "success": true}"#,
    /// # ]);
    /// # let model = "@cf/meta/llama-3.3-70b-instruct-fp8-fast";
    /// use serde_json::json;
    ///
    /// let format = json!({"type": "json_object"});
    /// let reply = match client.run(model, json!({"prompt": "A city, as JSON.", "response_format": format})).await {
    ///     Err(error) if error.is_json_mode_failed() => client.run(model, json!({"prompt": "A city, as JSON."})).await?,
    ///     reply => reply?,
    /// };
    /// # assert_eq!(reply["response"], "Lisbon");
    /// # Ok(())
    /// # }
    /// ```
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
    /// ```
    /// # let said = r#"{"success": false, "errors": [{"code": 3030, "message": "AiError: Input prompt contains NSFW content."}]}"#;
    /// # let reply = workers_ai_client::Answer::new(http::StatusCode::BAD_REQUEST, http::HeaderMap::new(), said);
    /// # let error = reply.json::<serde_json::Value>().unwrap_err();
    /// let tell = if error.is_content_refused() { "Please word it differently." } else { "Something went wrong." };
    /// assert_eq!(tell, "Please word it differently.");
    /// ```
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
    /// ```
    /// # let said = r#"{"success": false, "errors": [{"code": 2001, "message": "Please configure AI Gateway in the Cloudflare dashboard"}]}"#;
    /// # let reply = workers_ai_client::Answer::new(http::StatusCode::BAD_REQUEST, http::HeaderMap::new(), said);
    /// # let error = reply.json::<serde_json::Value>().unwrap_err();
    /// if error.is_gateway() && error.code() == Some(2001) {
    ///     eprintln!("make the gateway first, or leave `Gateway` out");
    /// }
    /// # assert!(error.is_gateway());
    /// ```
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
    /// ```
    /// use workers_ai_client::Answer;
    ///
    /// // What a type of one's own expects, and what came.
    /// let answer = Answer::new(http::StatusCode::OK, http::HeaderMap::new(), r#"{"data": "none"}"#);
    /// let error = answer.json::<Vec<f32>>().unwrap_err();
    /// assert!(error.is_decode());
    /// assert_eq!(error.body(), Some(br#"{"data": "none"}"#.as_slice()));
    /// ```
    ///
    /// # Troubleshooting
    ///
    /// The model answers differently from its published schema. [`Client::run`](crate::Client::run) takes whatever comes;
    /// the body is what a report should hold.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode)
    }

    /// The reply, or a single chunk of a stream, is longer than the client reads into memory.
    ///
    /// ```
    /// use workers_ai_client::{
    ///     Error,
    ///     transport::{TransportError, TransportErrorKind},
    /// };
    ///
    /// let error = Error::from(TransportError::new(TransportErrorKind::TooLarge, "more than 256 MiB"));
    /// if error.is_too_large() {
    ///     eprintln!("is the base URL right? {error}");
    /// }
    /// # assert!(error.is_too_large() && !error.is_retryable());
    /// ```
    ///
    /// # Troubleshooting
    ///
    /// See [`ClientBuilder::max_reply`](crate::ClientBuilder::max_reply). No model is known to answer so much: look at the
    /// base URL.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        matches!(self.0.kind, Kind::TooLarge)
    }

    /// The stream ended before the model had finished, or a reply in one piece breaks off before its end.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([r#"data: {"response": "Bl"}"#]);
    /// # let mut chunks = client.untyped("@cf/a/b", serde_json::json!({})).stream().await?;
    /// let mut text = String::new();
    /// loop {
    ///     match chunks.try_next().await {
    ///         Ok(Some(chunk)) => text += chunk["response"].as_str().unwrap_or_default(),
    ///         Ok(None) => break,
    ///         // Half an answer is better than none.
    ///         Err(error) if error.is_truncated() && !text.is_empty() => break,
    ///         Err(error) => return Err(error.into()),
    ///     }
    /// }
    /// # assert_eq!(text, "Bl");
    /// # Ok(())
    /// # }
    /// ```
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
