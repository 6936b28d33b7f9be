//! Sessions over WebSocket.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};
use workers_ai_local::{LocalServer, Retired};

use crate::api::Api;

struct Session(WebSocketStream<TcpStream>);

/// Opens a session, with who is to answer where that is said, and tells the fidelity of its head.
async fn fidelity(api: &Api, source: Option<&'static str>) -> Result<Option<String>, u16> {
    let address = api.url("/run/@cf/deepgram/flux?encoding=linear16&sample_rate=16000").replace("http://", "ws://");
    let mut request = address.into_client_request().unwrap();
    request.headers_mut().insert("authorization", "Bearer any".parse().unwrap());
    if let Some(source) = source {
        request.headers_mut().insert("x-workers-ai-answer", source.parse().unwrap());
    }
    let socket = TcpStream::connect(api.server.address()).await.unwrap();
    match client_async(request, socket).await {
        Ok((_, head)) => {
            Ok(head.headers().get("x-workers-ai-fidelity").map(|value| value.to_str().unwrap().to_owned()))
        }
        Err(Error::Http(head)) => Err(head.status().as_u16()),
        Err(error) => unreachable!("{error}"),
    }
}

#[tokio::test]
async fn sessions_are_made_up_and_say_so() {
    let folder = tempfile::TempDir::new().unwrap();
    let api = Api::with(LocalServer::builder().replay(folder.path())).await;
    assert_eq!(fidelity(&api, Some("synthetic")).await, Ok(Some("synthetic".to_owned())));
    assert_eq!(api.server.requests()[0].fidelity.as_deref(), Some("synthetic"));
    assert_eq!(fidelity(&api, None).await, Err(501));
    let strict = Api::with(LocalServer::builder().strict(true)).await;
    assert_eq!(fidelity(&strict, None).await, Err(501));
}

async fn open(api: &Api, path: &str) -> Result<Session, Error> {
    let address = api.url(&format!("/run/{path}")).replace("http://", "ws://");
    let mut request = address.into_client_request().unwrap();
    request.headers_mut().insert("authorization", "Bearer any".parse().unwrap());
    let socket = TcpStream::connect(api.server.address()).await.unwrap();
    client_async(request, socket).await.map(|(session, _)| Session(session))
}

impl Session {
    async fn tell(&mut self, event: Value) {
        self.0.send(Message::text(event.to_string())).await.unwrap();
    }

    async fn play(&mut self, sound: &[u8]) {
        self.0.send(Message::binary(sound.to_vec())).await.unwrap();
    }

    /// The next event, and how many bytes of sound came before it.
    async fn event(&mut self) -> (usize, Value) {
        let mut sound = 0;
        loop {
            match self.0.next().await.unwrap().unwrap() {
                Message::Binary(piece) => sound += piece.len(),
                Message::Text(text) => return (sound, serde_json::from_str(&text).unwrap()),
                Message::Close(said) => return (sound, json!({"closed": said.map(|said| u16::from(said.code))})),
                _ => {}
            }
        }
    }

    /// Every event up to and without the end, which must be a normal one.
    async fn rest(&mut self) -> Vec<Value> {
        let mut events = Vec::new();
        loop {
            let (_, event) = self.event().await;
            if event.get("closed").is_some() {
                assert_eq!(event, json!({"closed": 1000}));
                return events;
            }
            events.push(event);
        }
    }
}

#[tokio::test]
async fn aura_speaks_when_it_is_flushed() {
    let api = Api::start().await;
    let mut session = open(&api, "@cf/deepgram/aura-1?encoding=linear16&speaker=luna").await.unwrap();
    let (_, metadata) = session.event().await;
    assert_eq!((&metadata["type"], &metadata["model_name"]), (&json!("Metadata"), &json!("@cf/deepgram/aura-1")));
    session.tell(json!({"type": "Speak", "text": "Good "})).await;
    session.tell(json!({"type": "Speak", "text": "morning"})).await;
    session.tell(json!({"type": "Flush"})).await;
    let (together, flushed) = session.event().await;
    assert_eq!(flushed, json!({"type": "Flushed", "sequence_id": 0}));
    // Samples of 16 bits, three frames of 576 for each letter.
    assert_eq!(together, "Good morning".len() * 3 * 576 * 2);
    session.tell(json!({"type": "Speak", "text": "never mind"})).await;
    session.tell(json!({"type": "Clear"})).await;
    assert_eq!(session.event().await, (0, json!({"type": "Cleared", "sequence_id": 0})));
    session.tell(json!({"type": "Flush"})).await;
    assert_eq!(session.event().await, (0, json!({"type": "Flushed", "sequence_id": 1})));
    session.tell(json!({"type": "Sing"})).await;
    assert_eq!(session.event().await.1["type"], "Warning");
    session.play(b"sound").await;
    assert_eq!(session.event().await.1["type"], "Warning");
    session.tell(json!({"type": "Speak", "text": "bye"})).await;
    session.tell(json!({"type": "Close"})).await;
    assert_eq!(session.event().await, ("bye".len() * 3 * 576 * 2, json!({"closed": 1000})));
}

/// Samples for so many milliseconds at 16 kHz.
fn sound(milliseconds: usize, height: i16) -> Vec<u8> {
    height.to_le_bytes().repeat(milliseconds * 16)
}

async fn turns(query: &str, pieces: impl IntoIterator<Item = &[u8]>) -> Vec<Value> {
    let api = Api::start().await;
    let path = format!("@cf/deepgram/flux?encoding=linear16&sample_rate=16000{query}");
    let mut session = open(&api, &path).await.unwrap();
    for piece in pieces {
        session.play(piece).await;
    }
    session.tell(json!({"type": "CloseStream"})).await;
    session.rest().await
}

fn names(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["event"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn flux_follows_turns_whatever_the_pieces() {
    // A word, a pause that is nearly long enough, another word, a long pause, and a last word that is cut off.
    let talk = [sound(480, 9000), sound(560, 0), sound(400, 9000), sound(960, 0), sound(80, 9000)].concat();
    let events = turns("&eager_eot_threshold=0.4", talk.chunks(2560)).await;
    assert_eq!(
        names(&events),
        [
            "StartOfTurn",
            "Update",
            "EagerEndOfTurn",
            "TurnResumed",
            "Update",
            "EagerEndOfTurn",
            "EndOfTurn",
            "StartOfTurn",
            "EndOfTurn"
        ]
    );
    assert_eq!(events[6]["transcript"], "this is a");
    assert_eq!((&events[6]["turn_index"], &events[8]["turn_index"]), (&json!(0), &json!(1)));
    assert_eq!((&events[0]["audio_window_start"], &events[0]["audio_window_end"]), (&json!(0.0), &json!(0.08)));
    let ids: Vec<_> = events.iter().map(|event| event["sequence_id"].as_u64().unwrap()).collect();
    assert_eq!(ids, (0..9).collect::<Vec<_>>());
    assert_eq!(turns("&eager_eot_threshold=0.4", talk.chunks(999)).await, events);
    assert_eq!(turns("&eager_eot_threshold=0.4", [talk.as_slice()]).await, events);
    let plain = turns("", [talk.as_slice()]).await;
    assert_eq!(names(&plain), ["StartOfTurn", "Update", "Update", "EndOfTurn", "StartOfTurn", "EndOfTurn"]);
}

#[tokio::test]
async fn flux_events_are_what_the_schema_says() {
    let events = turns("", [sound(400, 9000).as_slice()]).await;
    let api = Api::start().await;
    let schema: Value = api.get("/models/schema?model=@cf/deepgram/flux").send().await.unwrap().json().await.unwrap();
    let known = schema["result"]["output"]["properties"].as_object().unwrap();
    assert!(!events.is_empty());
    for event in events {
        for (name, value) in event.as_object().unwrap().iter().filter(|(name, _)| *name != "type") {
            let wanted = known[name]["type"].as_str().unwrap();
            let is_right = match wanted {
                "number" => value.is_number(),
                "integer" => value.is_u64(),
                "array" => value.is_array(),
                _ => value.is_string(),
            };
            assert!(is_right, "{name}: {value} is no {wanted}");
        }
    }
}

#[tokio::test]
async fn nova_transcribes_once_a_second() {
    let api = Api::start().await;
    let path = "@cf/deepgram/nova-3?encoding=linear16&sample_rate=16000&interim_results=true&vad_events=true";
    let mut session = open(&api, path).await.unwrap();
    session.play(&sound(600, 1)).await;
    assert_eq!(session.event().await.1["type"], "SpeechStarted");
    let (_, interim) = session.event().await;
    assert_eq!((&interim["is_final"], &interim["duration"]), (&json!(false), &json!(0.6)));
    session.tell(json!({"type": "KeepAlive"})).await;
    session.play(&sound(600, 1)).await;
    let (_, settled) = session.event().await;
    assert_eq!((&settled["is_final"], &settled["duration"]), (&json!(true), &json!(1.0)));
    assert_eq!(settled["channel"]["alternatives"][0]["transcript"], "this is");
    assert_eq!(session.event().await.1["start"], json!(1.0));
    session.tell(json!({"type": "Finalize"})).await;
    let (_, finalized) = session.event().await;
    assert_eq!((&finalized["from_finalize"], &finalized["is_final"]), (&json!(true), &json!(true)));
    assert_eq!(finalized["channel"]["alternatives"][0]["transcript"], "a");
    session.play(&sound(100, 1)).await;
    session.tell(json!({"type": "CloseStream"})).await;
    let rest = session.rest().await;
    let kinds: Vec<_> = rest.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["Results", "Results", "Metadata"]);
    assert_eq!(rest[2]["duration"], json!(1.3));
}

async fn refused(api: &Api, path: &str) -> (u16, Value) {
    match open(api, path).await.map(|_| ()) {
        Err(Error::Http(response)) => {
            let body = response.body().as_deref().map(|body| serde_json::from_slice(body).unwrap());
            (response.status().as_u16(), body.unwrap_or_default())
        }
        other => unreachable!("{path}: {other:?}"),
    }
}

#[tokio::test]
async fn sessions_are_refused_like_calls() {
    let api = Api::with(LocalServer::builder().retired(Retired::Gone)).await;
    let (status, body) = refused(&api, "@cf/nobody/nothing").await;
    assert_eq!((status, &body["errors"][0]["code"]), (400, &json!(5007)));
    let (status, body) = refused(&api, "@cf/baai/bge-m3").await;
    assert_eq!((status, &body["errors"][0]["code"]), (400, &json!(5006)));
    let (_, body) = refused(&api, "@cf/deepgram/flux?encoding=linear16").await;
    let message = body["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("required properties at '/' are 'encoding,sample_rate'"), "{message}");
    let (status, _) = refused(&api, "@cf/deepgram/nova-3?punctuate=perhaps").await;
    assert_eq!(status, 400);
    let api = Api::with(LocalServer::builder().token("secret")).await;
    assert_eq!(refused(&api, "@cf/deepgram/aura-1").await.0, 400);
    // A plain GET is no session.
    let response = Api::start().await.get("/run/@cf/deepgram/aura-1").send().await.unwrap();
    assert_eq!(response.status().as_u16(), 405);
}

/// Opens a session as a page does, which can send no headers.
async fn open_as_a_page(api: &Api, protocols: &str) -> Result<(Session, String), Error> {
    let address = format!("ws://{}/playground/sessions/@cf/deepgram/aura-2-en?speaker=luna", api.server.address());
    let mut request = address.into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", protocols.parse().unwrap());
    let socket = TcpStream::connect(api.server.address()).await.unwrap();
    let (session, response) = client_async(request, socket).await?;
    Ok((Session(session), response.headers()["sec-websocket-protocol"].to_str().unwrap().to_owned()))
}

#[tokio::test]
async fn a_page_hands_the_token_over_as_a_subprotocol() {
    let api = Api::with(LocalServer::builder().token("local")).await;
    let (mut session, agreed) = open_as_a_page(&api, "workers-ai, bearer.6c6f63616c").await.unwrap();
    assert_eq!(agreed, "workers-ai");
    assert_eq!(session.event().await.1["type"], "Metadata");
    session.tell(json!({"type": "Speak", "text": "Hello"})).await;
    session.tell(json!({"type": "Flush"})).await;
    let (sound, event) = session.event().await;
    assert_eq!(event["type"], "Flushed");
    assert!(sound > 100, "{sound} bytes");
    for wrong in ["workers-ai", "workers-ai, bearer.6c6f", "workers-ai, bearer.no"] {
        let refused = open_as_a_page(&api, wrong).await;
        assert!(matches!(refused, Err(Error::Http(_))), "{wrong}");
    }
}
