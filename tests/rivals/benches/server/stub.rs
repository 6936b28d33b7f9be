//! A stub as people write them with wiremock: one answer, for requests that satisfy the schema.

use anyhow::Result;
use jsonschema::Validator;
use wiremock::matchers::{method, path};
use wiremock::{Match, Mock, MockServer, Request, ResponseTemplate};

use super::question;

struct Valid(Validator);

impl Match for Valid {
    fn matches(&self, request: &Request) -> bool {
        serde_json::from_slice(&request.body).is_ok_and(|body| self.0.is_valid(&body))
    }
}

/// Serves until it is killed.
#[tokio::main]
pub(crate) async fn serve() -> Result<()> {
    let valid = Valid(jsonschema::validator_for(&question::schema()?)?);
    // Else every request is kept, and looked through in the end.
    let server = MockServer::builder().disable_request_recording().start().await;
    let answer = ResponseTemplate::new(200).set_body_json(question::answer());
    Mock::given(method("POST")).and(path("/run")).and(valid).respond_with(answer).mount(&server).await;
    println!("{}", server.address());
    std::future::pending().await
}
