//! Exchanges that are recorded, and recordings that are replayed.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use reqwest::multipart::{Form, Part};
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use workers_ai_local::{Builder, LocalServer, Plan, Source};

use crate::api::{Api, header};

const ACCOUNT: &str = "aaaabbbbccccddddeeeeffff00001111";
const TOKEN: &str = "cfut_0123456789abcdefghijklmnop";
const LLAMA: &str = "@cf/meta/llama-3.2-1b-instruct";
const LIGHTNING: &str = "@cf/bytedance/stable-diffusion-xl-lightning";
const FLUX: &str = "@cf/black-forest-labs/flux-2-klein-4b";

fn recording(folder: &TempDir) -> Builder {
    LocalServer::builder().record(folder.path()).record_all(true)
}

async fn replaying(folder: &TempDir) -> Api {
    Api::with(LocalServer::builder().replay(folder.path())).await
}

fn post(api: &Api, path: &str) -> RequestBuilder {
    let url = format!("{}/accounts/{ACCOUNT}/ai{path}", api.server.base_url());
    api.client.post(url).bearer_auth(TOKEN)
}

/// The pieces of an answer, as they arrive.
async fn pieces(call: RequestBuilder) -> Vec<Vec<u8>> {
    let mut response = call.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let mut pieces = Vec::new();
    while let Some(piece) = response.chunk().await.unwrap() {
        pieces.push(piece.to_vec());
    }
    pieces
}

fn files(folder: &Path) -> Vec<(String, Value)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, serde_json::from_slice(&fs::read(&path).unwrap()).unwrap())
        })
        .collect();
    files.sort_by(|(one, _), (other, _)| one.cmp(other));
    files
}

fn parts(prompt: &'static str) -> Form {
    let image = Part::bytes(vec![0x89, b'P', b'N', b'G', 0xff]).file_name("in.png").mime_str("image/png").unwrap();
    Form::new().text("prompt", prompt).text("width", "256").text("height", "256").part("input_image_0", image)
}

/// Calls of every kind of body, the same again and again.
fn calls(api: &Api) -> Vec<RequestBuilder> {
    let file = Part::bytes(b"a,b\n1,2\n".to_vec()).file_name("a.csv");
    vec![
        post(api, &format!("/run/{LLAMA}")).json(&json!({"prompt": "hi", "max_tokens": 20})),
        post(api, &format!("/run/{LLAMA}")).json(&json!({"prompt": "hi", "stream": true})),
        post(api, "/run").json(&json!({"model": LLAMA, "input": {"prompt": "hi"}})),
        post(api, "/v1/chat/completions")
            .json(&json!({"model": LLAMA, "messages": [{"role": "user", "content": "hi"}]})),
        post(api, &format!("/run/{LIGHTNING}")).json(&json!({"prompt": "a boat", "width": 256, "height": 256})),
        post(api, "/run/@cf/openai/whisper").header("content-type", "audio/wav").body(vec![0xff_u8, 0, 1]),
        post(api, &format!("/run/{FLUX}")).multipart(parts("a boat")),
        post(api, "/tomarkdown").multipart(Form::new().part("files", file)),
        post(api, "/run/@cf/baai/bge-small-en-v1.5?queueRequest=true").json(&json!({"requests": [{"text": "one"}]})),
    ]
}

#[tokio::test]
async fn what_is_recorded_is_replayed_byte_for_byte() {
    let folder = TempDir::new().unwrap();
    let recorder = Api::with(recording(&folder)).await;
    let mut recorded = Vec::new();
    for call in calls(&recorder) {
        recorded.push(pieces(call).await);
    }
    assert!(recorded[1].len() > 5, "a stream comes in pieces");
    assert_eq!(files(folder.path()).len(), recorded.len());
    let api = replaying(&folder).await;
    for (index, (call, expected)) in calls(&api).into_iter().zip(&recorded).enumerate() {
        assert_eq!(pieces(call).await.concat(), expected.concat(), "call {index}");
    }
    // Streams keep their pieces.
    assert_eq!(pieces(calls(&api).remove(1)).await, recorded[1]);
    let requests = api.server.requests();
    assert!(requests.iter().all(|request| request.fidelity.as_deref() == Some("replay")));
}

#[tokio::test]
async fn headers_that_tell_of_the_answer_are_kept() {
    let folder = TempDir::new().unwrap();
    let recorder = Api::with(recording(&folder)).await;
    let told = async |api: &Api| {
        let call =
            post(api, &format!("/run/{LIGHTNING}")).json(&json!({"prompt": "a boat", "width": 256, "height": 256}));
        let response = call.send().await.unwrap();
        let get = |name: &str| header(&response, name).map(str::to_owned);
        let told = (get("content-type"), get("cf-ai-req-id"), get("cf-ai-neurons"));
        let fidelity = get("x-workers-ai-fidelity").unwrap();
        response.bytes().await.unwrap();
        (told, fidelity)
    };
    let (expected, fidelity) = told(&recorder).await;
    assert!(expected.0.as_deref().unwrap().starts_with("image/") && expected.1.is_some());
    assert_eq!(fidelity, "synthetic");
    assert_eq!(told(&replaying(&folder).await).await, (expected, "replay".to_owned()));
}

#[tokio::test]
async fn recordings_are_readable_and_hold_no_secrets() {
    let folder = TempDir::new().unwrap();
    let recorder = Api::with(recording(&folder)).await;
    let said = format!("my account is {ACCOUNT} and my token {TOKEN}");
    let call = post(&recorder, &format!("/run/{LLAMA}")).header("cookie", "biscuit=crumbly");
    pieces(call.json(&json!({"prompt": said, "max_tokens": 400}))).await;
    let (name, recording) = files(folder.path()).remove(0);
    assert!(name.starts_with("meta-llama-3.2-1b-instruct-") && name.len() < 50, "{name}");
    assert_eq!(recording["request"]["path"], format!("/run/{LLAMA}"));
    assert_eq!(recording["request"]["body"]["json"]["prompt"], "my account is {account_id} and my token {token}");
    assert_eq!((&recording["source"], &recording["response"]["status"]), (&json!("synthetic"), &json!(200)));
    assert!(recording["response"]["chunks"][0]["text"].as_str().unwrap().contains("\"response\""));
    let text = fs::read_to_string(folder.path().join(&name)).unwrap();
    for secret in [ACCOUNT, TOKEN, "crumbly", "uthorization"] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
    // The same words from another account, with another token, are the same request.
    let api = replaying(&folder).await;
    let (other, token) = ("99998888777766665555444433332222", "cfut_zyxwvutsrqponmlkjihgfedcba");
    let said = format!("my account is {other} and my token {token}");
    let url = format!("{}/accounts/{other}/ai/run/{LLAMA}", api.server.base_url());
    let call = api.client.post(url).bearer_auth(token).json(&json!({"max_tokens": 400, "prompt": said}));
    assert_eq!(call.send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn only_answers_from_elsewhere_are_recorded_unless_all_are() {
    let folder = TempDir::new().unwrap();
    let api = Api::with(LocalServer::builder().record(folder.path())).await;
    api.run(LLAMA, json!({"prompt": "hi"})).await;
    assert_eq!(files(folder.path()).len(), 0);
    // What breaks off, and what nobody was asked, is no exchange.
    let api = Api::with(recording(&folder)).await;
    let call = api.post(&format!("/run/{LLAMA}")).header("x-workers-ai-fault", "error=capacity");
    call.json(&json!({"prompt": "hi"})).send().await.unwrap();
    api.ask(&format!("/run/{LLAMA}"), json!({"prompt": 7})).await;
    let cut = post(&api, &format!("/run/{LLAMA}")).header("x-workers-ai-fault", "cut_after=1");
    // The connection may break so early that there is no answer at all.
    if let Ok(cut) = cut.json(&json!({"prompt": "hi", "stream": true})).send().await {
        assert!(cut.bytes().await.is_err());
    }
    assert_eq!(files(folder.path()).len(), 0);
}

#[tokio::test]
async fn spelling_does_not_matter_and_content_does() {
    let folder = TempDir::new().unwrap();
    let recorder = Api::with(recording(&folder)).await;
    pieces(post(&recorder, &format!("/run/{LLAMA}")).json(&json!({"prompt": "hi", "max_tokens": 20}))).await;
    let api = replaying(&folder).await;
    let path = format!("/run/{}", LLAMA.replace('@', "%40"));
    let spelt = post(&api, &path).body("{ \"prompt\":\n \"hi\", \"max_tokens\": 20 }");
    assert_eq!(spelt.send().await.unwrap().status(), StatusCode::OK);
    let other = post(&api, &path).json(&json!({"prompt": "hi", "max_tokens": 21}));
    assert_eq!(other.send().await.unwrap().status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_same_request_is_replayed_in_order_and_ends_with_the_last() {
    let folder = TempDir::new().unwrap();
    let batch = "/run/@cf/baai/bge-small-en-v1.5?queueRequest=true";
    let recorder = Api::with(recording(&folder)).await;
    let ask = async |api: &Api, body: &Value| -> Value {
        let response = post(api, batch).json(body).send().await.unwrap();
        response.json::<Value>().await.unwrap()["result"].clone()
    };
    let requests = json!({"requests": [{"text": "one"}]});
    let ticket = json!({"request_id": ask(&recorder, &requests).await["request_id"]});
    let (running, done) = (ask(&recorder, &ticket).await, ask(&recorder, &ticket).await);
    assert_eq!(files(folder.path()).iter().filter(|(name, _)| name.ends_with("-2.json")).count(), 1);
    let api = replaying(&folder).await;
    assert_eq!(json!({"request_id": ask(&api, &requests).await["request_id"]}), ticket);
    let mut found = Vec::new();
    for _ in 0..3 {
        found.push(ask(&api, &ticket).await);
    }
    assert_eq!(found, [running.clone(), done.clone(), done]);
    // Another sandbox begins at the beginning.
    let call = post(&api, batch).header("x-workers-ai-sandbox", "other").json(&ticket);
    assert_eq!(call.send().await.unwrap().json::<Value>().await.unwrap()["result"], running);
}

#[tokio::test]
async fn a_new_run_replaces_what_was_recorded_of_the_same_request() {
    let folder = TempDir::new().unwrap();
    for (seed, times) in [(1, 3), (2, 1)] {
        let api = Api::with(recording(&folder).seed(seed)).await;
        for _ in 0..times {
            pieces(post(&api, &format!("/run/{LLAMA}")).json(&json!({"prompt": "hi"}))).await;
        }
        assert_eq!(files(folder.path()).len(), times);
    }
}

#[tokio::test]
async fn a_miss_shows_the_nearest_recording_and_where_it_differs() {
    let folder = TempDir::new().unwrap();
    let recorder = Api::with(recording(&folder)).await;
    let path = format!("/run/{LLAMA}");
    let said = |text: &str| json!([{"role": "user", "content": text}]);
    for body in [json!({"messages": said("How?"), "max_tokens": 20}), json!({"prompt": "hi"})] {
        pieces(post(&recorder, &path).json(&body)).await;
    }
    let nearest =
        files(folder.path()).into_iter().find(|(_, file)| file["request"]["body"]["json"]["messages"].is_array());
    let nearest = nearest.unwrap().0;
    let api = replaying(&folder).await;
    let miss = async |path: &str, body: Value| {
        let response = post(&api, path).json(&body).send().await.unwrap();
        let status = response.status();
        let body: Value = response.json().await.unwrap();
        assert_eq!((status, &body["errors"][0]["code"]), (StatusCode::NOT_FOUND, &json!(90404)), "{body}");
        body["errors"][0]["message"].as_str().unwrap().to_owned()
    };
    let message = miss(&path, json!({"messages": said("Why?"), "max_tokens": 20, "seed": 1})).await;
    for part in [&*nearest, "/messages/0/content is \"Why?\" and was \"How?\"", "/seed is 1 and was not there"] {
        assert!(message.contains(part), "{message}");
    }
    assert!(!message.contains("max_tokens"), "{message}");
    let message = miss("/run/@cf/baai/bge-m3", json!({"text": "hi"})).await;
    assert!(message.contains("no recording of @cf/baai/bge-m3") && message.contains("among 2"), "{message}");
    fs::write(folder.path().join("torn.json"), "{").unwrap();
    let message = miss("/run/@cf/baai/bge-m3", json!({"text": "hi"})).await;
    assert!(message.contains("torn.json cannot be read"), "{message}");
}

#[tokio::test]
async fn changed_files_are_read_again() {
    let folder = TempDir::new().unwrap();
    let api = replaying(&folder).await;
    let path = format!("/run/{LLAMA}");
    let ask = async || post(&api, &path).json(&json!({"prompt": "hi"})).send().await.unwrap();
    assert_eq!(ask().await.status(), StatusCode::NOT_FOUND);
    let recorder = Api::with(recording(&folder)).await;
    pieces(post(&recorder, &path).json(&json!({"prompt": "hi"}))).await;
    assert_eq!(ask().await.status(), StatusCode::OK);
    let (name, mut file) = files(folder.path()).remove(0);
    file["response"]["chunks"] = json!([{"ms": 0, "text": "edited by hand"}]);
    fs::write(folder.path().join(&name), file.to_string()).unwrap();
    assert_eq!(ask().await.text().await.unwrap(), "edited by hand");
    fs::remove_file(folder.path().join(&name)).unwrap();
    assert_eq!(ask().await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn pauses_are_replayed_where_that_is_asked_for() {
    let folder = TempDir::new().unwrap();
    let recorder = Api::with(recording(&folder)).await;
    let path = format!("/run/{LLAMA}");
    let body = json!({"prompt": "hi", "stream": true});
    let recorded = pieces(post(&recorder, &path).json(&body)).await;
    let (name, mut file) = files(folder.path()).remove(0);
    for (index, chunk) in file["response"]["chunks"].as_array_mut().unwrap().iter_mut().enumerate() {
        chunk["ms"] = json!(index * 20);
    }
    fs::write(folder.path().join(name), file.to_string()).unwrap();
    for (timing, expected) in [(false, 0), (true, recorded.len() - 1)] {
        let api = Api::with(LocalServer::builder().replay(folder.path()).replay_timing(timing)).await;
        let began = Instant::now();
        assert_eq!(pieces(post(&api, &path).json(&body)).await, recorded);
        let least = Duration::from_millis(20) * u32::try_from(expected).unwrap();
        assert!(began.elapsed() >= least, "{:?} of {least:?}", began.elapsed());
    }
}

#[tokio::test]
async fn rules_stand_beside_recordings() {
    let folder = TempDir::new().unwrap();
    let plan = Plan::default().model("@cf/baai/*", Source::Synthetic);
    let api = Api::with(LocalServer::builder().replay(folder.path()).answers(plan)).await;
    api.run("@cf/baai/bge-m3", json!({"text": "hi"})).await;
    let (status, _) = api.ask(&format!("/run/{LLAMA}"), json!({"prompt": "hi"})).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let missing = folder.path().join("nowhere");
    let error = LocalServer::builder().replay(&missing).start().await.unwrap_err();
    assert!(error.to_string().contains("nowhere"), "{error}");
}

#[tokio::test]
async fn the_binding_is_recorded_and_replayed_too() {
    let folder = TempDir::new().unwrap();
    let call = |api: &Api| {
        let url = format!("http://{}/run?version=3", api.server.address());
        let call = api.client.post(url).header("cf-consn-model-id", LLAMA);
        call.json(&json!({"inputs": {"prompt": "hi"}, "options": {}}))
    };
    let recorded = pieces(call(&Api::with(recording(&folder)).await)).await.concat();
    let api = replaying(&folder).await;
    assert_eq!(pieces(call(&api)).await.concat(), recorded);
    let other = call(&api).json(&json!({"inputs": {"prompt": "ho"}})).send().await.unwrap();
    assert_eq!(other.json::<Value>().await.unwrap()["internalCode"], 90404);
}

/// Cloudflare is recorded without being told to record everything, whatever it answers.
#[cfg(feature = "network")]
#[tokio::test]
async fn cloudflare_is_recorded_with_its_refusals() {
    let folder = TempDir::new().unwrap();
    let other = Api::with(LocalServer::builder().token(TOKEN)).await;
    let cloudflare = workers_ai_local::Cloudflare::at(&other.server.base_url()).unwrap();
    let builder = LocalServer::builder().cloudflare(cloudflare).answers(Plan::all(Source::Cloudflare));
    let recorder = Api::with(builder.record(folder.path())).await;
    let streamed = json!({"prompt": "hi", "stream": true});
    let stream = pieces(post(&recorder, &format!("/run/{LLAMA}")).json(&streamed)).await;
    let refused = post(&recorder, "/run/@cf/no/such").json(&json!({})).send().await.unwrap();
    let refused = (refused.status(), refused.text().await.unwrap());
    let found = files(folder.path());
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|(_, file)| file["source"] == "cloudflare"));
    assert!(!format!("{found:?}").contains(TOKEN) && !format!("{found:?}").contains(ACCOUNT));
    let api = replaying(&folder).await;
    assert_eq!(pieces(post(&api, &format!("/run/{LLAMA}")).json(&streamed)).await.concat(), stream.concat());
    let again = post(&api, "/run/@cf/no/such").json(&json!({})).send().await.unwrap();
    assert_eq!((again.status(), again.text().await.unwrap()), refused);
}
