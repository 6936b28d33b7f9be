//! Who answers: by plan, by request, and only as faithfully as it has to be.

use std::pin::Pin;

use reqwest::StatusCode;
use serde_json::{Value, json};
use workers_ai_local::{Answer, Answerer, Fidelity, LocalServer, Plan, Question, Refusal, Reply, Source, Turn, Usage};

use crate::api::{Api, header};

/// Says one word, with a fidelity of its own.
struct Says(&'static str, Fidelity);

impl Answerer for Says {
    fn answer(&self, _: Question) -> Pin<Box<dyn Future<Output = Result<Reply, Refusal>> + Send + '_>> {
        let turn = Turn { text: self.0.to_owned(), ..Turn::default() };
        let reply = Reply { answer: Answer::Turn(turn), usage: Usage::default(), fidelity: self.1 };
        Box::pin(async move { Ok(reply) })
    }
}

const LLAMA: &str = "@cf/meta/llama-3.2-1b-instruct";
const OTHER: &str = "@cf/meta/llama-3.1-8b-instruct-fp8";

fn server() -> workers_ai_local::Builder {
    LocalServer::builder()
        .source(Source::Real, Says("real", Fidelity::Exact))
        .answerer(Says("made up", Fidelity::Synthetic))
}

async fn ask(api: &Api, model: &str, source: Option<&str>) -> (StatusCode, Option<String>, Value) {
    let mut call = api.post(&format!("/run/{model}")).json(&json!({"prompt": "hi"}));
    if let Some(source) = source {
        call = call.header("x-workers-ai-answer", source);
    }
    let response = call.send().await.unwrap();
    let fidelity = header(&response, "x-workers-ai-fidelity").map(str::to_owned);
    (response.status(), fidelity, response.json().await.unwrap())
}

#[tokio::test]
async fn the_plan_says_who_answers_and_a_request_knows_better() {
    let api = Api::with(server().answers(Plan::default().model("*llama-3.2*", Source::Real))).await;
    for (model, source, said, fidelity) in [
        (LLAMA, None, "real", "exact"),
        (OTHER, None, "made up", "synthetic"),
        (LLAMA, Some("synthetic"), "made up", "synthetic"),
        (OTHER, Some("real"), "real", "exact"),
    ] {
        let (_, found, body) = ask(&api, model, source).await;
        assert_eq!((&body["result"]["response"], found.as_deref()), (&json!(said), Some(fidelity)));
        assert_eq!(api.server.requests().last().unwrap().fidelity.as_deref(), Some(fidelity));
    }
}

#[tokio::test]
async fn a_source_that_is_not_there_says_what_to_add() {
    let api = Api::start().await;
    for (source, flag) in [("upstream", "--upstream URL"), ("replay", "--replay DIR"), ("real", "`inference`")] {
        let (status, _, body) = ask(&api, LLAMA, Some(source)).await;
        let message = body["errors"][0]["message"].as_str().unwrap();
        assert_eq!((status, message.contains(flag)), (StatusCode::NOT_IMPLEMENTED, true), "{message}");
    }
    let (status, _, body) = ask(&api, LLAMA, Some("nobody")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body["errors"][0]["message"].as_str().unwrap().contains("synthetic, real, upstream, cloudflare, replay"));
    let error = LocalServer::builder().answers(Plan::all(Source::Upstream)).start().await.unwrap_err();
    assert!(error.to_string().contains("--upstream URL"), "{error}");
}

#[tokio::test]
async fn a_strict_server_refuses_what_is_made_up() {
    let api = Api::with(server().strict(true).answers(Plan::all(Source::Real))).await;
    assert_eq!(ask(&api, LLAMA, None).await.0, StatusCode::OK);
    let (status, _, body) = ask(&api, LLAMA, Some("synthetic")).await;
    assert_eq!(status, StatusCode::NOT_IMPLEMENTED);
    assert!(body["errors"][0]["message"].as_str().unwrap().contains("--strict"), "{body}");
}

#[tokio::test]
async fn a_batch_is_as_faithful_as_its_answers() {
    let api = Api::start().await;
    let path = "/run/@cf/baai/bge-small-en-v1.5?queueRequest=true";
    let send = async |body: Value| {
        let response = api.post(path).json(&body).send().await.unwrap();
        let fidelity = header(&response, "x-workers-ai-fidelity").map(str::to_owned);
        (fidelity, response.json::<Value>().await.unwrap())
    };
    let (queued, body) = send(json!({"requests": [{"text": "one"}]})).await;
    let ticket = json!({"request_id": body["result"]["request_id"]});
    let (running, _) = send(ticket.clone()).await;
    let (done, _) = send(ticket).await;
    assert_eq!([queued, running, done], [(); 3].map(|()| Some("synthetic".to_owned())));
}

#[tokio::test]
async fn a_conversion_is_another_makers() {
    let api = Api::start().await;
    let form = || {
        let file = reqwest::multipart::Part::bytes(b"a\n1\n".to_vec()).file_name("a.csv");
        reqwest::multipart::Form::new().part("files", file)
    };
    let response = api.post("/tomarkdown").multipart(form()).send().await.unwrap();
    assert_eq!(header(&response, "x-workers-ai-fidelity"), Some("substitute"));
    let strict = Api::with(LocalServer::builder().strict(true)).await;
    let response = strict.post("/tomarkdown").multipart(form()).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::NOT_IMPLEMENTED);
}
