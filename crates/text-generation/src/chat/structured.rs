//! Answers as values of a Rust type: the JSON Schema comes from the type, the reply is read into it.

use super::{response_format::ResponseFormat, rules::Rules};

/// A request that may ask for JSON: its model has a response format.
///
/// ```
/// use serde_json::json;
/// use workers_ai_text_generation::{AnswersInJson, ChatRequest, ResponseFormat};
///
/// /// For the request of any model that answers in JSON.
/// fn ask_for_a_place(request: &mut impl AnswersInJson) {
///     let schema = json!({"type": "object", "properties": {"city": {"type": "string"}}});
///     request.set_response_format(ResponseFormat::json_schema(schema));
/// }
///
/// let mut request = ChatRequest::new("Where is it warm?");
/// ask_for_a_place(&mut request);
/// assert!(request.response_format.is_some());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot ask for JSON: the model has no response format",
    label = "no response format here",
    note = "models that have one show `response_format` in the table of their parameters"
)]
pub trait AnswersInJson {
    /// What the model demands of a response format.
    type Rules: Rules;

    /// Sets the response format.
    fn set_response_format(&mut self, format: ResponseFormat<Self::Rules>);
}

/// Asks for the answer as a value of a Rust type.
///
/// ```
/// # #[cfg(feature = "schemars")] {
/// use workers_ai_text_generation::{
///     JsonSchemaOf, Reply, gpt_oss_120b as gpt, llama_3_3_70b_instruct_fp8_fast as llama,
///     schemars::{self, JsonSchema},
/// };
///
/// /// A place in a report.
/// #[derive(Debug, serde::Deserialize, JsonSchema)]
/// struct Place {
///     /// The city's name.
///     city: String,
/// }
///
/// // Each model gets the wrapper it wants.
/// let classic = llama::MessagesRequest::new("Where is it warm?").json_schema_of::<Place>();
/// let sent = serde_json::to_value(&classic)?;
/// assert_eq!(sent["response_format"]["json_schema"]["properties"]["city"]["type"], "string");
///
/// let reply: Reply = serde_json::from_str(r#"{"response": {"city": "Lisbon"}}"#)?;
/// assert_eq!(reply.json::<Place>()?.city, "Lisbon");
/// # let _ = gpt::ID;
/// # }
/// # Ok::<(), serde_json::Error>(())
/// ```
pub trait JsonSchemaOf: AnswersInJson + Sized {
    /// Asks for JSON that follows the schema of `T`; [`Reply::json`](super::Reply::json) reads it.
    #[cfg(feature = "schemars")]
    #[must_use]
    fn json_schema_of<T: schemars_1::JsonSchema + serde::de::DeserializeOwned>(mut self) -> Self {
        self.set_response_format(ResponseFormat::json_schema_of::<T>());
        self
    }

    /// Asks for any JSON object. The messages should say which.
    ///
    /// ```
    /// use workers_ai_text_generation::{JsonSchemaOf, llama_3_3_70b_instruct_fp8_fast as llama};
    ///
    /// let request = llama::MessagesRequest::new("Name a city, as {\"city\": …}.").json_object();
    /// assert_eq!(serde_json::to_value(&request)?["response_format"]["type"], "json_object");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    fn json_object(mut self) -> Self {
        self.set_response_format(ResponseFormat::json_object());
        self
    }
}

impl<T: AnswersInJson> JsonSchemaOf for T {}
