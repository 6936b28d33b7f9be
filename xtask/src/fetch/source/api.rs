//! The account API: the list of models, then the schemas of each.

use std::sync::Arc;

use anyhow::{Context, Result};
use serde::Serialize;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use workers_ai_account::{Account, Fetched, Model};

use super::cache::Told;
use super::progress::Progress;
use super::{Asking, CREDENTIALS, Failure, date_of};
use crate::catalogue::id::printable;
use crate::fetch::feed;
use crate::fetch::plan::Snapshot;

/// The catalogue of an account, as it was sent.
pub(crate) struct Listing {
    pub(super) name: String,
    pub(super) list: Told,
    /// In the order of the list; nothing for models that the service has no schemas of.
    models: Vec<(Model, Option<Told>)>,
}

/// Asks for the whole catalogue of an account.
pub(super) async fn ask(account: &Account, asking: &Asking) -> Result<Listing> {
    let name = account.base_url().to_owned();
    let slot = asking.cache.slot(format!("{name} models {}", account.id()));
    let fetched = asking
        .patience
        .with(|| account.models_unless(slot.etag()))
        .await
        .map_err(explain)
        .with_context(|| format!("cannot list the models of {name}"))?;
    let list = slot.told(written(fetched)?)?;
    list.keep();
    let models = feed::parse(list.body()).and_then(|models| Ok(serde_json::from_value(models)?));
    let models = with_schemas(account, models.with_context(|| format!("in {name}"))?, asking).await?;
    Ok(Listing { name, list, models })
}

impl Listing {
    /// Everything that was said.
    pub(super) fn told(&self) -> impl Iterator<Item = &Told> {
        [&self.list].into_iter().chain(self.models.iter().filter_map(|(_, schema)| schema.as_ref()))
    }

    pub(super) fn read(self, asking: &Asking) -> Result<Snapshot> {
        let as_of = date_of(&self.name, asking, &self.list)?;
        let models = self.models.into_iter().map(|(model, schema)| {
            let mut document = serde_json::to_value(&model)?;
            if let (Some(object), Some(schema)) = (document.as_object_mut(), schema) {
                object.insert("schema".to_owned(), feed::parse(schema.body())?);
            }
            feed::model(document)
        });
        let models = models.collect::<Result<_>>()?;
        Ok(Snapshot { name: self.name, as_of, models })
    }
}

/// Asks for the schemas of each model.
async fn with_schemas(account: &Account, models: Vec<Model>, asking: &Asking) -> Result<Vec<(Model, Option<Told>)>> {
    let mut progress = Progress::new("schemas", models.len());
    let gate = Arc::new(Semaphore::new(asking.at_a_time.into()));
    let mut calls = JoinSet::new();
    for (place, model) in models.into_iter().enumerate() {
        let (account, asking, gate) = (account.clone(), asking.clone(), Arc::clone(&gate));
        calls.spawn(async move {
            let _permit = gate.acquire().await?;
            let schema = schema(&account, &model.name, &asking)
                .await
                .with_context(|| format!("cannot get the schemas of {}", printable(&model.name)))?;
            anyhow::Ok((place, (model, schema)))
        });
    }
    let mut answered = Vec::new();
    // Leaving early drops the set, which ends the calls that still run.
    while let Some(done) = calls.join_next().await {
        answered.push(done??);
        progress.step();
    }
    answered.sort_by_key(|(place, _)| *place);
    Ok(answered.into_iter().map(|(_, answered)| answered).collect())
}

/// The schemas of a model, or none if the service has none for it.
async fn schema(account: &Account, model: &str, asking: &Asking) -> Result<Option<Told>> {
    let slot = asking.cache.slot(format!("{} schema {} {model}", account.base_url(), account.id()));
    match asking.patience.with(|| account.schema_unless(model, slot.etag())).await {
        Ok(fetched) => {
            let told = slot.told(written(fetched)?)?;
            // At once, so that a run which another schema spoils was not for nothing.
            told.keep();
            Ok(Some(told))
        }
        Err(failure) if has_no_schema(&failure) => Ok(None),
        Err(failure) => Err(explain(failure)),
    }
}

/// An answer as JSON.
fn written(fetched: Fetched<impl Serialize>) -> Result<Fetched<Vec<u8>>> {
    let Fetched::Changed(answer) = fetched else { return Ok(Fetched::Unchanged) };
    let body = serde_json::to_vec(&answer.value)?;
    Ok(Fetched::Changed(answer.map(|_| body)))
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
