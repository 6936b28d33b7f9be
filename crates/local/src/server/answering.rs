//! Calls whose answers somebody else gives as a whole, and the writing down of answers.

use std::time::Instant;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::{Method, Uri, header, request};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;

use super::respond::{self, Respond as _};
use super::routes::Handle;
use super::visit::Visit;
use super::{Shared, binding, replaying};
use crate::answer::Fidelity;
use crate::answering::Source;
use crate::exchange::Exchange;
use crate::refusal::Refusal;
use crate::tape::{Asked, Scrub};

/// Has a call answered: by whoever answers it as a whole, or by its handler.
pub(super) async fn answer(shared: &Shared, visit: Visit, mut request: Request, next: Next) -> Response {
    let source = visit.source;
    let began = Instant::now();
    request.extensions_mut().insert(visit.clone());
    let recorder = shared.sources.recorder.as_ref().filter(|recorder| recorder.takes(source));
    let is_whole = matches!(source, Source::Cloudflare | Source::Replay);
    let Some(place) = Place::of(&request).filter(|_| is_whole || recorder.is_some()) else {
        return next.run(request).await;
    };
    let uri = request.uri().clone();
    let answered = async {
        let (parts, body) = request.into_parts();
        // It was read before, for the journal.
        let body = to_bytes(body, usize::MAX).await.map_err(|_| Refusal::too_large())?;
        let scrub = scrub(shared, &parts, &place);
        let (method, model) = (parts.method.as_str(), visit.model());
        let asked =
            Asked::read(method, &place.below_ai(), parts.uri.query(), model, &parts.headers, &body, &scrub).await;
        let response = match source {
            Source::Replay => replaying::replay(shared, &visit, asked.clone()?).await?,
            Source::Cloudflare => forward(shared, &visit, &place, parts, body).await?,
            _ => next.run(Request::from_parts(parts, Body::from(body))).await,
        };
        // What was refused before anybody was asked is no answer of theirs.
        let was_answered = response.headers().contains_key(respond::FIDELITY);
        Ok(match (recorder, asked) {
            (Some(recorder), Ok(asked)) if was_answered => recorder.tape(asked, source, scrub, began, response),
            _ => response,
        })
    };
    answered.await.unwrap_or_else(|refusal: Refusal| refused_at(&uri, &refusal))
}

/// A refusal as it is written at some path.
pub(super) fn refused_at(uri: &Uri, refusal: &Refusal) -> Response {
    match uri.path() {
        path if binding::serves(path) => respond::refused_call(refusal),
        path if path.ends_with("/ai/v1/responses") => respond::refused_response(refusal),
        _ => refusal.respond(),
    }
}

/// Where a call goes, of those whose answers may come from elsewhere.
enum Place {
    /// Account and path below it, `/ai/…`.
    Account(String, String),
    /// A path of the binding, and the model behind it.
    Binding(String),
}

impl Place {
    fn of(request: &Request) -> Option<Self> {
        let path = request.uri().path();
        if request.method() != Method::POST {
            return None;
        }
        if binding::serves(path) {
            let model = binding::model_named(request.headers()).unwrap_or_default();
            return Some(Self::Binding(format!("{path}/{model}")));
        }
        let (account, path) = path.strip_prefix("/client/v4/accounts/")?.split_once('/')?;
        let below = path.strip_prefix("ai/")?;
        let is_answered =
            ["run", "tomarkdown"].contains(&below) || below.starts_with("run/") || below.starts_with("v1/");
        is_answered.then(|| Self::Account(account.to_owned(), format!("/{path}")))
    }

    /// The path below `/ai`, by which recordings are found.
    fn below_ai(&self) -> String {
        match self {
            Self::Account(_, path) => path.strip_prefix("/ai").unwrap_or(path).to_owned(),
            Self::Binding(path) => format!("/binding{}", path.trim_end_matches('/')),
        }
    }
}

/// What must not be written down: the ids and tokens of the caller and of this server.
fn scrub(shared: &Shared, parts: &request::Parts, place: &Place) -> Scrub {
    let own = shared.sources.cloudflare.as_ref().map(|cloudflare| cloudflare.secrets()).unwrap_or_default();
    let account = match place {
        Place::Account(account, _) => account.as_str(),
        Place::Binding(_) => "",
    };
    let given = ["authorization", "x-auth-key", "cf-aig-authorization"]
        .into_iter()
        .filter_map(|name| parts.headers.get(name)?.to_str().ok())
        .map(|value| value.rsplit(' ').next().unwrap_or_default());
    let accounts = [account, shared.account.as_str()].into_iter().chain(own.account.as_deref());
    Scrub::new(accounts, given.chain(shared.token.as_deref()).chain(own.token.as_deref()))
}

async fn forward(
    shared: &Shared,
    visit: &Visit,
    place: &Place,
    parts: request::Parts,
    body: Bytes,
) -> Result<Response, Refusal> {
    let Place::Account(account, path) = place else { return Err(Refusal::not_for_the_binding()) };
    let mut headers = parts.headers;
    if shared.token.is_some() {
        // What opens this server is nobody else's to see.
        for name in [header::AUTHORIZATION.as_str(), "x-auth-key", "x-auth-email"] {
            headers.remove(name);
        }
    }
    let exchange = Exchange {
        method: parts.method,
        account: account.clone(),
        path: path.clone(),
        query: parts.uri.query().map(str::to_owned),
        headers,
        body,
        by_caller: false,
    };
    let cloudflare = shared.sources.cloudflare.as_ref().ok_or_else(|| Refusal::no_such_source(Source::Cloudflare))?;
    if account == super::ACCOUNT && cloudflare.secrets().account.is_none() {
        return Err(Refusal::account_for_cloudflare());
    }
    let mut response = cloudflare.forward(exchange).await?;
    let neurons = response.headers().get(respond::NEURONS).and_then(|value| value.to_str().ok()?.parse().ok());
    if let Some(neurons) = neurons {
        visit.charge_neurons(neurons);
    }
    visit.answered(Fidelity::Exact);
    respond::insert(response.headers_mut(), respond::FIDELITY, &Fidelity::Exact.to_string());
    Ok(response)
}

/// `/playground/cloudflare/accounts/{account}/ai/{*rest}`: Cloudflare, by the token of the page that calls.
pub(super) async fn for_page(
    State(shared): State<Handle>,
    Path((account, _)): Path<(String, String)>,
    request: Request,
) -> Response {
    let answered = async {
        if !shared.local_only {
            return Err(Refusal::not_served(
                "the playground's way to Cloudflare, where other machines can reach this one",
            ));
        }
        if !request.headers().contains_key(header::AUTHORIZATION) {
            return Err(Refusal::not_a_token());
        }
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, super::caps::LARGEST_BODY).await.map_err(|_| Refusal::too_large())?;
        let path = parts.uri.path().split_once("/ai/").map(|(_, rest)| format!("/ai/{rest}")).unwrap_or_default();
        let query = parts.uri.query().map(str::to_owned);
        let (method, headers) = (parts.method, parts.headers);
        let exchange = Exchange { method, account, path, query, headers, body, by_caller: true };
        let cloudflare =
            shared.sources.cloudflare.as_ref().ok_or_else(|| Refusal::no_such_source(Source::Cloudflare))?;
        let mut response = cloudflare.forward(exchange).await?;
        respond::insert(response.headers_mut(), respond::FIDELITY, &Fidelity::Exact.to_string());
        Ok(response)
    };
    answered.await.unwrap_or_else(|refusal: Refusal| refusal.respond())
}
