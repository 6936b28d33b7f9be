//! Agreeing to a model's licence.

use serde_json::json;

use super::{Client, Outgoing};
use crate::{Encoded, Error};

impl Client {
    /// Agrees to a model's licence for the whole account, once and for all. Read it first: what is agreed to is what the
    /// model's page says, for example who may use it where.
    ///
    /// It is what a call whose error [`needs_license_agreement`](Error::needs_license_agreement) waits for.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([r#"{"success": false, "errors": [{"code": 5016, "message": "Thank you for agreeing to this model's license"}]}"#]);
    /// client.agree_to_license("@cf/meta/llama-3.2-11b-vision-instruct").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of any call; see [`Error`]. Agreeing again is none.
    pub async fn agree_to_license(&self, model: &str) -> Result<(), Error> {
        let body =
            Encoded::json(&json!({"prompt": "agree"})).map_err(|invalid| Error::from(invalid).with_model(model))?;
        match self.answer(model.to_owned().into(), Outgoing::new(body)).await {
            // The same code both asks for the agreement and gives thanks for it.
            Err(error) if !(error.needs_license_agreement() && error.gives_thanks()) => Err(error),
            _ => Ok(()),
        }
    }
}
