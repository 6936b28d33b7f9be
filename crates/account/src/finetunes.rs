//! Fine-tunes: register one, upload its two files, list what there is.

use bytes::Bytes;
use reqwest::multipart::{Form, Part};
use serde_json::Value;

use crate::account::{Account, unconditional};
use crate::error::Error;
use crate::{Finetune, NewFinetune};

impl Account {
    /// The account's fine-tunes.
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
    /// # Errors
    ///
    /// The service refuses or is out of reach.
    pub async fn public_finetunes(&self) -> Result<Vec<Finetune>, Error> {
        let answer = self.client.list_public_finetunes(&self.id, None, None, None).await;
        collect(unconditional(answer).await?.result)
    }

    /// Registers a fine-tune; its files follow with [`Account::upload_finetune_asset`].
    ///
    /// # Errors
    ///
    /// The service refuses or is out of reach.
    pub async fn create_finetune(&self, finetune: &NewFinetune) -> Result<Finetune, Error> {
        let answer = self.client.create_finetune(&self.id, finetune).await;
        Ok(unconditional(answer).await?.result)
    }

    /// Uploads a file of a fine-tune: `adapter_config.json` first, then `adapter_model.safetensors`.
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
        let url = format!(
            "{}/accounts/{}/ai/finetunes/{}/finetune-assets",
            self.base_url,
            progenitor_client::encode_path(&self.id),
            progenitor_client::encode_path(finetune)
        );
        let file = Part::stream(reqwest::Body::from(content.into())).file_name(file_name.to_owned());
        let form = Form::new().part("file", file).text("file_name", file_name.to_owned());
        let response = self.http.post(url).multipart(form).send().await?;
        if response.status().is_success() { Ok(()) } else { Err(Error::refused(response).await) }
    }
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
