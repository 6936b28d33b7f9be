//! Fine-tunes: register one, upload its two files, list what there is.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use serde::de::IgnoredAny;
use serde_json::Value;
use workers_ai_client::{Encoded, Media};

use crate::account::{Account, unconditional};
use crate::error::Error;
use crate::{Finetune, NewFinetune, file};

/// The names that the service wants, in the order that it wants.
const ADAPTER_FILES: [&str; 2] = ["adapter_config.json", "adapter_model.safetensors"];
const MOST_PAGES: usize = 100;
/// Adapters may have hundreds of megabytes, and lines may be slow.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(60 * 60);

/// How far an upload has come.
///
/// ```
/// use workers_ai_account::Sent;
///
/// fn percent(sent: Sent) -> u64 {
///     (sent.bytes * 100).checked_div(sent.total).unwrap_or(100)
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sent {
    /// The file on its way.
    pub file: &'static str,
    /// Bytes of it that were handed to the connection. It starts anew where the file is sent again.
    pub bytes: u64,
    /// Bytes that it has.
    pub total: u64,
}

impl Account {
    /// The account's fine-tunes.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = workers_ai_local::LocalServer::builder().start().await?;
    /// # let account = workers_ai_account::Account::with_base_url(server.account_id(), "token", server.base_url())?;
    /// for finetune in account.finetunes().await? {
    ///     println!("{} is {} on {}", finetune.name, finetune.id, finetune.model);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The service refuses or is out of reach.
    pub async fn finetunes(&self) -> Result<Vec<Finetune>, Error> {
        let answer = self.client.list_finetunes(&self.id).await;
        collect(unconditional(answer).await?.result)
    }

    /// Fine-tunes that every account can use.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = workers_ai_local::LocalServer::builder().start().await?;
    /// # let account = workers_ai_account::Account::with_base_url(server.account_id(), "token", server.base_url())?;
    /// let adapters = account.public_finetunes().await?;
    /// assert!(adapters.iter().any(|adapter| adapter.name.starts_with("cf-public-")));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The service refuses or is out of reach.
    pub async fn public_finetunes(&self) -> Result<Vec<Finetune>, Error> {
        let mut found: Vec<Finetune> = Vec::new();
        let mut seen = BTreeSet::new();
        for _ in 0..MOST_PAGES {
            let offset = i64::try_from(found.len()).ok().filter(|offset| *offset > 0);
            let answer = self.client.list_public_finetunes(&self.id, None, offset, None).await;
            let page = collect(unconditional(answer).await?.result)?;
            let before = found.len();
            found.extend(page.into_iter().filter(|finetune| seen.insert(finetune.id.clone())));
            // Where the offset is ignored, every page is the first one.
            if found.len() == before {
                break;
            }
        }
        Ok(found)
    }

    /// Registers a fine-tune; its files follow with [`Account::upload_finetune_asset`].
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = workers_ai_local::LocalServer::builder().start().await?;
    /// # let account = workers_ai_account::Account::with_base_url(server.account_id(), "token", server.base_url())?;
    /// use workers_ai_account::NewFinetune;
    ///
    /// let new = NewFinetune {
    ///     model: "@cf/mistral/mistral-7b-instruct-v0.2-lora".to_owned(),
    ///     name: "seafaring".to_owned(),
    ///     description: Some("Answers as a harbour master would".to_owned()),
    ///     public: None,
    /// };
    /// let finetune = account.create_finetune(&new).await?;
    /// assert_eq!(finetune.name, "seafaring");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The service refuses or is out of reach.
    pub async fn create_finetune(&self, finetune: &NewFinetune) -> Result<Finetune, Error> {
        let answer = self.client.create_finetune(&self.id, finetune).await;
        Ok(unconditional(answer).await?.result)
    }

    /// Uploads the two files of a fine-tune, `adapter_config.json` and then `adapter_model.safetensors`, from a folder that
    /// has both. They are read while they are sent; `progress` hears of every piece.
    ///
    /// ```no_run
    /// # async fn example(account: workers_ai_account::Account) -> Result<(), workers_ai_account::Error> {
    /// use workers_ai_account::NewFinetune;
    ///
    /// let new = NewFinetune {
    ///     model: "@cf/mistral/mistral-7b-instruct-v0.2-lora".to_owned(),
    ///     name: "seafaring".to_owned(),
    ///     description: None,
    ///     public: None,
    /// };
    /// let finetune = account.create_finetune(&new).await?;
    /// account.upload_adapter(&finetune.id, "adapter", |sent| println!("{}: {}/{}", sent.file, sent.bytes, sent.total)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// A file is missing (then nothing is sent), the service refuses, or is out of reach.
    pub async fn upload_adapter(
        &self,
        finetune: &str,
        folder: impl AsRef<Path>,
        progress: impl Fn(Sent) + Send + Sync + 'static,
    ) -> Result<(), Error> {
        let progress = Arc::new(progress);
        let mut files = Vec::new();
        for name in ADAPTER_FILES {
            let progress = Arc::clone(&progress);
            let heard = move |bytes, total| progress(Sent { file: name, bytes, total });
            files.push((name, file::source(&folder.as_ref().join(name), heard).await?));
        }
        for (name, source) in files {
            let form = Encoded::multipart().source("file", name, media_type(name), source);
            self.upload(finetune, form.field("file_name", name).finish()?).await?;
        }
        Ok(())
    }

    /// Uploads one file of a fine-tune from memory: `adapter_config.json` first, then `adapter_model.safetensors`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = workers_ai_local::LocalServer::builder().start().await?;
    /// # let account = workers_ai_account::Account::with_base_url(server.account_id(), "token", server.base_url())?;
    /// # use workers_ai_account::NewFinetune;
    /// # let new = NewFinetune {
    /// #     model: "@cf/mistral/mistral-7b-instruct-v0.2-lora".to_owned(),
    /// #     name: "seafaring".to_owned(),
    /// #     description: None,
    /// #     public: None,
    /// # };
    /// # let finetune = account.create_finetune(&new).await?;
    /// # let weights = vec![0; 64];
    /// account.upload_finetune_asset(&finetune.id, "adapter_config.json", r#"{"r": 8, "model_type": "mistral"}"#).await?;
    /// account.upload_finetune_asset(&finetune.id, "adapter_model.safetensors", weights).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The service refuses, for example because of another file name, or is out of reach.
    pub async fn upload_finetune_asset(
        &self,
        finetune: &str,
        file_name: &str,
        content: impl Into<Bytes>,
    ) -> Result<(), Error> {
        let content = Media::new(content, media_type(file_name));
        let form = Encoded::multipart().named_file("file", file_name, &content);
        self.upload(finetune, form.field("file_name", file_name).finish()?).await
    }

    async fn upload(&self, finetune: &str, form: Encoded) -> Result<(), Error> {
        if finetune.contains('/') {
            return Err(Error::configuration(format!("{finetune:?} is not the id or name of a fine-tune")));
        }
        let path = format!("/ai/finetunes/{finetune}/finetune-assets");
        let call = self.caller.account_call(Method::POST, path).body(form).timeout(UPLOAD_TIMEOUT);
        // The envelope says no more than success, but it can say failure under a status that does not.
        call.send().await?.json::<IgnoredAny>()?;
        Ok(())
    }
}

fn media_type(file_name: &str) -> &'static str {
    if file_name.ends_with(".json") { "application/json" } else { "application/octet-stream" }
}

/// A list, a list inside a list, or a single one: the documentation and the official libraries do not agree.
fn collect(result: Value) -> Result<Vec<Finetune>, Error> {
    match result {
        Value::Null => Ok(Vec::new()),
        Value::Array(list) => {
            let parts: Result<Vec<_>, _> = list.into_iter().map(collect).collect();
            Ok(parts?.into_iter().flatten().collect())
        }
        Value::Object(object) if object.is_empty() => Ok(Vec::new()),
        one => {
            let text = one.to_string();
            let finetune = serde_json::from_value(one).map_err(|error| Error::undecodable(text.as_bytes(), error))?;
            Ok(vec![finetune])
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;
    use serde_json::json;

    #[test]
    fn every_described_shape_is_a_list() {
        let one = json!({"id": "1", "model": "@cf/a/b", "name": "mine"});
        for result in [json!([one]), json!([[one]]), one.clone()] {
            assert_eq!(collect(result).unwrap().len(), 1);
        }
        assert_eq!(collect(json!([])).unwrap().len(), 0);
        assert!(collect(json!(["x"])).is_err());
    }
}
