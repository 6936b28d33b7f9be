//! A started server with a client that speaks plain HTTP to it.

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use workers_ai_local::{Builder, Limits, LocalServer};

pub(crate) struct Api {
    pub(crate) server: LocalServer,
    pub(crate) client: Client,
}

impl Api {
    pub(crate) async fn start() -> Self {
        Self::with(LocalServer::builder()).await
    }

    /// Without limits: nobody is spared here.
    pub(crate) async fn with(builder: Builder) -> Self {
        Self::limited(builder.limits(Limits::off())).await
    }

    /// With the limits that the builder has.
    pub(crate) async fn limited(builder: Builder) -> Self {
        let server = builder.start().await.unwrap();
        // Built beside crates that bring reqwest's TLS without a provider, even a plain client wants one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self { server, client: Client::builder().no_proxy().build().unwrap() }
    }

    /// The URL of a path below `/ai`.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}/accounts/{}/ai{path}", self.server.base_url(), self.server.account_id())
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.url(path)).header(AUTHORIZATION, "Bearer any")
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(self.url(path)).header(AUTHORIZATION, "Bearer any")
    }

    /// Posts JSON to a path below `/ai` and reads JSON.
    pub(crate) async fn ask(&self, path: &str, body: Value) -> (StatusCode, Value) {
        let response = self.post(path).json(&body).send().await.unwrap();
        (response.status(), response.json().await.unwrap())
    }

    /// Runs a model that answers in JSON, and gives its result.
    #[track_caller]
    pub(crate) fn run(&self, model: &str, body: Value) -> impl Future<Output = Value> {
        let asked = self.post(&format!("/run/{model}")).json(&body).send();
        async move {
            let response = asked.await.unwrap();
            let status = response.status();
            let envelope: Value = response.json().await.unwrap();
            assert_eq!(status, StatusCode::OK, "{envelope}");
            assert_eq!(envelope["success"], true);
            envelope["result"].clone()
        }
    }

    /// The data of each event of a stream, with `[DONE]` as a string at the end.
    pub(crate) async fn events(&self, path: &str, body: Value) -> Vec<Value> {
        let response = self.post(path).json(&body).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(content_type(&response), "text/event-stream");
        let text = response.text().await.unwrap();
        text.split_terminator("\n\n")
            .map(|event| event.strip_prefix("data: ").unwrap())
            .map(|data| serde_json::from_str(data).unwrap_or_else(|_| Value::from(data)))
            .collect()
    }
}

pub(crate) fn content_type(response: &Response) -> &str {
    response.headers().get(CONTENT_TYPE).map_or("", |value| value.to_str().unwrap())
}

pub(crate) fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers().get(name).map(|value| value.to_str().unwrap())
}
