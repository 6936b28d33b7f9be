//! What to look for in the catalogue.

/// Filters of [`Account::search_models`](crate::Account::search_models). Without any, everything is found.
///
/// ```
/// use workers_ai_account::ModelSearch;
///
/// let search = ModelSearch::new()
///     .text("llama")
///     .task("Text Generation")
///     .author("meta")
///     .hosted_by_cloudflare()
///     .hide_experimental();
/// assert_ne!(search, ModelSearch::new());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct ModelSearch {
    pub(crate) text: Option<String>,
    pub(crate) task: Option<String>,
    pub(crate) author: Option<String>,
    pub(crate) source: Option<i64>,
    pub(crate) hide_experimental: bool,
    pub(crate) include_deprecated: bool,
}

impl ModelSearch {
    /// A search without filters.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only models whose name or description has this text.
    pub fn text(self, text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..self }
    }

    /// Only models of this task, for example `Text Generation`.
    pub fn task(self, task: impl Into<String>) -> Self {
        Self { task: Some(task.into()), ..self }
    }

    /// Only models of this author, for example `meta`.
    pub fn author(self, author: impl Into<String>) -> Self {
        Self { author: Some(author.into()), ..self }
    }

    /// Only models whose id begins with `@cf/`.
    pub fn hosted_by_cloudflare(self) -> Self {
        Self { source: Some(1), ..self }
    }

    /// Only models whose id begins with `@hf/`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = workers_ai_local::LocalServer::builder().start().await?;
    /// # let account = workers_ai_account::Account::with_base_url(server.account_id(), "token", server.base_url())?;
    /// use workers_ai_account::ModelSearch;
    ///
    /// let search = ModelSearch::new().from_hugging_face().include_deprecated();
    /// assert!(account.search_models(&search).await?.iter().all(|model| model.name.starts_with("@hf/")));
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_hugging_face(self) -> Self {
        Self { source: Some(2), ..self }
    }

    /// Leaves out beta models.
    pub fn hide_experimental(self) -> Self {
        Self { hide_experimental: true, ..self }
    }

    /// Also finds what left the catalogue in the last three months.
    pub fn include_deprecated(self) -> Self {
        Self { include_deprecated: true, ..self }
    }
}
