//! The account API: the list of models, then the schemas of each.

use std::sync::Arc;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use workers_ai_account::{Account, Fetched, Model};

use super::progress::Progress;
use super::{Asking, CREDENTIALS, Failure, date_of};
use crate::catalogue::id::printable;
use crate::fetch::feed;
use crate::fetch::plan::Snapshot;

/// So many schemas are asked for at a time.
const AT_A_TIME: usize = 8;

/// Reads the whole catalogue of an account.
pub(super) async fn read(account: &Account, asking: &Asking) -> Result<Snapshot> {
    let name = account.base_url().to_owned();
    let slot = asking.cache.slot(format!("{name} models {}", account.id()));
    let fetched = asking
        .patience
        .with(|| account.models_unless(slot.etag()))
        .await
        .map_err(explain)
        .with_context(|| format!("cannot list the models of {name}"))?;
    let fetched = match fetched {
        Fetched::Changed(answer) => {
            let value = serde_json::to_value(&answer.value)?;
            Fetched::Changed(answer.map(|_| value))
        }
        _ => Fetched::Unchanged,
    };
    let answer = slot.settle(fetched)?;
    let as_of = date_of(&name, asking, &answer)?;
    let models: Vec<Model> = serde_json::from_value(answer.value)?;
    let models = with_schemas(account, models, asking).await?;
    let models = models.into_iter().map(feed::model).collect::<Result<_>>()?;
    Ok(Snapshot { name, as_of, models })
}

/// Adds to each model what the feed would say under `schema`; in the order of the list.
async fn with_schemas(account: &Account, models: Vec<Model>, asking: &Asking) -> Result<Vec<Value>> {
    let mut progress = Progress::new("schemas", models.len());
    let gate = Arc::new(Semaphore::new(AT_A_TIME));
    let mut calls = JoinSet::new();
    for (place, model) in models.into_iter().enumerate() {
        let (account, asking, gate) = (account.clone(), asking.clone(), Arc::clone(&gate));
        calls.spawn(async move {
            let _permit = gate.acquire().await?;
            let schema = schema(&account, &model.name, &asking)
                .await
                .with_context(|| format!("cannot get the schemas of {}", printable(&model.name)))?;
            let mut document = serde_json::to_value(&model)?;
            if let (Some(object), Some(schema)) = (document.as_object_mut(), schema) {
                object.insert("schema".to_owned(), schema);
            }
            anyhow::Ok((place, document))
        });
    }
    let mut documents = Vec::new();
    // Leaving early drops the set, which ends the calls that still run.
    while let Some(done) = calls.join_next().await {
        documents.push(done??);
        progress.step();
    }
    documents.sort_by_key(|(place, _)| *place);
    Ok(documents.into_iter().map(|(_, document)| document).collect())
}

/// The schemas of a model, or none if the service has none for it.
async fn schema(account: &Account, model: &str, asking: &Asking) -> Result<Option<Value>> {
    let slot = asking.cache.slot(format!("{} schema {} {model}", account.base_url(), account.id()));
    let fetched = asking.patience.with(|| account.schema_unless(model, slot.etag())).await;
    let fetched = match fetched {
        Ok(Fetched::Changed(answer)) => {
            let value = json!(answer.value);
            Fetched::Changed(answer.map(|_| value))
        }
        Ok(_) => Fetched::Unchanged,
        Err(failure) if has_no_schema(&failure) => return Ok(None),
        Err(failure) => return Err(explain(failure)),
    };
    Ok(Some(slot.settle(fetched)?.value))
}

/// 5007 is the service's "no such model", which comes with status 400.
fn has_no_schema(failure: &Failure) -> bool {
    matches!(failure, Failure::Call(error) if error.is_not_found() || error.code() == Some(5007))
}

fn explain(failure: Failure) -> anyhow::Error {
    let is_unauthorised = matches!(&failure, Failure::Call(error) if error.is_unauthorised());
    let error = anyhow::Error::new(failure);
    if is_unauthorised { error.context(CREDENTIALS) } else { error }
}
