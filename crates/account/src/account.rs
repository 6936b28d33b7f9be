//! An account: its credentials, and the questions that can be asked about models.

use std::collections::BTreeSet;
use std::env;
use std::fmt;

use progenitor_client::ResponseValue;

use crate::answer::{Answer, Fetched};
use crate::error::Error;
use crate::generated::{Client, types};
use crate::search::ModelSearch;
use crate::transport;
use crate::{Author, Conversion, Model, ModelSchema, Task};

const BASE_URL: &str = "https://api.cloudflare.com/client/v4";
const MOST_PAGES: i64 = 100;

/// A Cloudflare account, as seen by the Workers AI API.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let server = workers_ai_local::LocalServer::builder().start().await?;
/// # let account = workers_ai_account::Account::with_base_url(server.account_id(), "token", server.base_url())?;
/// use workers_ai_account::Account;
///
/// // For the service: `Account::from_env()` or `Account::new(id, token)`.
/// let task = |name: Option<String>| name.unwrap_or_default();
/// for model in account.models().await? {
///     println!("{} ({})", model.name, model.task.map(|of| task(of.name)).unwrap_or_default());
/// }
/// # assert!(format!("{account:?}").contains("127.0.0.1"));
/// # let _: Account = account;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Account {
    pub(crate) id: String,
    pub(crate) base_url: String,
    /// Asks what progenitor knows.
    pub(crate) client: Client,
    /// Calls everything else, files above all.
    pub(crate) caller: workers_ai_client::Client,
}

impl Account {
    /// An account by its id and an API token.
    ///
    /// ```
    /// use workers_ai_account::Account;
    ///
    /// let account = Account::new("0123456789abcdef0123456789abcdef", "token")?;
    /// assert_eq!(account.id(), "0123456789abcdef0123456789abcdef");
    /// assert_eq!(account.base_url(), "https://api.cloudflare.com/client/v4");
    /// # Ok::<(), workers_ai_account::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The token cannot be sent in a header, or TLS cannot be set up.
    pub fn new(id: impl Into<String>, token: impl Into<String>) -> Result<Self, Error> {
        Self::with_base_url(id, token, BASE_URL)
    }

    /// An account of another server that speaks the same API, such as a local one.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use workers_ai_account::Account;
    /// use workers_ai_local::LocalServer;
    ///
    /// let server = LocalServer::builder().start().await?;
    /// let account = Account::with_base_url(server.account_id(), "token", server.base_url())?;
    /// assert!(!account.models().await?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Plain `http` is for servers on this machine only.
    ///
    /// # Errors
    ///
    /// As for [`Account::new`].
    pub fn with_base_url(
        id: impl Into<String>,
        token: impl Into<String>,
        base_url: impl Into<String>,
    ) -> Result<Self, Error> {
        let (id, token, base_url) = (id.into(), token.into(), base_url.into());
        let base_url = base_url.trim_end_matches('/').to_owned();
        let caller = workers_ai_client::Client::builder(&id, &token).base_url(&base_url).build()?;
        let http = transport::authorised(&token)?;
        let client = Client::new_with_client(&base_url, http);
        Ok(Self { id, base_url, client, caller })
    }

    /// The account of `CLOUDFLARE_ACCOUNT_ID` and `CLOUDFLARE_API_TOKEN`, at `CLOUDFLARE_API_BASE_URL` if that is set.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), workers_ai_account::Error> {
    /// use workers_ai_account::Account;
    ///
    /// let account = Account::from_env()?;
    /// println!("{} at {}", account.id(), account.base_url());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// One of the two is not set; the message says where to find it.
    pub fn from_env() -> Result<Self, Error> {
        let base_url = variable(&["CLOUDFLARE_API_BASE_URL", "CF_API_BASE_URL", "CLOUDFLARE_BASE_URL"]);
        let id = variable(&["CLOUDFLARE_ACCOUNT_ID", "CF_ACCOUNT_ID"]);
        let token = variable(&["CLOUDFLARE_API_TOKEN", "CF_API_TOKEN"]);
        match (id, token) {
            (Some(id), Some(token)) => Self::with_base_url(id, token, base_url.unwrap_or_else(|| BASE_URL.to_owned())),
            (id, _) => Err(Error::configuration(format!(
                "{} is not set; make a token with the permission \"Workers AI Read\" at \
                 https://dash.cloudflare.com/profile/api-tokens",
                if id.is_none() { "CLOUDFLARE_ACCOUNT_ID" } else { "CLOUDFLARE_API_TOKEN" }
            ))),
        }
    }

    /// The account's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The URL that every path is appended to.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// A client that calls the models of this account.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = workers_ai_local::LocalServer::builder().start().await?;
    /// # let account = workers_ai_account::Account::with_base_url(server.account_id(), "token", server.base_url())?;
    /// use serde_json::json;
    ///
    /// // Asked first which models there are, then one of them.
    /// let reply = account.client().run("@cf/baai/bge-m3", json!({"text": ["sea"]})).await?;
    /// assert_eq!(reply["shape"], json!([1, 1024]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn client(&self) -> &workers_ai_client::Client {
        &self.caller
    }

    /// All hosted models.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = workers_ai_local::LocalServer::builder().start().await?;
    /// # let account = workers_ai_account::Account::with_base_url(server.account_id(), "token", server.base_url())?;
    /// let models = account.models().await?;
    /// assert!(models.iter().any(|model| model.name == "@cf/baai/bge-m3"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The service refuses or is out of reach.
    pub async fn models(&self) -> Result<Vec<Model>, Error> {
        match self.models_unless(None).await? {
            Fetched::Changed(answer) => Ok(answer.value),
            Fetched::Unchanged => Ok(Vec::new()),
        }
    }

    /// All hosted models, unless the list still has the given entity tag.
    ///
    /// ```no_run
    /// # async fn example(account: workers_ai_account::Account) -> Result<(), workers_ai_account::Error> {
    /// use workers_ai_account::Fetched;
    ///
    /// # let mut known: Option<String> = None;
    /// // Once an hour; most of the time nothing has changed, and little is sent.
    /// match account.models_unless(known.as_deref()).await? {
    ///     Fetched::Changed(answer) => {
    ///         println!("{} models", answer.value.len());
    ///         known = answer.etag;
    ///     }
    ///     _ => println!("as before"),
    /// }
    /// # let _ = known;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`Account::models`].
    pub async fn models_unless(&self, etag: Option<&str>) -> Result<Fetched<Vec<Model>>, Error> {
        self.search_unless(&ModelSearch::default(), etag).await
    }

    /// The models that a search finds.
    ///
    /// ```no_run
    /// # async fn example(account: workers_ai_account::Account) -> Result<(), workers_ai_account::Error> {
    /// use workers_ai_account::ModelSearch;
    ///
    /// let search = ModelSearch::new().task("Text Generation").author("meta").include_deprecated();
    /// for model in account.search_models(&search).await? {
    ///     println!("{}", model.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`Account::models`].
    pub async fn search_models(&self, search: &ModelSearch) -> Result<Vec<Model>, Error> {
        match self.search_unless(search, None).await? {
            Fetched::Changed(answer) => Ok(answer.value),
            Fetched::Unchanged => Ok(Vec::new()),
        }
    }

    async fn search_unless(&self, search: &ModelSearch, etag: Option<&str>) -> Result<Fetched<Vec<Model>>, Error> {
        let first = match conditional(self.models_page(search, 1, etag).await, etag).await? {
            Fetched::Changed(first) => first,
            Fetched::Unchanged => return Ok(Fetched::Unchanged),
        };
        let total = first.value.result_info.as_ref().and_then(|info| info.total_count);
        let mut seen = BTreeSet::new();
        let mut models = Vec::new();
        let mut page = first.value.result.clone();
        // The service has been seen to ignore `per_page`; if it ignores `page` too, every page is the first one.
        for number in 2..=MOST_PAGES {
            let before = models.len();
            models.extend(page.into_iter().filter(|model| seen.insert(model.name.clone())));
            let is_complete = total.is_some_and(|total| i64::try_from(models.len()).is_ok_and(|len| len >= total));
            if models.len() == before || is_complete {
                break;
            }
            let next = self.models_page(search, number, None).await;
            page = unconditional(next).await?.result;
        }
        Ok(Fetched::Changed(first.map(|_| models)))
    }

    /// The schemas of one model.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = workers_ai_local::LocalServer::builder().start().await?;
    /// # let account = workers_ai_account::Account::with_base_url(server.account_id(), "token", server.base_url())?;
    /// let schema = account.schema("@cf/baai/bge-m3").await?;
    /// assert!(schema.input.is_some() && schema.output.is_some());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The service does not know the model or has no schema for it ([`is_not_found`](Error::is_not_found)), refuses, or is
    /// out of reach.
    pub async fn schema(&self, model: &str) -> Result<ModelSchema, Error> {
        let answer = self.client.model_schema(&self.id, model, None).await;
        published(model, unconditional(answer).await?)
    }

    /// The schemas of one model, unless they still have the given entity tag.
    ///
    /// ```no_run
    /// # async fn example(account: workers_ai_account::Account, known: &str) -> Result<(), workers_ai_account::Error> {
    /// use workers_ai_account::Fetched;
    ///
    /// if let Fetched::Changed(answer) = account.schema_unless("@cf/baai/bge-m3", Some(known)).await? {
    ///     println!("another schema since {}", answer.last_modified.unwrap_or_default());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`Account::schema`].
    pub async fn schema_unless(&self, model: &str, etag: Option<&str>) -> Result<Fetched<ModelSchema>, Error> {
        let answer = self.client.model_schema(&self.id, model, etag).await;
        Ok(match conditional(answer, etag).await? {
            Fetched::Changed(Answer { value, etag, last_modified, date }) => {
                Fetched::Changed(Answer { value: published(model, value)?, etag, last_modified, date })
            }
            Fetched::Unchanged => Fetched::Unchanged,
        })
    }

    /// The authors of hosted models.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = workers_ai_local::LocalServer::builder().start().await?;
    /// # let account = workers_ai_account::Account::with_base_url(server.account_id(), "token", server.base_url())?;
    /// let authors = account.authors().await?;
    /// assert!(authors.iter().any(|author| author.name.as_deref() == Some("meta")));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The service refuses or is out of reach.
    pub async fn authors(&self) -> Result<Vec<Author>, Error> {
        Ok(unconditional(self.client.search_authors(&self.id).await).await?.result)
    }

    /// The tasks that hosted models perform.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = workers_ai_local::LocalServer::builder().start().await?;
    /// # let account = workers_ai_account::Account::with_base_url(server.account_id(), "token", server.base_url())?;
    /// let tasks = account.tasks().await?;
    /// assert!(tasks.iter().any(|task| task.name.as_deref() == Some("Text Generation")));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The service refuses or is out of reach.
    pub async fn tasks(&self) -> Result<Vec<Task>, Error> {
        Ok(unconditional(self.client.search_tasks(&self.id).await).await?.result)
    }

    /// The file formats that [`Account::to_markdown`] understands.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = workers_ai_local::LocalServer::builder().start().await?;
    /// # let account = workers_ai_account::Account::with_base_url(server.account_id(), "token", server.base_url())?;
    /// let formats = account.supported_conversions().await?;
    /// assert!(formats.iter().any(|format| format.extension == ".pdf"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The service refuses or is out of reach.
    pub async fn supported_conversions(&self) -> Result<Vec<Conversion>, Error> {
        Ok(unconditional(self.client.supported_conversions(&self.id).await).await?.result)
    }

    async fn models_page(
        &self,
        search: &ModelSearch,
        page: i64,
        etag: Option<&str>,
    ) -> Result<ResponseValue<types::ModelsAnswer>, progenitor_client::Error<()>> {
        let (page, per_page) = (Some(page), Some(100));
        self.client
            .search_models(
                &self.id,
                search.author.as_deref(),
                search.hide_experimental.then_some(true),
                search.include_deprecated.then_some(true),
                page,
                per_page,
                search.text.as_deref(),
                search.source,
                search.task.as_deref(),
                etag,
            )
            .await
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Account")
            .field("id", &self.id)
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

/// The schemas that an answer holds. The service says with 200 too that it has none.
fn published(model: &str, answer: types::SchemaAnswer) -> Result<ModelSchema, Error> {
    match answer.result {
        Some(schema) => Ok(schema),
        None if answer.success == Some(false) => Err(Error::without_result(answer.errors.unwrap_or_default())),
        None => Err(Error::no_schema(model)),
    }
}

/// The value of a generated call.
pub(crate) async fn unconditional<T>(
    answer: Result<ResponseValue<T>, progenitor_client::Error<()>>,
) -> Result<T, Error> {
    match answer {
        Ok(answer) => Ok(answer.into_inner()),
        Err(error) => Err(Error::generated(error).await),
    }
}

async fn conditional<T>(
    answer: Result<ResponseValue<T>, progenitor_client::Error<()>>,
    etag: Option<&str>,
) -> Result<Fetched<T>, Error> {
    match answer {
        Ok(answer) => {
            let headers = answer.headers().clone();
            Ok(Fetched::Changed(Answer::new(answer.into_inner(), &headers)))
        }
        Err(error) if etag.is_some() && error.status().is_some_and(|status| status == 304) => Ok(Fetched::Unchanged),
        Err(error) => Err(Error::generated(error).await),
    }
}

fn variable(names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| env::var(name).ok().filter(|value| !value.trim().is_empty()))
}
