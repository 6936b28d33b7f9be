//! Fine-tunes: registered, filled and listed as with the service. What an adapter would change in an answer is not made up.

use std::sync::{Mutex, PoisonError};

use axum::Extension;
use axum::extract::{FromRequest, Multipart, Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value, json};

use super::respond::{self, Respond as _};
use super::routes::Handle;
use super::run;
use super::visit::Visit;
use crate::catalog::Model;
use crate::dice::unlike_before;
use crate::input::Input;
use crate::refusal::Refusal;

/// The service lets an account have so many.
const MOST: usize = 100;

const CONFIG: &str = "adapter_config.json";
const WEIGHTS: &str = "adapter_model.safetensors";

/// Nothing here tells real time, so that the same calls give the same bytes.
const CREATED: &str = "2026-01-01T00:00:00.000Z";

/// What every account can use: a base model and a name for each.
const PUBLIC: [(&str, &str); 3] = [
    ("@cf/mistral/mistral-7b-instruct-v0.2-lora", "cf-public-magicoder"),
    ("@cf/mistral/mistral-7b-instruct-v0.2-lora", "cf-public-jigsaw-classification"),
    ("@cf/mistral/mistral-7b-instruct-v0.2-lora", "cf-public-cnn-summarization"),
];

/// The fine-tunes that were registered here.
#[derive(Debug, Default)]
pub(crate) struct Store(Mutex<Vec<Finetune>>);

#[derive(Clone, Debug, Serialize)]
struct Finetune {
    id: String,
    model: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    public: bool,
    created_at: &'static str,
    modified_at: &'static str,
    #[serde(skip)]
    files: Vec<&'static str>,
}

impl Store {
    fn with<T>(&self, act: impl FnOnce(&mut Vec<Finetune>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Refuses a request that names a fine-tune which is not complete or is of another model.
    pub(crate) fn check(&self, model: &Model, input: &Input) -> Result<(), Refusal> {
        let Some(lora) = input.fields.get("lora").and_then(Value::as_str) else { return Ok(()) };
        if !model.facts().flag("lora") {
            return Err(Refusal::no_lora(model.id()));
        }
        if PUBLIC.iter().any(|(base, name)| *name == lora && *base == model.id()) {
            return Ok(());
        }
        let found = self.with(|finetunes| finetunes.iter().find(|finetune| finetune.is(lora)).cloned());
        match found {
            Some(finetune) if finetune.model != model.id() => {
                Err(Refusal::bad_input(&format!("the fine-tune {lora} is one of {}", finetune.model)))
            }
            Some(finetune) if finetune.is_complete() => Ok(()),
            Some(_) => Err(Refusal::incomplete_finetune()),
            // Perhaps one of the real account: programs are tried here with the configuration that they have.
            None => Ok(()),
        }
    }
}

impl Finetune {
    fn is(&self, id_or_name: &str) -> bool {
        self.id == id_or_name || self.name == id_or_name
    }

    fn is_complete(&self) -> bool {
        [CONFIG, WEIGHTS].iter().all(|file| self.files.contains(file))
    }
}

/// `GET /ai/finetunes`; the documentation has the list inside another.
pub(super) async fn list(Extension(visit): Extension<Visit>) -> Response {
    let finetunes = visit.sandbox.finetunes.with(|finetunes| finetunes.clone());
    if finetunes.is_empty() { respond::enveloped(&json!([])) } else { respond::enveloped(&[finetunes]) }
}

/// `GET /ai/finetunes/public`, with `limit` and `offset`.
pub(super) async fn list_public(
    Extension(visit): Extension<Visit>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    let number =
        |name: &str| query.iter().find(|(given, _)| given == name).and_then(|(_, value)| value.parse::<usize>().ok());
    let bundled = PUBLIC.iter().map(|(model, name)| Finetune {
        id: crate::dice::Dice::from_parts(0, [name.as_bytes()]).uuid(),
        model: (*model).to_owned(),
        name: (*name).to_owned(),
        description: None,
        public: true,
        created_at: CREATED,
        modified_at: CREATED,
        files: vec![CONFIG, WEIGHTS],
    });
    let own = visit.sandbox.finetunes.with(|finetunes| finetunes.clone());
    let found: Vec<Finetune> = bundled
        .chain(own.into_iter().filter(|finetune| finetune.public))
        .skip(number("offset").unwrap_or_default())
        .take(number("limit").unwrap_or(usize::MAX))
        .collect();
    respond::enveloped(&found)
}

/// `POST /ai/finetunes`.
pub(super) async fn create(State(shared): State<Handle>, request: Request) -> Response {
    let created = async {
        let visit = Visit::of(&request)?;
        let body = run::json_body(run::whole_body(request).await?)?;
        let text = |name: &str| body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let (Some(model), Some(name)) = (text("model"), text("name")) else {
            return Err(Refusal::bad_input("required properties at '/' are 'model,name'"));
        };
        let model = run::find(&shared, model)?;
        if !model.facts().flag("lora") {
            return Err(Refusal::no_lora(model.id()));
        }
        let finetune = Finetune {
            id: unlike_before().uuid(),
            model: model.id().to_owned(),
            name: name.to_owned(),
            description: text("description").map(str::to_owned),
            public: body.get("public").and_then(Value::as_bool).unwrap_or_default(),
            created_at: CREATED,
            modified_at: CREATED,
            files: Vec::new(),
        };
        visit.sandbox.finetunes.with(|finetunes| {
            if finetunes.iter().any(|other| other.name == finetune.name) {
                return Err(Refusal::bad_input(&format!("there is a fine-tune with the name {name} already")));
            }
            if finetunes.len() >= MOST {
                return Err(Refusal::bad_input(&format!("an account has {MOST} fine-tunes at most")));
            }
            finetunes.push(finetune.clone());
            Ok(respond::enveloped(&finetune))
        })
    };
    created.await.unwrap_or_else(|refusal: Refusal| refusal.respond())
}

/// `POST /ai/finetunes/{id or name}/finetune-assets`: one of the two files.
pub(super) async fn upload(
    Extension(visit): Extension<Visit>,
    Path(path): Path<Vec<(String, String)>>,
    request: Request,
) -> Response {
    let id = path.into_iter().find(|(name, _)| name == "finetune").map(|(_, id)| id).unwrap_or_default();
    let uploaded = async {
        let (file_name, content) = parts(request).await?;
        let Some(known) = [CONFIG, WEIGHTS].into_iter().find(|known| *known == file_name) else {
            return Err(Refusal::bad_input(&format!("file_name must be {CONFIG} or {WEIGHTS}, not {file_name:?}")));
        };
        if known == CONFIG && serde_json::from_slice::<Value>(&content).is_err() {
            return Err(Refusal::bad_input(&format!("{CONFIG} is not JSON")));
        }
        visit.sandbox.finetunes.with(|finetunes| {
            let finetune = finetunes.iter_mut().find(|finetune| finetune.is(&id)).ok_or_else(|| {
                Refusal::new(StatusCode::NOT_FOUND, 5007, format!("AiError: no fine-tune has the id or name {id}"))
            })?;
            if known == WEIGHTS && !finetune.files.contains(&CONFIG) {
                return Err(Refusal::bad_input(&format!("{CONFIG} comes before {WEIGHTS}")));
            }
            if !finetune.files.contains(&known) {
                finetune.files.push(known);
            }
            Ok(respond::enveloped(&json!({})))
        })
    };
    uploaded.await.unwrap_or_else(|refusal: Refusal| refusal.respond())
}

/// The name that the form gives, else that of the file; and the file's start: JSON whole, weights not kept.
async fn parts(request: Request) -> Result<(String, Vec<u8>), Refusal> {
    let broken = |error: &dyn std::fmt::Display| Refusal::bad_input(&format!("the multipart body is broken: {error}"));
    let mut multipart = Multipart::from_request(request, &()).await.map_err(|error| broken(&error.body_text()))?;
    let (mut given, mut of_file, mut content) = (None, None, None);
    while let Some(mut field) = multipart.next_field().await.map_err(|error| broken(&error.body_text()))? {
        match field.name() {
            Some("file_name") => given = Some(field.text().await.map_err(|error| broken(&error.body_text()))?),
            Some("file") => {
                const KEPT: usize = 1_000_000;
                of_file = field.file_name().map(str::to_owned);
                let mut kept = Vec::new();
                while let Some(piece) = field.chunk().await.map_err(|error| broken(&error.body_text()))? {
                    if kept.len() < KEPT {
                        kept.extend_from_slice(&piece);
                    }
                }
                content = Some(kept);
            }
            _ => {}
        }
    }
    let content = content.filter(|content| !content.is_empty()).ok_or_else(|| Refusal::incomplete("file"))?;
    Ok((given.or(of_file).unwrap_or_default(), content))
}
