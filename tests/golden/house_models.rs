/// `@acme/archivist`: house models.
///
/// ```no_run
/// use house::models::{lit, archivist, prelude::*};
///
/// # async fn example(client: workers_ai_client::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let request = archivist::Request::new(vec!["Good morning!".into()])
///     .temperature(lit!(archivist::Temperature, 0.6));
/// let reply = client.house_models().archivist(request).await?;
/// println!("{}", reply.text());
/// # Ok(())
/// # }
/// ```
///
/// | parameter | takes | default |
/// |---|---|---|
/// | `history` | a list |  |
/// | `max_tokens` | a whole number | `256` |
/// | `messages` (required) | a list |  |
/// | `temperature` | a number from 0 to 5 | `0.6` |
pub mod archivist {
    use ::workers_ai_client as client;
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@acme/archivist";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info::new(ID, "House Models", "2026-01");
    /// Names `@acme/archivist` where a type is wanted.
    #[derive(Clone, Copy, Debug)]
    pub struct Archivist;
    impl client::Model for Archivist {
        const INFO: &'static client::Info = &INFO;
        type Request = Request;
        type Reply = crate::Reply;
    }
    #[diagnostic::do_not_recommend]
    impl client::Streams for Archivist {
        type Chunk = crate::Chunk;
    }
    /// What the model answers.
    pub type Reply = crate::Reply;
    /// One piece of a streamed answer.
    pub type Chunk = crate::Chunk;
    /// `temperature`: a number from 0 to 5. The service's default is `0.6`.
    pub type Temperature = client::Number<0, 5000>;
    client::request! {
        /// What the model is asked.
        pub struct Request as json {
            /// The conversation so far: a list.
            into messages: Vec<String>,
            /// `history`: a list.
            into history?: crate::Messages<crate::Text, crate::Plain>,
            /// Most tokens to write: a whole number.
            into max_tokens?: i64,
            /// Randomness: low repeats itself, high surprises: a number from 0 to 5.
            pub temperature?: client::Number<0, 5000>,
        }
    }
}
/// `@acme/chooser`: house models.
///
/// ```no_run
/// use house::models::{chooser, prelude::*};
///
/// # async fn example(client: workers_ai_client::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let request = chooser::Request::bit("Good morning!");
/// let reply = client.house_models().chooser(request).await?;
/// println!("{reply:?}");
/// # Ok(())
/// # }
/// ```
///
/// | parameter | form | takes | default |
/// |---|---|---|---|
/// | `left` (required) | bit, both | text |  |
/// | `note` | bit | text |  |
/// | `right` (required) | both | text |  |
pub mod chooser {
    use ::workers_ai_client as client;
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@acme/chooser";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info::new(ID, "House Models", "2026-01");
    /// Names `@acme/chooser` where a type is wanted.
    #[derive(Clone, Copy, Debug)]
    pub struct Chooser;
    impl client::Model for Chooser {
        const INFO: &'static client::Info = &INFO;
        type Request = Request;
        type Reply = Reply;
    }
    client::request! {
        /// What the model is asked, as `bit`.
        pub struct BitRequest as json {
            /// `left`: text.
            into left: String,
            /// `note`: text.
            into note?: String,
        }
    }
    client::request! {
        /// What the model is asked, as `both`.
        pub struct BothRequest as json {
            /// `left`: text.
            into left: String,
            /// `right`: text.
            into right: String,
        }
    }
    client::union! {
        /// What the model is asked, in any of its forms.
        ///
        /// Each form has a constructor:
        ///
        /// - [`Request::bit`], with `left`
        /// - [`Request::both`], with `left` and `right`
        ///
        /// ```no_run
        /// use house::models::chooser;
        ///
        /// # fn example() -> Result<(), Box<dyn std::error::Error>> {
        /// let bit = chooser::Request::bit("Good morning!");
        /// let both = chooser::Request::both("Good morning!", "Good morning!");
        /// # Ok(())
        /// # }
        /// ```
        pub enum Request as Request: From {
            /// With `left`.
            Bit(BitRequest) = Keys(&["left"]),
            /// With `left` and `right`.
            Both(BothRequest) = Keys(&["left", "right"]),
        }
        impl Request {
            fn bit(left: impl Into<String>) -> BitRequest;
            fn both(left: impl Into<String>, right: impl Into<String>) -> BothRequest;
        }
    }
    client::reply! {
        /// What the model answers.
        pub struct Reply as Reply {
            /// The text to work on.
            pub text?: String,
        }
    }
}
/// `@acme/embedder`: house models.
///
/// ```no_run
/// use house::models::{embedder, prelude::*};
///
/// # async fn example(client: workers_ai_client::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let request = embedder::Request::pair("Good morning!", "Good morning!");
/// let reply = client.house_models().embedder(request).await?;
/// println!("{reply:?}");
/// # Ok(())
/// # }
/// ```
///
/// | parameter | form | takes | default |
/// |---|---|---|---|
/// | `left` (required) | pair | text |  |
/// | `place` | pair | an object |  |
/// | `right` (required) | pair | text |  |
/// | `text` (required) | texts | text, or a list of at most 2 items |  |
pub mod embedder {
    use ::workers_ai_client as client;
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@acme/embedder";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info {
        flags: client::Flags {
            async_queue: true,
            ..client::Flags::NONE
        },
        ..client::Info::new(ID, "House Models", "2026-01")
    };
    /// Names `@acme/embedder` where a type is wanted.
    #[derive(Clone, Copy, Debug)]
    pub struct Embedder;
    impl client::Model for Embedder {
        const INFO: &'static client::Info = &INFO;
        type Request = Request;
        type Reply = Reply;
    }
    #[diagnostic::do_not_recommend]
    impl client::Queues for Embedder {
        type Item = BatchItem;
    }
    client::choice! {
        /// Which variant to use.
        pub enum PlaceMode {
            Near = "near",
            Far = "far",
        }
    }
    client::request! {
        /// What `place` holds.
        pub struct Place {
            /// `x`: a whole number.
            into x: i64,
            /// `y`: a whole number.
            into y: i64,
            /// Which variant to use: `near` or `far`.
            pub mode?: PlaceMode,
        }
    }
    client::request! {
        /// What the model is asked, as `pair`.
        pub struct PairRequest as json {
            /// `left`: text.
            into left: String,
            /// `right`: text.
            into right: String,
            /// `place`: an object.
            into place?: Place,
        }
    }
    client::request! {
        /// What the model is asked, as `texts`.
        pub struct TextsRequest as json {
            /// The text to work on: text, or a list of at most 2 items.
            into text: client::OneOrMany<String, client::List<String, 0, 2>>,
        }
    }
    client::union! {
        /// What the model is asked, in any of its forms.
        ///
        /// Each form has a constructor:
        ///
        /// - [`Request::pair`], with `left` and `right`
        /// - [`Request::texts`], with `text`
        ///
        /// ```no_run
        /// use house::models::embedder;
        ///
        /// # fn example() -> Result<(), Box<dyn std::error::Error>> {
        /// let pair = embedder::Request::pair("Good morning!", "Good morning!");
        /// let texts = embedder::Request::texts("Good morning!");
        /// # Ok(())
        /// # }
        /// ```
        pub enum Request as Request: From {
            /// With `left` and `right`.
            Pair(PairRequest) = Keys(&["left", "right"]),
            /// With `text`.
            Texts(TextsRequest) = Keys(&["text"]),
        }
        impl Request {
            fn pair(left: impl Into<String>, right: impl Into<String>) -> PairRequest;
            fn texts(text: impl Into<client::OneOrMany<String, client::List<String, 0, 2>>>) -> TextsRequest;
        }
    }
    client::request! {
        /// One request of a queued batch.
        pub struct BatchItem {
            /// The text to work on: text.
            into text: String,
        }
    }
    client::reply! {
        /// What `vectors` holds.
        pub struct Vectors {
            /// One vector of numbers for each text, in the order they were sent.
            pub data: client::Vectors,
            /// How many vectors there are, and how long they are.
            pub shape: Vec<i64>,
        }
    }
    client::reply! {
        /// What `scores` holds.
        pub struct Scores {
            /// `scores` as answered.
            pub scores: Vec<f64>,
            /// `vectors` as answered.
            pub vectors?: String,
        }
    }
    client::union! {
        /// What the model answers.
        pub enum Reply as ReplyWithVectors {
            /// With `data` and `shape`.
            Vectors(Vectors) = AnyKey(&["data", "shape"]),
            /// With `scores` and `vectors`.
            Scores(Scores) = AnyKey(&["scores", "vectors"]),
            ..
        }
    }
}
/// `@acme/everything`: house models.
///
/// context window 4096 tokens; 300 requests a minute; $0.5 per M input tokens; $2 per M output tokens; $0.25 per image; $0.125 per step.
///
/// ```no_run
/// use house::models::{lit, everything, prelude::*};
///
/// # async fn example(client: workers_ai_client::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let request = everything::Request::new(
///     "Why is the sky blue?",
///     ["Good morning!"],
///     everything::Audience::All,
///     everything::Place::new(1, 1),
///     lit!(everything::Zeal, 5),
/// );
/// let reply = client.house_models().everything(request).await?;
/// println!("{reply:?}");
/// # Ok(())
/// # }
/// ```
///
/// | parameter | takes | default |
/// |---|---|---|
/// | `3d` | text |  |
/// | `4th` | `p` or `q` |  |
/// | `_` | text |  |
/// | `a-b` | text |  |
/// | `a_b` | text |  |
/// | `alike` | an object, or text |  |
/// | `anything` | any JSON |  |
/// | `at_least` | a whole number of at least 3 |  |
/// | `at_most` | a whole number of at most -3 |  |
/// | `audience` (required) | `all` or `some` |  |
/// | `audio` | text |  |
/// | `below` | a number of at most 0.5 |  |
/// | `between` | text of 2 to 8 characters |  |
/// | `bytes` | bytes |  |
/// | `contents` | a list |  |
/// | `contexts` (required) | a list of 1 to 4 items |  |
/// | `either` | an object, or an object, or text, or a number, or true or false, or a list |  |
/// | `eithers` | a list, not empty |  |
/// | `encoded` | text |  |
/// | `entries` | a list |  |
/// | `everything` | a whole number of at least 1 |  |
/// | `finer` | a number of at least 0.0001 |  |
/// | `fixed` (required) | `only this` |  |
/// | `format` | an object |  |
/// | `free` | text, or any JSON |  |
/// | `gen` | true or false |  |
/// | `half_tagged` | an object, or an object |  |
/// | `input_image_0` | text |  |
/// | `list` | a list |  |
/// | `lists` | a list, or a list, or a list, or a list, or a list, or a list, or a list |  |
/// | `long` | text of at least 2 characters |  |
/// | `loose` | an object, or an object |  |
/// | `loose_tag` | an object, or an object |  |
/// | `many` | `worda`, `wordb`, `wordc`, `wordd`, `worde`, `wordf`, `wordg`, `wordh`, `wordi`, `wordj`, `wordk`, `wordl` or 2 more |  |
/// | `mask` | text |  |
/// | `name` | text |  |
/// | `nested` | an object, or a list |  |
/// | `new` | a whole number |  |
/// | `number_3` | a number |  |
/// | `numbers` | a list |  |
/// | `options` | an object |  |
/// | `patterns` | text, or text, or a number |  |
/// | `picture` | bytes |  |
/// | `place` (required) | an object |  |
/// | `place_or_places` | an object, or a list |  |
/// | `plain` | a number |  |
/// | `points` | a list |  |
/// | `prompt` (required) | text, not empty |  |
/// | `ranked` | an object, or a list |  |
/// | `raw_json` | an object |  |
/// | `request` | a whole number of at least 1 |  |
/// | `same` | an object, or an object |  |
/// | `same_tag` | an object, or an object |  |
/// | `settled` | only true |  |
/// | `share` | a number from 0 to 1 | `0.5` |
/// | `short` | text of at most 8 characters |  |
/// | `sign` | `+`, `-`, ``, `self`, `Unknown`, `unknown`, `3d`, `a b` or `A-B` |  |
/// | `sole` | `x` |  |
/// | `spots` | a list of at least 2 items |  |
/// | `states` | a list |  |
/// | `stories` | a list of at most 3 items |  |
/// | `string` | an object |  |
/// | `stuff` | a list |  |
/// | `switch` | true or false | `false` |
/// | `table` | an object |  |
/// | `tagged` | an object, or an object |  |
/// | `tags` | a list |  |
/// | `text_or_numbers` | text, or a list |  |
/// | `text_or_texts` | text, not empty, or a list of at most 5 items |  |
/// | `twins` | text, or an object |  |
/// | `type` | text |  |
/// | `whole` | a whole number |  |
/// | `zeal` (required) | a whole number from 0 to 9 | `5` |
pub mod everything {
    use ::workers_ai_client as client;
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@acme/everything";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info {
        context_window: Some(4096),
        max_input_tokens: Some(512),
        output_dimensions: Some(8),
        prices: &[
            client::Price::new("per_M_input_tokens", 0.5, Some(45.5)),
            client::Price::new("per_M_output_tokens", 2.0, None),
            client::Price::new("per_image", 0.25, None),
            client::Price::new("per_step", 0.125, None),
            client::Price::new("per_fifth_thing", 9.0, None),
        ],
        requests_per_minute: Some(300),
        flags: client::Flags {
            async_queue: true,
            vision: true,
            ..client::Flags::NONE
        },
        created_at: Some("2026-01-02"),
        terms: Some("https://example.com/terms"),
        headline: Some(client::Headline {
            context_window: Some(8192),
            requests_per_minute: 60,
        }),
        ..client::Info::new(ID, "House Models", "2026-01")
    };
    /// Names `@acme/everything` where a type is wanted.
    #[derive(Clone, Copy, Debug)]
    pub struct Everything;
    impl client::Model for Everything {
        const INFO: &'static client::Info = &INFO;
        type Request = Request;
        type Reply = Reply;
    }
    #[diagnostic::do_not_recommend]
    impl client::Streams for Everything {
        type Chunk = Chunk;
    }
    #[diagnostic::do_not_recommend]
    impl client::Queues for Everything {
        type Item = Request;
    }
    /// `at_least`: a whole number of at least 3.
    pub type AtLeast = client::Integer<3>;
    /// `at_most`: a whole number of at most -3.
    pub type AtMost = client::Integer<{ i64::MIN }, -3>;
    /// `below`: a number of at most 0.5.
    pub type Below = client::Number<{ i64::MIN }, 500>;
    /// `between`: text of 2 to 8 characters.
    pub type Between = client::Text<2, 8>;
    /// `everything`: a whole number of at least 1.
    pub type EverythingParameter = client::Integer<1>;
    /// `long`: text of at least 2 characters.
    pub type Long = client::Text<2>;
    /// `prompt`: text, not empty.
    pub type Prompt = client::Text<1>;
    /// `request`: a whole number of at least 1.
    pub type RequestParameter = client::Integer<1>;
    /// `share`: a number from 0 to 1. The service's default is `0.5`.
    pub type Share = client::Number<0, 1000>;
    /// `short`: text of at most 8 characters.
    pub type Short = client::Text<0, 8>;
    /// `zeal`: a whole number from 0 to 9. The service's default is `5`.
    pub type Zeal = client::Integer<0, 9>;
    #[doc(inline)]
    pub use super::embedder::{PlaceMode, Place};
    client::choice! {
        /// What `request_field` holds.
        pub enum RequestField {
            P = "p",
            Q = "q",
        }
    }
    client::request! {
        /// What `alike_object` holds.
        #[derive(Default)]
        pub struct AlikeObject {
            /// `both`: text.
            into both?: String,
        }
    }
    client::union! {
        /// What `alike` holds.
        pub enum Alike: From {
            /// JSON: object.
            Object(AlikeObject) = Object,
            /// JSON: string.
            Text(String) = Text,
        }
    }
    impl From<&str> for Alike {
        fn from(value: &str) -> Self {
            Self::Text(value.to_owned())
        }
    }
    client::choice! {
        /// What `audience` holds.
        pub enum Audience {
            All = "all",
            Some = "some",
        }
    }
    client::request! {
        /// What `content` holds.
        #[derive(Default)]
        pub struct Content {
            /// `page`: text.
            into page?: String,
        }
    }
    client::request! {
        /// What `by_name` holds.
        pub struct ByName {
            /// Name: text.
            into name: String,
        }
    }
    client::request! {
        /// What `either_at` holds.
        pub struct At {
            /// `at`: text.
            into at: String,
            /// Which of the inputs this belongs to: a whole number.
            into id: i64,
        }
    }
    client::union! {
        /// What `either` holds.
        pub enum Either: From {
            /// With `name`.
            ByName(ByName) = Keys(&["name"]),
            /// With `at` and `id`.
            At(At) = Keys(&["at", "id"]),
            /// JSON: string.
            Text(String) = Text,
            /// JSON: number.
            Number(f64) = Number,
            /// JSON: boolean.
            Flag(bool) = Boolean,
            /// JSON: array.
            List(Vec<i64>) = List,
        }
    }
    impl From<&str> for Either {
        fn from(value: &str) -> Self {
            Self::Text(value.to_owned())
        }
    }
    client::union! {
        /// What `either` holds.
        pub enum RequestEither: From {
            /// JSON: object.
            ByName(ByName) = Object,
            /// JSON: string.
            Text(String) = Text,
        }
    }
    impl From<&str> for RequestEither {
        fn from(value: &str) -> Self {
            Self::Text(value.to_owned())
        }
    }
    client::choice! {
        /// What `entry` holds.
        pub enum Entry {
            First = "first",
            Last = "last",
        }
    }
    client::choice! {
        /// What `fixed` holds.
        pub enum Fixed {
            OnlyThis = "only this",
        }
    }
    client::choice! {
        /// What `format` holds.
        pub enum RequestFormatFormat {
            One = "one",
            Two = "two",
        }
    }
    client::request! {
        /// What `format` holds.
        pub struct RequestFormat {
            /// `format`: `one` or `two`.
            pub format: RequestFormatFormat,
        }
    }
    client::union! {
        /// What `free` holds.
        pub enum Free: From {
            /// JSON: string.
            Text(String) = Text,
            /// JSON: any.
            Whatever(::serde_json::Value) = Any,
        }
    }
    impl From<&str> for Free {
        fn from(value: &str) -> Self {
            Self::Text(value.to_owned())
        }
    }
    client::choice! {
        /// A label for usage reports.
        pub enum TagTag {
            A = "a",
            B = "b",
        }
    }
    client::request! {
        /// What `half_tagged_tag` holds.
        pub struct Tag {
            /// A label for usage reports: `a` or `b`.
            pub tag: TagTag,
        }
    }
    client::choice! {
        /// A label for usage reports.
        pub enum HalfTaggedOtherTag {
            C = "c",
        }
    }
    client::request! {
        /// What `half_tagged_other` holds.
        pub struct HalfTaggedOther {
            /// `other`: text.
            into other: String,
            /// A label for usage reports: `c`.
            only tag: HalfTaggedOtherTag = HalfTaggedOtherTag::C,
        }
    }
    client::union! {
        /// What `half_tagged` holds.
        pub enum HalfTagged: From {
            /// With `tag`.
            Tag(Tag) = Keys(&["tag"]),
            /// With `other` and `tag`.
            Other(HalfTaggedOther) = Keys(&["other", "tag"]),
        }
    }
    client::request! {
        /// What `data_item` holds.
        #[derive(Default)]
        pub struct Data {
            /// `datum`: text.
            into datum?: String,
        }
    }
    client::request! {
        /// What `entry` holds.
        #[derive(Default)]
        pub struct RequestList {
            /// One vector of numbers for each text, in the order they were sent: a list.
            into data?: Vec<Data>,
        }
    }
    client::union! {
        /// What `lists` holds.
        pub enum Lists: From {
            /// JSON: array.
            List(Vec<String>) = List,
            /// JSON: array.
            ListList(Vec<i64>) = List,
            /// JSON: array.
            ListObject(Vec<f64>) = List,
            /// JSON: array.
            ListText(Vec<bool>) = List,
            /// JSON: array.
            ListValue(Vec<Vec<String>>) = List,
            /// JSON: array.
            ListValueAlso(Vec<::serde_json::Map<String, ::serde_json::Value>>) = List,
            /// JSON: array.
            ListValueAlsoAlso(Vec<Vec<i64>>) = List,
        }
    }
    client::request! {
        /// What `loose_left` holds.
        #[derive(Default)]
        pub struct Left {
            /// `both`: text.
            into both?: String,
            /// `left`: text.
            into left?: String,
        }
    }
    client::request! {
        /// What `loose_right` holds.
        #[derive(Default)]
        pub struct Right {
            /// `both`: text.
            into both?: String,
            /// `right`: text.
            into right?: String,
        }
    }
    client::union! {
        /// What `loose` holds.
        pub enum Loose: From {
            /// With `left`.
            Left(Left) = AnyKey(&["left"]),
            /// With `right`.
            Right(Right) = AnyKey(&["right"]),
        }
    }
    client::choice! {
        /// A label for usage reports.
        pub enum LooseTagObjectTag {
            A = "a",
        }
    }
    client::request! {
        /// What `loose_tag_object` holds.
        #[derive(Default)]
        pub struct LooseTagObject {
            /// A label for usage reports: `a`.
            pub tag?: LooseTagObjectTag,
        }
    }
    client::choice! {
        /// A label for usage reports.
        pub enum LooseTagRightTag {
            B = "b",
        }
    }
    client::request! {
        /// What `loose_tag_right` holds.
        pub struct LooseTagRight {
            /// `right`: text.
            into right: String,
            /// A label for usage reports: `b`.
            only tag: LooseTagRightTag = LooseTagRightTag::B,
        }
    }
    client::union! {
        /// What `loose_tag` holds.
        pub enum LooseTag: From {
            /// JSON: object.
            Object(LooseTagObject) = Object,
            /// With `right` and `tag`.
            Right(LooseTagRight) = Keys(&["right", "tag"]),
        }
    }
    client::choice! {
        /// What `many` holds.
        pub enum Many {
            Worda = "worda",
            Wordb = "wordb",
            Wordc = "wordc",
            Wordd = "wordd",
            Worde = "worde",
            Wordf = "wordf",
            Wordg = "wordg",
            Wordh = "wordh",
            Wordi = "wordi",
            Wordj = "wordj",
            Wordk = "wordk",
            Wordl = "wordl",
            Wordm = "wordm",
            Wordn = "wordn",
        }
    }
    client::union! {
        /// What `inner` holds.
        pub enum NestedItem: From {
            /// JSON: string.
            Text(String) = Text,
            /// JSON: number.
            Number(f64) = Number,
        }
    }
    impl From<&str> for NestedItem {
        fn from(value: &str) -> Self {
            Self::Text(value.to_owned())
        }
    }
    client::request! {
        /// What `nested_object` holds.
        pub struct NestedObject {
            /// `inner`: text, or a number.
            into inner: NestedItem,
        }
    }
    client::union! {
        /// What `nested` holds.
        pub enum Nested: From {
            /// JSON: object.
            Object(NestedObject) = Object,
            /// JSON: array.
            List(Vec<NestedItem>) = List,
        }
    }
    client::union! {
        /// What `patterns` holds.
        pub enum Patterns {
            /// JSON: string.
            Word(String) = Text,
            /// JSON: string.
            Line(String) = Text,
            /// JSON: number.
            Number(f64) = Number,
        }
    }
    impl From<f64> for Patterns {
        fn from(value: f64) -> Self {
            Self::Number(value)
        }
    }
    client::union! {
        /// What `place_or_places` holds.
        pub enum PlaceOrPlaces: From {
            /// JSON: object.
            Object(Place) = Object,
            /// JSON: array.
            List(Vec<Place>) = List,
        }
    }
    client::request! {
        /// What `ranked_object` holds.
        pub struct RankedObject {
            /// `gold`: text.
            into gold: String,
        }
    }
    client::request! {
        /// What `ranked_list` holds.
        #[derive(Default)]
        pub struct RankedItem {
            /// `silver`: text.
            into silver?: String,
        }
    }
    client::union! {
        /// What `ranked` holds.
        pub enum Ranked: From {
            /// JSON: object.
            Object(RankedObject) = Object,
            /// JSON: array.
            List(Vec<RankedItem>) = List,
        }
    }
    client::request! {
        /// What `same_object_list` holds.
        #[derive(Default)]
        pub struct ObjectList {
            /// `both`: a whole number.
            into both?: i64,
        }
    }
    client::union! {
        /// What `same` holds.
        pub enum Same: From {
            /// JSON: object.
            Object(AlikeObject) = Object,
            /// JSON: object.
            ObjectList(ObjectList) = Object,
        }
    }
    client::request! {
        /// What `same_tag_left` holds.
        pub struct SameTagLeft {
            /// `left`: text.
            into left: String,
            /// A label for usage reports: `a`.
            only tag: LooseTagObjectTag = LooseTagObjectTag::A,
        }
    }
    client::request! {
        /// What `same_tag_right` holds.
        pub struct SameTagRight {
            /// `right`: text.
            into right: String,
            /// A label for usage reports: `a`.
            only tag: LooseTagObjectTag = LooseTagObjectTag::A,
        }
    }
    client::union! {
        /// What `same_tag` holds.
        pub enum SameTag: From {
            /// With `left` and `tag`.
            Left(SameTagLeft) = Keys(&["left", "tag"]),
            /// With `right` and `tag`.
            Right(SameTagRight) = Keys(&["right", "tag"]),
        }
    }
    client::choice! {
        /// What `sign` holds.
        pub enum Sign {
            Plus = "+",
            Minus = "-",
            Empty = "",
            SelfValue = "self",
            Unknown2 = "Unknown",
            Unknown3 = "unknown",
            Value3d = "3d",
            AB = "a b",
            AB2 = "A-B",
        }
    }
    client::choice! {
        /// What `sole` holds.
        pub enum Sole {
            X = "x",
        }
    }
    client::choice! {
        /// What `kind` holds.
        pub enum Kind {
            Spot = "spot",
        }
    }
    client::request! {
        /// What `spot` holds.
        pub struct Spot, closed {
            /// `kind`: `spot`.
            only kind: Kind = Kind::Spot,
            /// `x`: a number.
            into x: f64,
            /// Name of the class: text.
            into label?: String,
            /// `y`: a number from 0 to 1.
            pub y?: client::Number<0, 1000>,
        }
    }
    client::choice! {
        /// What `state` holds.
        pub enum State {
            Up = "up",
            Down = "down",
        }
    }
    client::request! {
        /// What `string` holds.
        pub struct RequestString {
            /// `vec`: text.
            into vec: String,
        }
    }
    client::request! {
        /// What `stuff` holds.
        #[derive(Default)]
        pub struct Stuff {
            /// `size`: a whole number.
            into size?: i64,
        }
    }
    client::choice! {
        /// What `type` holds.
        pub enum PictureType {
            Picture = "picture",
        }
    }
    client::request! {
        /// What `tagged_picture` holds.
        pub struct Picture {
            /// `type`: `picture`.
            #[wire = "type"]
            only type_: PictureType = PictureType::Picture,
            /// `url`: text.
            into url: String,
        }
    }
    client::choice! {
        /// What `type` holds.
        pub enum SoundType {
            Sound = "sound",
        }
    }
    client::request! {
        /// What `tagged_sound` holds.
        pub struct Sound {
            /// `type`: `sound`.
            #[wire = "type"]
            only type_: SoundType = SoundType::Sound,
            /// `seconds`: a whole number.
            into seconds?: i64,
        }
    }
    client::union! {
        /// What `tagged` holds.
        pub enum Tagged: From {
            /// Where `type` is `picture`.
            Picture(Picture) = Tag("type", "picture"),
            /// Where `type` is `sound`.
            Sound(Sound) = Tag("type", "sound"),
        }
    }
    client::union! {
        /// What `text_or_numbers` holds.
        pub enum TextOrNumbers: From {
            /// JSON: string.
            Text(String) = Text,
            /// JSON: array.
            List(Vec<i64>) = List,
        }
    }
    impl From<&str> for TextOrNumbers {
        fn from(value: &str) -> Self {
            Self::Text(value.to_owned())
        }
    }
    client::union! {
        /// What `twins` holds.
        pub enum Twins: From {
            /// JSON: string.
            ShortText(String) = Text,
            /// JSON: object.
            Object(::serde_json::Map<String, ::serde_json::Value>) = Object,
        }
    }
    impl From<&str> for Twins {
        fn from(value: &str) -> Self {
            Self::ShortText(value.to_owned())
        }
    }
    client::request! {
        /// What the model is asked.
        pub struct Request {
            /// What to write about, draw or say: text, not empty.
            into prompt: client::Text<1>,
            /// The texts to compare with the query: a list of 1 to 4 items.
            into contexts: client::List<String, 1, 4>,
            /// `audience`: `all` or `some`.
            pub audience: Audience,
            /// `fixed`: `only this`.
            only fixed: Fixed = Fixed::OnlyThis,
            /// `place`: an object.
            into place: Place,
            /// `zeal`: a whole number from 0 to 9.
            pub zeal: client::Integer<0, 9>,
            /// `3d`: text.
            #[wire = "3d"]
            into field3d?: String,
            /// `4th`: `p` or `q`.
            #[wire = "4th"]
            pub field4th?: RequestField,
            /// `_`: text.
            #[wire = "_"]
            into field?: String,
            /// `a-b`: text.
            #[wire = "a-b"]
            into a_b?: String,
            /// `a_b`: text.
            #[wire = "a_b"]
            into a_b_2?: String,
            /// `alike`: an object, or text.
            into alike?: Alike,
            /// `anything`: any JSON.
            into anything?: ::serde_json::Value,
            /// `at_least`: a whole number of at least 3.
            pub at_least?: client::Integer<3>,
            /// `at_most`: a whole number of at most -3.
            pub at_most?: client::Integer<{ i64::MIN }, -3>,
            /// The sound to work on, or how spoken output should sound: text.
            into audio?: client::Base64,
            /// `below`: a number of at most 0.5.
            pub below?: client::Number<{ i64::MIN }, 500>,
            /// `between`: text of 2 to 8 characters.
            into between?: client::Text<2, 8>,
            /// `bytes`: bytes.
            into bytes?: client::ByteArray,
            /// `contents`: a list.
            into contents?: Vec<Content>,
            /// `either`: an object, or an object, or text, or a number, or true or false, or a list.
            into either?: Either,
            /// `eithers`: a list, not empty.
            into eithers?: client::List<RequestEither, 1>,
            /// `encoded`: text.
            into encoded?: client::Base64,
            /// `entries`: a list.
            into entries?: Vec<Entry>,
            /// `everything`: a whole number of at least 1.
            pub everything?: client::Integer<1>,
            /// `finer`: a number of at least 0.0001.
            into finer?: f64,
            /// `format`: an object.
            into format?: RequestFormat,
            /// `free`: text, or any JSON.
            into free?: Free,
            /// `gen`: true or false.
            #[wire = "gen"]
            pub gen_?: bool,
            /// `half_tagged`: an object, or an object.
            into half_tagged?: HalfTagged,
            /// A picture to work from, smaller than 512 by 512 pixels: text.
            into input_image_0?: String,
            /// `list`: a list.
            into list?: Vec<RequestList>,
            /// `lists`: a list, or a list, or a list, or a list, or a list, or a list, or a list.
            into lists?: Lists,
            /// `long`: text of at least 2 characters.
            into long?: client::Text<2>,
            /// `loose`: an object, or an object.
            into loose?: Loose,
            /// `loose_tag`: an object, or an object.
            into loose_tag?: LooseTag,
            /// `many`: `worda`, `wordb`, `wordc`, `wordd`, `worde`, `wordf`, `wordg`, `wordh`, `wordi`, `wordj`, `wordk`, `wordl` or 2 more.
            pub many?: Many,
            /// Which parts of the image to repaint: text.
            into mask?: client::Base64,
            /// Name: text.
            into name?: String,
            /// `nested`: an object, or a list.
            into nested?: Nested,
            /// `new`: a whole number.
            #[wire = "new"]
            into new_?: i64,
            /// `number_3`: a number.
            into number_3?: f64,
            /// `numbers`: a list.
            into numbers?: Vec<i64>,
            /// `options`: an object.
            into options?: ::serde_json::Map<String, ::serde_json::Value>,
            /// `patterns`: text, or text, or a number.
            into patterns?: Patterns,
            /// `picture`: bytes.
            into picture?: client::ByteArray,
            /// `place_or_places`: an object, or a list.
            into place_or_places?: PlaceOrPlaces,
            /// `plain`: a number.
            into plain?: f64,
            /// Points that were found, as fractions of width and height: a list.
            into points?: Vec<Place>,
            /// `ranked`: an object, or a list.
            into ranked?: Ranked,
            /// `raw_json`: an object.
            into raw_json?: ::serde_json::Map<String, ::serde_json::Value>,
            /// `request`: a whole number of at least 1.
            pub request?: client::Integer<1>,
            /// `same`: an object, or an object.
            into same?: Same,
            /// `same_tag`: an object, or an object.
            into same_tag?: SameTag,
            /// `settled`: only true.
            pub settled?: client::Always<true>,
            /// `share`: a number from 0 to 1.
            pub share?: client::Number<0, 1000>,
            /// `short`: text of at most 8 characters.
            into short?: client::Text<0, 8>,
            /// `sign`: `+`, `-`, ``, `self`, `Unknown`, `unknown`, `3d`, `a b` or `A-B`.
            pub sign?: Sign,
            /// `sole`: `x`.
            pub sole?: Sole,
            /// `spots`: a list of at least 2 items.
            into spots?: client::List<Spot, 2>,
            /// `states`: a list.
            into states?: Vec<State>,
            /// `stories`: a list of at most 3 items.
            into stories?: client::List<client::Text<1>, 0, 3>,
            /// `string`: an object.
            into string?: RequestString,
            /// `stuff`: a list.
            into stuff?: Vec<Stuff>,
            /// `switch`: true or false.
            pub switch?: bool,
            /// `table`: an object.
            into table?: ::std::collections::BTreeMap<String, f64>,
            /// `tagged`: an object, or an object.
            into tagged?: Tagged,
            /// `tags`: a list.
            into tags?: Vec<String>,
            /// `text_or_numbers`: text, or a list.
            into text_or_numbers?: TextOrNumbers,
            /// `text_or_texts`: text, not empty, or a list of at most 5 items.
            into text_or_texts?: client::OneOrMany<client::Text<1>, client::List<client::Text<1>, 0, 5>>,
            /// `twins`: text, or an object.
            into twins?: Twins,
            /// `type`: text.
            #[wire = "type"]
            into type_?: String,
            /// `whole`: a whole number.
            into whole?: i64,
        }
    }
    impl client::Request for Request {
        fn encode(&self) -> Result<client::Encoded, client::Invalid> {
            client::Encoded::json(self)?.with("stream", false)
        }
    }
    client::choice! {
        /// What `audience` holds.
        pub enum ReplyAudience {
            All = "all",
            Some = "some",
            ..
        }
    }
    client::reply! {
        /// What `either_object` holds.
        pub struct ReplyEitherObject {
            /// Name.
            pub name: String,
        }
    }
    client::union! {
        /// What `either` holds.
        pub enum ReplyEither {
            /// JSON: object.
            Object(ReplyEitherObject) = Object,
            /// JSON: string.
            Text(String) = Text,
            ..
        }
    }
    client::reply! {
        /// What `content_item` holds.
        pub struct ItemDataContent {
            /// How many answers to write.
            pub n?: i64,
        }
    }
    client::reply! {
        /// What `data_item` holds.
        pub struct ItemData {
            /// `content` as answered.
            pub content: Vec<ItemDataContent>,
        }
    }
    client::reply! {
        /// What `item` holds.
        pub struct Item {
            /// One vector of numbers for each text, in the order they were sent.
            pub data: Vec<ItemData>,
        }
    }
    client::choice! {
        /// Which variant to use.
        pub enum ReplyPlaceMode {
            Near = "near",
            Far = "far",
            ..
        }
    }
    client::reply! {
        /// What `place` holds.
        pub struct ReplyPlace {
            /// Which variant to use.
            pub mode?: ReplyPlaceMode,
            /// `x` as answered.
            pub x?: i64,
            /// `y` as answered.
            pub y?: i64,
        }
    }
    client::reply! {
        /// What the call used.
        pub struct Usage {
            /// `tokens` as answered.
            pub tokens?: i64,
        }
    }
    client::reply! {
        /// What the model answers.
        pub struct Reply as Reply {
            /// `3d` as answered.
            #[wire = "3d"]
            pub field3d?: String,
            /// `audience` as answered.
            pub audience?: ReplyAudience,
            /// `either` as answered.
            pub either?: ReplyEither,
            /// `items` as answered.
            pub items: Vec<Item>,
            /// `list` as answered.
            pub list: Vec<String>,
            /// `maybe` as answered.
            pub maybe?: String,
            /// `place` as answered.
            pub place?: ReplyPlace,
            /// What the model answered.
            pub response: String,
            /// `sure` as answered.
            pub sure?: bool,
            /// What the call used.
            pub usage?: Usage,
        }
    }
    client::reply! {
        /// One piece of a streamed answer.
        pub struct Chunk as Chunk {
            /// `code` as answered.
            pub code?: ::house::Code,
            /// `delta` as answered.
            pub delta?: String,
            /// `list` as answered.
            pub list: Vec<String>,
            /// `place` as answered.
            pub place?: ReplyPlace,
            /// The word.
            pub word: String,
        }
    }
}
/// `@acme/hearer`: house models.
///
/// ```no_run
/// use house::models::{hearer, prelude::*};
///
/// # async fn example(client: workers_ai_client::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let request = hearer::Request::new(std::fs::read("speech.mp3")?, 1u64);
/// let reply = client.house_models().hearer(request).await?;
/// println!("{reply:?}");
/// # Ok(())
/// # }
/// ```
///
/// | parameter | takes | default |
/// |---|---|---|
/// | `audio` (required) | a list |  |
/// | `mode` | `fast` or `good` |  |
/// | `rate` (required) | a whole number |  |
pub mod hearer {
    use ::workers_ai_client as client;
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@acme/hearer";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info {
        flags: client::Flags {
            realtime: true,
            ..client::Flags::NONE
        },
        ..client::Info::new(ID, "House Models", "2026-01")
    };
    /// Names `@acme/hearer` where a type is wanted.
    #[derive(Clone, Copy, Debug)]
    pub struct Hearer;
    impl client::Model for Hearer {
        const INFO: &'static client::Info = &INFO;
        type Request = Request;
        type Reply = Reply;
    }
    #[diagnostic::do_not_recommend]
    impl client::Connects for Hearer {
        type Sent = crate::Command;
        type Received = ::house::Event;
        const CONTENT: Option<&'static str> = Some("audio");
    }
    #[doc(inline)]
    pub use super::chooser::Reply;
    client::choice! {
        /// Which variant to use.
        pub enum RequestMode {
            Fast = "fast",
            Good = "good",
        }
    }
    client::request! {
        /// What the model is asked.
        pub struct Request {
            /// The sound to work on, or how spoken output should sound: a list.
            body audio: client::Media,
            /// `rate`: a whole number.
            into rate: client::Digits,
            /// Which variant to use: `fast` or `good`.
            pub mode?: RequestMode,
        }
    }
    impl client::Request for Request {
        fn encode(&self) -> Result<client::Encoded, client::Invalid> {
            client::Encoded::raw(self.audio.bytes(), Some(self.audio.content_type()))
                .with_query(self)
        }
    }
}
/// `@acme/interpreter`: house models.
///
/// ```no_run
/// use house::models::{interpreter, prelude::*};
///
/// # async fn example(client: workers_ai_client::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let request = interpreter::Request::new(std::fs::read("speech.mp3")?, "en")
///     .speaker("Good morning!");
/// let reply = client.house_models().interpreter(request).await?;
/// println!("{reply:?}");
/// # Ok(())
/// # }
/// ```
///
/// | parameter | takes | default |
/// |---|---|---|
/// | `audio` (required) | bytes |  |
/// | `language` (required) | text |  |
/// | `speaker` | text |  |
pub mod interpreter {
    use ::workers_ai_client as client;
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@acme/interpreter";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info::new(ID, "House Models", "2026-01");
    /// Names `@acme/interpreter` where a type is wanted.
    #[derive(Clone, Copy, Debug)]
    pub struct Interpreter;
    impl client::Model for Interpreter {
        const INFO: &'static client::Info = &INFO;
        type Request = Request;
        type Reply = Reply;
    }
    #[doc(inline)]
    pub use super::chooser::Reply as Words;
    client::request! {
        /// What the model is asked.
        pub struct Request {
            /// The sound to work on, or how spoken output should sound: bytes.
            into audio: client::ByteArray,
            /// Language, as a code such as `en`: text.
            into language: String,
            /// The voice that speaks: text.
            into speaker?: String,
        }
    }
    impl client::Request for Request {
        fn encode(&self) -> Result<client::Encoded, client::Invalid> {
            client::Encoded::json(self)
        }
    }
    client::reply! {
        /// What `silence` holds.
        pub struct Silence {
            /// `seconds` as answered.
            pub seconds?: f64,
        }
    }
    client::union! {
        /// What the model answers.
        pub enum Reply as Reply {
            /// With `text`.
            Words(Words) = AnyKey(&["text"]),
            /// With `seconds`.
            Silence(Silence) = AnyKey(&["seconds"]),
            ..
        }
    }
}
/// `@acme/judge`: house models.
///
/// ```no_run
/// use house::models::{Message, lit, judge, prelude::*};
///
/// # async fn example(client: workers_ai_client::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let request = judge::Request::new([Message::user("Why is the sky blue?")])
///     .temperature(lit!(judge::Temperature, 0.6));
/// let reply = client.house_models().judge(request).await?;
/// println!("{reply:?}");
/// # Ok(())
/// # }
/// ```
///
/// | parameter | takes | default |
/// |---|---|---|
/// | `max_tokens` | a whole number | `256` |
/// | `messages` (required) | a list |  |
/// | `response_format` | an object |  |
/// | `seed` | a whole number |  |
/// | `temperature` | a number from 0 to 5 | `0.6` |
/// | `top_k` | a whole number | `2` |
pub mod judge {
    use ::workers_ai_client as client;
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@acme/judge";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info::new(ID, "House Models", "2026-01");
    /// Names `@acme/judge` where a type is wanted.
    #[derive(Clone, Copy, Debug)]
    pub struct Judge;
    impl client::Model for Judge {
        const INFO: &'static client::Info = &INFO;
        type Request = Request;
        type Reply = Reply;
    }
    /// `temperature`: a number from 0 to 5. The service's default is `0.6`.
    pub type Temperature = client::Number<0, 5000>;
    client::request! {
        /// What the model is asked.
        pub struct Request as json {
            /// The conversation so far: a list.
            into messages: crate::Messages<crate::Text, crate::Guard>,
            /// Most tokens to write: a whole number.
            into max_tokens?: i64,
            /// Ask for JSON, perhaps by a schema: an object.
            into response_format?: ::serde_json::Map<String, ::serde_json::Value>,
            /// Starts the random choices, so that a call can be repeated: a whole number.
            into seed?: i64,
            /// Randomness: low repeats itself, high surprises: a number from 0 to 5.
            pub temperature?: client::Number<0, 5000>,
            /// Only this many of the likeliest tokens are considered: a whole number.
            into top_k?: i64,
        }
    }
    client::reply! {
        /// What the model answers.
        pub struct Reply as Reply {
            /// Whether the conversation is safe.
            pub safe?: bool,
        }
    }
}
/// `@acme/looker`: house models.
///
/// ```no_run
/// use house::models::{looker, prelude::*};
///
/// # async fn example(client: workers_ai_client::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let request = looker::Request::new(std::fs::read("picture.png")?);
/// let reply = client.house_models().looker(request).await?;
/// reply.save(format!("reply.{}", reply.extension()))?;
/// # Ok(())
/// # }
/// ```
///
/// | parameter | takes | default |
/// |---|---|---|
/// | `image` (required) | bytes |  |
pub mod looker {
    use ::workers_ai_client as client;
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@acme/looker";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info::new(ID, "House Models", "2026-01");
    /// Names `@acme/looker` where a type is wanted.
    #[derive(Clone, Copy, Debug)]
    pub struct Looker;
    impl client::Model for Looker {
        const INFO: &'static client::Info = &INFO;
        type Request = Request;
        type Reply = client::Media;
    }
    /// What the model answers.
    pub type Reply = client::Media;
    client::request! {
        /// What the model is asked.
        pub struct Request {
            /// The image to start from or to look at: bytes.
            into image: client::ByteArray,
        }
    }
    impl client::Request for Request {
        fn encode(&self) -> Result<client::Encoded, client::Invalid> {
            Ok(client::Encoded::raw(self.image.bytes(), None))
        }
    }
}
/// `@acme/painter`: house models.
///
/// 10 requests a minute.
///
/// ```no_run
/// use house::models::{lit, painter, prelude::*};
///
/// # async fn example(client: workers_ai_client::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let request = painter::Request::new("Why is the sky blue?")
///     .width(lit!(painter::Width, 1024));
/// let reply = client.house_models().painter(request).await?;
/// reply.save(format!("reply.{}", reply.extension()))?;
/// # Ok(())
/// # }
/// ```
///
/// | parameter | takes | default |
/// |---|---|---|
/// | `audio` | text |  |
/// | `input_image` | text |  |
/// | `mask` | text |  |
/// | `prompt` (required) | text |  |
/// | `width` | a whole number from 256 to 1920 | `1024` |
pub mod painter {
    use ::workers_ai_client as client;
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@acme/painter";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info {
        requests_per_minute: Some(10),
        flags: client::Flags {
            async_queue: true,
            partner: true,
            ..client::Flags::NONE
        },
        ..client::Info::new(ID, "House Models", "2026-01")
    };
    /// Names `@acme/painter` where a type is wanted.
    #[derive(Clone, Copy, Debug)]
    pub struct Painter;
    impl client::Model for Painter {
        const INFO: &'static client::Info = &INFO;
        type Request = Request;
        type Reply = client::Media;
    }
    /// What the model answers.
    pub type Reply = client::Media;
    /// `width`: a whole number from 256 to 1920. The service's default is `1024`.
    pub type Width = client::Integer<256, 1920>;
    client::request! {
        /// What the model is asked.
        pub struct Request {
            /// What to write about, draw or say: text.
            into prompt: String,
            /// The sound to work on, or how spoken output should sound: text.
            into audio?: client::Media,
            /// A picture to work from, smaller than 512 by 512 pixels: text.
            into input_image?: client::Media,
            /// Which parts of the image to repaint: text.
            into mask?: client::Media,
            /// Width of the image in pixels: a whole number from 256 to 1920.
            pub width?: client::Integer<256, 1920>,
        }
    }
    impl client::Request for Request {
        fn encode(&self) -> Result<client::Encoded, client::Invalid> {
            client::Encoded::multipart()
                .file("audio", &self.audio)
                .file("input_image", &self.input_image)
                .file("mask", &self.mask)
                .field("prompt", &self.prompt)
                .field("width", &self.width)
                .finish()
        }
    }
}
/// `@acme/reader`: house models.
///
/// ```no_run
/// use house::models::{reader, prelude::*};
///
/// # async fn example(client: workers_ai_client::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let request = reader::Request::text("Good morning!");
/// let reply = client.house_models().reader(request).await?;
/// println!("{reply:?}");
/// # Ok(())
/// # }
/// ```
///
/// | parameter | form | takes | default |
/// |---|---|---|---|
/// | `depth` | text, url | a whole number |  |
/// | `text` (required) | text | text |  |
/// | `url` (required) | url | text |  |
pub mod reader {
    use ::workers_ai_client as client;
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@acme/reader";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info {
        flags: client::Flags {
            async_queue: true,
            ..client::Flags::NONE
        },
        ..client::Info::new(ID, "House Models", "2026-01")
    };
    /// Names `@acme/reader` where a type is wanted.
    #[derive(Clone, Copy, Debug)]
    pub struct Reader;
    impl client::Model for Reader {
        const INFO: &'static client::Info = &INFO;
        type Request = Request;
        type Reply = Vec<ReplyItem>;
    }
    #[diagnostic::do_not_recommend]
    impl client::Queues for Reader {
        type Item = Request;
    }
    /// What the model answers.
    pub type Reply = Vec<ReplyItem>;
    client::request! {
        /// What the model is asked, as `text`.
        pub struct TextRequest as json {
            /// The text to work on: text.
            into text: String,
            /// `depth`: a whole number.
            into depth?: i64,
        }
    }
    client::request! {
        /// What the model is asked, as `url`.
        pub struct UrlRequest as json {
            /// `url`: text.
            into url: String,
            /// `depth`: a whole number.
            into depth?: i64,
        }
    }
    client::union! {
        /// What the model is asked, in any of its forms.
        ///
        /// Each form has a constructor:
        ///
        /// - [`Request::text`], with `text`
        /// - [`Request::url`], with `url`
        ///
        /// ```no_run
        /// use house::models::reader;
        ///
        /// # fn example() -> Result<(), Box<dyn std::error::Error>> {
        /// let text = reader::Request::text("Good morning!");
        /// let url = reader::Request::url("Good morning!");
        /// # Ok(())
        /// # }
        /// ```
        pub enum Request as Request: From {
            /// With `text`.
            Text(TextRequest) = Keys(&["text"]),
            /// With `url`.
            Url(UrlRequest) = Keys(&["url"]),
        }
        impl Request {
            fn text(text: impl Into<String>) -> TextRequest;
            fn url(url: impl Into<String>) -> UrlRequest;
        }
    }
    client::reply! {
        /// What `reply_item` holds.
        pub struct ReplyItem {
            /// Name of the class.
            pub label: String,
            /// Score; higher fits better.
            pub score?: f64,
        }
    }
}
/// `@acme/talker`: house models.
///
/// ```no_run
/// use house::models::{Message, lit, talker, prelude::*};
///
/// # async fn example(client: workers_ai_client::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let request = talker::Request::messages([
///         Message::system("Answer in one sentence."),
///         Message::user("Why is the sky blue?"),
///     ])
///     .temperature(lit!(talker::Temperature, 0.6));
/// let reply = client.house_models().talker(request).await?;
/// println!("{}", reply.text());
/// # Ok(())
/// # }
/// ```
///
/// | parameter | form | takes | default |
/// |---|---|---|---|
/// | `lora` | messages, prompt | text |  |
/// | `max_tokens` | messages | a whole number | `256` |
/// | `messages` (required) | messages | a list |  |
/// | `response_format` | messages, prompt | an object |  |
/// | `seed` | messages | a whole number |  |
/// | `temperature` | messages, prompt | a number from 0 to 5 | `0.6` |
/// | `tool_choice` | messages | text |  |
/// | `tools` | messages | a list |  |
/// | `top_k` | messages | a whole number | `2` |
/// | `prompt` (required) | prompt | text, not empty |  |
/// | `raw` | prompt | true or false |  |
/// | `seed` | prompt | a whole number of at least 1 |  |
/// | `top_k` | prompt | a whole number | `1` |
pub mod talker {
    use ::workers_ai_client as client;
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@acme/talker";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info {
        flags: client::Flags {
            async_queue: true,
            function_calling: true,
            ..client::Flags::NONE
        },
        ..client::Info::new(ID, "House Models", "2026-01")
    };
    /// Names `@acme/talker` where a type is wanted.
    #[derive(Clone, Copy, Debug)]
    pub struct Talker;
    impl client::Model for Talker {
        const INFO: &'static client::Info = &INFO;
        type Request = Request;
        type Reply = crate::Reply;
    }
    #[diagnostic::do_not_recommend]
    impl client::Streams for Talker {
        type Chunk = crate::Chunk;
    }
    #[diagnostic::do_not_recommend]
    impl client::Queues for Talker {
        type Item = PromptRequest;
    }
    /// What the model answers.
    pub type Reply = crate::Reply;
    /// One piece of a streamed answer.
    pub type Chunk = crate::Chunk;
    /// `prompt`: text, not empty.
    pub type Prompt = client::Text<1>;
    /// `seed`: a whole number of at least 1.
    pub type Seed = client::Integer<1>;
    /// `temperature`: a number from 0 to 5. The service's default is `0.6`.
    pub type Temperature = client::Number<0, 5000>;
    client::request! {
        /// What the model is asked, as `messages`.
        pub struct MessagesRequest as json {
            /// The conversation so far: a list.
            via into_messages(crate::IntoMessages<crate::Text, crate::Classic>) messages: crate::Messages<crate::Text, crate::Classic>,
            /// Name or id of a LoRA adapter to apply: text.
            into lora?: crate::Lora,
            /// Most tokens to write: a whole number.
            into max_tokens?: i64,
            /// Ask for JSON, perhaps by a schema: an object.
            into response_format?: crate::ResponseFormat<crate::Classic>,
            /// Starts the random choices, so that a call can be repeated: a whole number.
            into seed?: i64,
            /// Randomness: low repeats itself, high surprises: a number from 0 to 5.
            pub temperature?: client::Number<0, 5000>,
            /// Whether and which tool the model must call: text.
            into tool_choice?: crate::ToolChoice,
            /// Tools that the model may call: a list.
            into tools?: crate::Tools<crate::Classic>,
            /// Only this many of the likeliest tokens are considered: a whole number.
            into top_k?: i64,
        }
    }
    client::request! {
        /// What the model is asked, as `prompt`.
        pub struct PromptRequest as json {
            /// What to write about, draw or say: text, not empty.
            into prompt: client::Text<1>,
            /// Name or id of a LoRA adapter to apply: text.
            into lora?: crate::Lora,
            /// Send the prompt as it is, without the chat template: true or false.
            pub raw?: bool,
            /// Ask for JSON, perhaps by a schema: an object.
            into response_format?: crate::ResponseFormat<crate::Classic>,
            /// Starts the random choices, so that a call can be repeated: a whole number of at least 1.
            pub seed?: client::Integer<1>,
            /// Randomness: low repeats itself, high surprises: a number from 0 to 5.
            pub temperature?: client::Number<0, 5000>,
            /// Only this many of the likeliest tokens are considered: a whole number.
            into top_k?: i64,
        }
    }
    client::union! {
        /// What the model is asked, in any of its forms.
        ///
        /// Each form has a constructor:
        ///
        /// - [`Request::messages`], with `messages`
        /// - [`Request::prompt`], with `prompt`
        ///
        /// ```no_run
        /// use house::models::{Message, lit, talker};
        ///
        /// # fn example() -> Result<(), Box<dyn std::error::Error>> {
        /// let messages = talker::Request::messages([
        ///         Message::system("Answer in one sentence."),
        ///         Message::user("Why is the sky blue?"),
        ///     ])
        ///     .temperature(lit!(talker::Temperature, 0.6));
        /// let prompt = talker::Request::prompt("Why is the sky blue?")
        ///     .temperature(lit!(talker::Temperature, 0.6));
        /// # Ok(())
        /// # }
        /// ```
        pub enum Request as Request: From {
            /// With `messages`.
            Messages(MessagesRequest) = Keys(&["messages"]),
            /// With `prompt`.
            Prompt(PromptRequest) = Keys(&["prompt"]),
        }
        impl Request {
            fn messages(messages: impl crate::IntoMessages<crate::Text, crate::Classic>) -> MessagesRequest;
            fn prompt(prompt: impl Into<client::Text<1>>) -> PromptRequest;
        }
    }
}
/// `@acme/talker-3`: house models.
///
/// ```no_run
/// use house::models::{Message, lit, talker_3, prelude::*};
///
/// # async fn example(client: workers_ai_client::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let request = talker_3::Request::messages([
///         Message::system("Answer in one sentence."),
///         Message::user("Why is the sky blue?"),
///     ])
///     .temperature(lit!(talker_3::Temperature, 0.6));
/// let reply = client.house_models().talker_3(request).await?;
/// println!("{}", reply.text());
/// # Ok(())
/// # }
/// ```
///
/// | parameter | form | takes | default |
/// |---|---|---|---|
/// | `lora` | messages, prompt | text |  |
/// | `max_tokens` | messages | a whole number | `256` |
/// | `messages` (required) | messages | a list |  |
/// | `response_format` | messages, prompt | an object |  |
/// | `seed` | messages | a whole number |  |
/// | `temperature` | messages, prompt | a number from 0 to 5 | `0.6` |
/// | `tool_choice` | messages | text |  |
/// | `tools` | messages | a list |  |
/// | `top_k` | messages | a whole number | `2` |
/// | `prompt` (required) | prompt | text, not empty |  |
/// | `raw` | prompt | true or false |  |
/// | `seed` | prompt | a whole number of at least 1 |  |
/// | `top_k` | prompt | a whole number | `1` |
pub mod talker_3 {
    use ::workers_ai_client as client;
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@acme/talker-3";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info::new(ID, "House Models", "2026-01");
    /// Names `@acme/talker-3` where a type is wanted.
    #[derive(Clone, Copy, Debug)]
    pub struct Talker3;
    impl client::Model for Talker3 {
        const INFO: &'static client::Info = &INFO;
        type Request = Request;
        type Reply = crate::Reply;
    }
    #[diagnostic::do_not_recommend]
    impl client::Streams for Talker3 {
        type Chunk = crate::Chunk;
    }
    /// What the model answers.
    pub type Reply = crate::Reply;
    /// One piece of a streamed answer.
    pub type Chunk = crate::Chunk;
    /// `prompt`: text, not empty.
    pub type Prompt = client::Text<1>;
    /// `seed`: a whole number of at least 1.
    pub type Seed = client::Integer<1>;
    /// `temperature`: a number from 0 to 5. The service's default is `0.6`.
    pub type Temperature = client::Number<0, 5000>;
    #[doc(inline)]
    pub use super::talker::{MessagesRequest, PromptRequest, Request};
}
/// `@acme/teller`: house models.
///
/// ```no_run
/// use house::models::{Message, lit, teller, prelude::*};
///
/// # async fn example(client: workers_ai_client::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let request = teller::Request::new([
///         Message::system("Answer in one sentence."),
///         Message::user("Why is the sky blue?"),
///     ])
///     .temperature(lit!(teller::Temperature, 0.6));
/// let reply = client.house_models().teller(request).await?;
/// println!("{}", reply.text());
/// # Ok(())
/// # }
/// ```
///
/// | parameter | takes | default |
/// |---|---|---|
/// | `max_tokens` | a whole number | `256` |
/// | `messages` (required) | a list |  |
/// | `temperature` | a number from 0 to 5 | `0.6` |
pub mod teller {
    use ::workers_ai_client as client;
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@acme/teller";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info::new(ID, "House Models", "2026-01");
    /// Names `@acme/teller` where a type is wanted.
    #[derive(Clone, Copy, Debug)]
    pub struct Teller;
    impl client::Model for Teller {
        const INFO: &'static client::Info = &INFO;
        type Request = Request;
        type Reply = crate::Reply;
    }
    /// What the model answers.
    pub type Reply = crate::Reply;
    /// `temperature`: a number from 0 to 5. The service's default is `0.6`.
    pub type Temperature = client::Number<0, 5000>;
    client::request! {
        /// What the model is asked.
        pub struct Request as json {
            /// The conversation so far: a list.
            into messages: crate::Messages<crate::Text, crate::Plain>,
            /// Most tokens to write: a whole number.
            into max_tokens?: i64,
            /// Randomness: low repeats itself, high surprises: a number from 0 to 5.
            pub temperature?: client::Number<0, 5000>,
        }
    }
}
/// `@acme/vectorist`: house models.
///
/// ```no_run
/// use house::models::{vectorist, prelude::*};
/// use serde_json::json;
///
/// # async fn example(client: workers_ai_client::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let request = serde_json::from_value::<vectorist::Request>(json!({"agreed": true, "text": "Good morning!"}))?;
/// let reply = client.house_models().vectorist(request).await?;
/// println!("{reply:?}");
/// # Ok(())
/// # }
/// ```
///
/// | parameter | takes | default |
/// |---|---|---|
/// | `agreed` (required) | only true |  |
/// | `place` | an object |  |
/// | `text` (required) | text |  |
pub mod vectorist {
    use ::workers_ai_client as client;
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@acme/vectorist";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info {
        flags: client::Flags {
            async_queue: true,
            ..client::Flags::NONE
        },
        ..client::Info::new(ID, "House Models", "2026-01")
    };
    /// Names `@acme/vectorist` where a type is wanted.
    #[derive(Clone, Copy, Debug)]
    pub struct Vectorist;
    impl client::Model for Vectorist {
        const INFO: &'static client::Info = &INFO;
        type Request = Request;
        type Reply = Reply;
    }
    #[diagnostic::do_not_recommend]
    impl client::Queues for Vectorist {
        type Item = Request;
    }
    #[doc(inline)]
    pub use super::embedder::{PlaceMode, Place};
    #[doc(inline)]
    pub use super::everything::ReplyAudience as Chosen;
    client::request! {
        /// What the model is asked.
        pub struct Request as json {
            /// The text to work on: text.
            into text: String,
            /// `agreed`: only true.
            pub agreed: client::Always<true>,
            /// `place`: an object.
            into place?: Place,
        }
    }
    client::reply! {
        /// What the model answers.
        pub struct Reply as ReplyWithVectors {
            /// `chosen` as answered.
            pub chosen?: Chosen,
            /// One vector of numbers for each text, in the order they were sent.
            pub data: client::Vectors,
        }
    }
}
/// `@acme/whisperer`: house models.
///
/// ```no_run
/// use house::models::{Message, lit, whisperer, prelude::*};
///
/// # async fn example(client: workers_ai_client::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let request = whisperer::Request::new([
///         Message::system("Answer in one sentence."),
///         Message::user("Why is the sky blue?"),
///     ])
///     .temperature(lit!(whisperer::Temperature, 0.6));
/// let reply = client.house_models().whisperer(request).await?;
/// println!("{reply:?}");
/// # Ok(())
/// # }
/// ```
///
/// | parameter | takes | default |
/// |---|---|---|
/// | `max_tokens` | a whole number | `256` |
/// | `messages` (required) | a list |  |
/// | `temperature` | a number from 0 to 5 | `0.6` |
pub mod whisperer {
    use ::workers_ai_client as client;
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@acme/whisperer";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info::new(ID, "House Models", "2026-01");
    /// Names `@acme/whisperer` where a type is wanted.
    #[derive(Clone, Copy, Debug)]
    pub struct Whisperer;
    impl client::Model for Whisperer {
        const INFO: &'static client::Info = &INFO;
        type Request = Request;
        type Reply = Reply;
    }
    #[diagnostic::do_not_recommend]
    impl client::Streams for Whisperer {
        type Chunk = crate::Chunk;
    }
    /// One piece of a streamed answer.
    pub type Chunk = crate::Chunk;
    /// `temperature`: a number from 0 to 5. The service's default is `0.6`.
    pub type Temperature = client::Number<0, 5000>;
    #[doc(inline)]
    pub use super::teller::Request;
    client::reply! {
        /// What the model answers.
        pub struct Reply as Reply {
            /// What the model answered.
            pub response?: String,
        }
    }
}
/// `@acme/quiet`: house models.
///
/// ```no_run
/// use house::models::{quiet, prelude::*};
/// use serde_json::json;
///
/// # async fn example(client: workers_ai_client::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let request = serde_json::from_value::<quiet::Request>(json!({"kind": "spot"}))?;
/// let reply = client.house_models().quiet(request).await?;
/// println!("{reply:?}");
/// # Ok(())
/// # }
/// ```
///
/// | parameter | takes | default |
/// |---|---|---|
/// | `kind` (required) | `spot` |  |
/// | `plain` | an object, or an object |  |
/// | `reply` | an object |  |
/// | `spot` | an object |  |
/// | `voices` | text, or a list |  |
/// | `x y` | an object |  |
/// | `x-y` | an object |  |
/// | `xY` | an object |  |
/// | `x_y` | an object |  |
pub mod quiet {
    use ::workers_ai_client as client;
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@acme/quiet";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info::new(ID, "House Models", "2026-02");
    /// Names `@acme/quiet` where a type is wanted.
    #[derive(Clone, Copy, Debug)]
    pub struct Quiet;
    impl client::Model for Quiet {
        const INFO: &'static client::Info = &INFO;
        type Request = Request;
        type Reply = ::serde_json::Value;
    }
    /// What the model answers.
    pub type Reply = ::serde_json::Value;
    #[doc(inline)]
    pub use super::embedder::{PlaceMode as SpotMode, Place as Spot};
    #[doc(inline)]
    pub use super::everything::{Kind, Spot as RequestReply};
    client::union! {
        /// What `plain` holds.
        pub enum Plain: From {
            /// With `kind` and `x`.
            Kind(RequestReply) = Keys(&["kind", "x"]),
            /// With `x` and `y`.
            X(Spot) = Keys(&["x", "y"]),
        }
    }
    client::union! {
        /// What `voices` holds.
        pub enum Voices: From {
            /// JSON: string.
            Text(String) = Text,
            /// JSON: array.
            List(::house::Voices) = List,
        }
    }
    impl From<&str> for Voices {
        fn from(value: &str) -> Self {
            Self::Text(value.to_owned())
        }
    }
    client::request! {
        /// What `xy` holds.
        #[derive(Default)]
        pub struct XY {
            /// `c`: text.
            into c?: String,
        }
    }
    client::request! {
        /// What `xy` holds.
        #[derive(Default)]
        pub struct RequestXY {
            /// `a`: text.
            into a?: String,
        }
    }
    client::request! {
        /// What `xy` holds.
        #[derive(Default)]
        pub struct QuietXY {
            /// `d`: text.
            into d?: String,
        }
    }
    client::request! {
        /// What `xy` holds.
        #[derive(Default)]
        pub struct QuietXYValue {
            /// `b`: text.
            into b?: String,
        }
    }
    client::request! {
        /// What the model is asked.
        pub struct Request as json {
            /// `kind`: `spot`.
            into kind: ::house::Kind,
            /// `plain`: an object, or an object.
            into plain?: Plain,
            /// `reply`: an object.
            into reply?: RequestReply,
            /// `spot`: an object.
            into spot?: Spot,
            /// `voices`: text, or a list.
            into voices?: Voices,
            /// `x y`: an object.
            #[wire = "x y"]
            into x_y?: XY,
            /// `x-y`: an object.
            #[wire = "x-y"]
            into x_y_2?: RequestXY,
            /// `xY`: an object.
            #[wire = "xY"]
            into x_y_3?: QuietXY,
            /// `x_y`: an object.
            #[wire = "x_y"]
            into x_y_4?: QuietXYValue,
        }
    }
}
/// `@acme/talker-2`: house models.
///
/// ```no_run
/// # #![allow(deprecated)]
/// use house::models::{Message, lit, talker_2, prelude::*};
///
/// # async fn example(client: workers_ai_client::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let request = talker_2::Request::messages([
///         Message::system("Answer in one sentence."),
///         Message::user("Why is the sky blue?"),
///     ])
///     .temperature(lit!(talker_2::Temperature, 0.6));
/// let reply = client.house_models().talker_2(request).await?;
/// println!("{}", reply.text());
/// # Ok(())
/// # }
/// ```
///
/// | parameter | form | takes | default |
/// |---|---|---|---|
/// | `lora` | messages, prompt | text |  |
/// | `max_tokens` | messages | a whole number | `256` |
/// | `messages` (required) | messages | a list |  |
/// | `response_format` | messages, prompt | an object |  |
/// | `seed` | messages | a whole number |  |
/// | `temperature` | messages, prompt | a number from 0 to 5 | `0.6` |
/// | `tool_choice` | messages | text |  |
/// | `tools` | messages | a list |  |
/// | `top_k` | messages | a whole number | `2` |
/// | `prompt` (required) | prompt | text, not empty |  |
/// | `raw` | prompt | true or false |  |
/// | `seed` | prompt | a whole number of at least 1 |  |
/// | `top_k` | prompt | a whole number | `1` |
#[deprecated(note = "@acme/talker-2 will be retired on 2027-01-01; use @acme/talker")]
#[allow(deprecated, reason = "its items name each other")]
pub mod talker_2 {
    use ::workers_ai_client as client;
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@acme/talker-2";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info {
        flags: client::Flags {
            reasoning: true,
            ..client::Flags::NONE
        },
        planned_deprecation: Some("2027-01-01"),
        ..client::Info::new(ID, "House Models", "2025-12")
    };
    /// Names `@acme/talker-2` where a type is wanted.
    #[derive(Clone, Copy, Debug)]
    pub struct Talker2;
    impl client::Model for Talker2 {
        const INFO: &'static client::Info = &INFO;
        type Request = Request;
        type Reply = crate::Reply;
    }
    #[diagnostic::do_not_recommend]
    impl client::Streams for Talker2 {
        type Chunk = crate::Chunk;
    }
    /// What the model answers.
    pub type Reply = crate::Reply;
    /// One piece of a streamed answer.
    pub type Chunk = crate::Chunk;
    /// `prompt`: text, not empty.
    pub type Prompt = client::Text<1>;
    /// `seed`: a whole number of at least 1.
    pub type Seed = client::Integer<1>;
    /// `temperature`: a number from 0 to 5. The service's default is `0.6`.
    pub type Temperature = client::Number<0, 5000>;
    client::request! {
        /// What the model is asked, as `messages`.
        pub struct MessagesRequest as json {
            /// The conversation so far: a list.
            via into_messages(crate::IntoMessages<crate::Vision, crate::Strict>) messages: crate::Messages<crate::Vision, crate::Strict>,
            /// Name or id of a LoRA adapter to apply: text.
            into lora?: crate::Lora,
            /// Most tokens to write: a whole number.
            into max_tokens?: i64,
            /// Ask for JSON, perhaps by a schema: an object.
            into response_format?: crate::ResponseFormat<crate::Strict>,
            /// Starts the random choices, so that a call can be repeated: a whole number.
            into seed?: i64,
            /// Randomness: low repeats itself, high surprises: a number from 0 to 5.
            pub temperature?: client::Number<0, 5000>,
            /// Whether and which tool the model must call: text.
            into tool_choice?: crate::ToolChoice,
            /// Tools that the model may call: a list.
            into tools?: crate::Tools<crate::Strict>,
            /// Only this many of the likeliest tokens are considered: a whole number.
            into top_k?: i64,
        }
    }
    client::request! {
        /// What the model is asked, as `prompt`.
        pub struct PromptRequest as json {
            /// What to write about, draw or say: text, not empty.
            into prompt: client::Text<1>,
            /// Name or id of a LoRA adapter to apply: text.
            into lora?: crate::Lora,
            /// Send the prompt as it is, without the chat template: true or false.
            pub raw?: bool,
            /// Ask for JSON, perhaps by a schema: an object.
            into response_format?: crate::ResponseFormat<crate::Strict>,
            /// Starts the random choices, so that a call can be repeated: a whole number of at least 1.
            pub seed?: client::Integer<1>,
            /// Randomness: low repeats itself, high surprises: a number from 0 to 5.
            pub temperature?: client::Number<0, 5000>,
            /// Only this many of the likeliest tokens are considered: a whole number.
            into top_k?: i64,
        }
    }
    client::union! {
        /// What the model is asked, in any of its forms.
        ///
        /// Each form has a constructor:
        ///
        /// - [`Request::messages`], with `messages`
        /// - [`Request::prompt`], with `prompt`
        ///
        /// ```no_run
        /// # #![allow(deprecated)]
        /// use house::models::{Message, lit, talker_2};
        ///
        /// # fn example() -> Result<(), Box<dyn std::error::Error>> {
        /// let messages = talker_2::Request::messages([
        ///         Message::system("Answer in one sentence."),
        ///         Message::user("Why is the sky blue?"),
        ///     ])
        ///     .temperature(lit!(talker_2::Temperature, 0.6));
        /// let prompt = talker_2::Request::prompt("Why is the sky blue?")
        ///     .temperature(lit!(talker_2::Temperature, 0.6));
        /// # Ok(())
        /// # }
        /// ```
        pub enum Request as Request: From {
            /// With `messages`.
            Messages(MessagesRequest) = Keys(&["messages"]),
            /// With `prompt`.
            Prompt(PromptRequest) = Keys(&["prompt"]),
        }
        impl Request {
            fn messages(messages: impl crate::IntoMessages<crate::Vision, crate::Strict>) -> MessagesRequest;
            fn prompt(prompt: impl Into<client::Text<1>>) -> PromptRequest;
        }
    }
}
/// `@acme/talker-0`: house models.
///
/// ```no_run
/// # #![allow(deprecated)]
/// use house::models::{Message, lit, talker_0, prelude::*};
///
/// # async fn example(client: workers_ai_client::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let request = talker_0::Request::messages([Message::user("Why is the sky blue?")])
///     .temperature(lit!(talker_0::Temperature, 0.6));
/// let reply = client.house_models().talker_0(request).await?;
/// println!("{}", reply.text());
/// # Ok(())
/// # }
/// ```
///
/// | parameter | form | takes | default |
/// |---|---|---|---|
/// | `lora` | messages, prompt | text |  |
/// | `max_tokens` | messages | a whole number | `256` |
/// | `messages` (required) | messages | a list |  |
/// | `response_format` | messages, prompt | an object |  |
/// | `seed` | messages | a whole number |  |
/// | `temperature` | messages, prompt | a number from 0 to 5 | `0.6` |
/// | `tool_choice` | messages | text |  |
/// | `tools` | messages | a list |  |
/// | `top_k` | messages | a whole number | `2` |
/// | `prompt` (required) | prompt | text, not empty |  |
/// | `raw` | prompt | true or false |  |
/// | `seed` | prompt | a whole number of at least 1 |  |
/// | `top_k` | prompt | a whole number | `1` |
#[cfg(feature = "retired")]
#[deprecated(note = "@acme/talker-0 left the catalogue by 2026-10; use @acme/talker")]
#[allow(deprecated, reason = "its items name each other")]
pub mod talker_0 {
    use ::workers_ai_client as client;
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@acme/talker-0";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info {
        gone_by: Some("2026-10"),
        ..client::Info::new(ID, "House Models", "2025-12")
    };
    /// Names `@acme/talker-0` where a type is wanted.
    #[derive(Clone, Copy, Debug)]
    pub struct Talker0;
    impl client::Model for Talker0 {
        const INFO: &'static client::Info = &INFO;
        type Request = Request;
        type Reply = crate::Reply;
    }
    #[diagnostic::do_not_recommend]
    impl client::Streams for Talker0 {
        type Chunk = crate::Chunk;
    }
    /// What the model answers.
    pub type Reply = crate::Reply;
    /// One piece of a streamed answer.
    pub type Chunk = crate::Chunk;
    /// `prompt`: text, not empty.
    pub type Prompt = client::Text<1>;
    /// `seed`: a whole number of at least 1.
    pub type Seed = client::Integer<1>;
    /// `temperature`: a number from 0 to 5. The service's default is `0.6`.
    pub type Temperature = client::Number<0, 5000>;
    #[doc(inline)]
    pub use super::talker::PromptRequest;
    client::request! {
        /// What the model is asked, as `messages`.
        pub struct MessagesRequest as json {
            /// The conversation so far: a list.
            via into_messages(crate::IntoMessages<crate::Guard, crate::Classic>) messages: crate::Messages<crate::Guard, crate::Classic>,
            /// Name or id of a LoRA adapter to apply: text.
            into lora?: crate::Lora,
            /// Most tokens to write: a whole number.
            into max_tokens?: i64,
            /// Ask for JSON, perhaps by a schema: an object.
            into response_format?: crate::ResponseFormat<crate::Classic>,
            /// Starts the random choices, so that a call can be repeated: a whole number.
            into seed?: i64,
            /// Randomness: low repeats itself, high surprises: a number from 0 to 5.
            pub temperature?: client::Number<0, 5000>,
            /// Whether and which tool the model must call: text.
            into tool_choice?: crate::ToolChoice,
            /// Tools that the model may call: a list.
            into tools?: crate::Tools<crate::Classic>,
            /// Only this many of the likeliest tokens are considered: a whole number.
            into top_k?: i64,
        }
    }
    client::union! {
        /// What the model is asked, in any of its forms.
        ///
        /// Each form has a constructor:
        ///
        /// - [`Request::messages`], with `messages`
        /// - [`Request::prompt`], with `prompt`
        ///
        /// ```no_run
        /// # #![allow(deprecated)]
        /// use house::models::{Message, lit, talker_0};
        ///
        /// # fn example() -> Result<(), Box<dyn std::error::Error>> {
        /// let messages = talker_0::Request::messages([Message::user("Why is the sky blue?")])
        ///     .temperature(lit!(talker_0::Temperature, 0.6));
        /// let prompt = talker_0::Request::prompt("Why is the sky blue?")
        ///     .temperature(lit!(talker_0::Temperature, 0.6));
        /// # Ok(())
        /// # }
        /// ```
        pub enum Request as Request: From {
            /// With `messages`.
            Messages(MessagesRequest) = Keys(&["messages"]),
            /// With `prompt`.
            Prompt(PromptRequest) = Keys(&["prompt"]),
        }
        impl Request {
            fn messages(messages: impl crate::IntoMessages<crate::Guard, crate::Classic>) -> MessagesRequest;
            fn prompt(prompt: impl Into<client::Text<1>>) -> PromptRequest;
        }
    }
}
/// `@acme/listener`: speech�recognition.
///
/// ```no_run
/// # #![allow(deprecated)]
/// use house::models::{listener, prelude::*};
///
/// # async fn example(client: workers_ai_client::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let request = listener::Request::new(std::fs::read("speech.mp3")?).language("en");
/// let reply = client.house_models().listener(request).await?;
/// println!("{reply:?}");
/// # Ok(())
/// # }
/// ```
///
/// | parameter | takes | default |
/// |---|---|---|
/// | `audio` (required) | bytes |  |
/// | `language` | text |  |
/// | `place` | an object |  |
#[deprecated(note = "@acme/listener left the catalogue by 2026-11")]
#[allow(deprecated, reason = "its items name each other")]
pub mod listener {
    use ::workers_ai_client as client;
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@acme/listener";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info {
        gone_by: Some("2026-11"),
        ..client::Info::new(ID, "Speech\nRecognition", "2026-01")
    };
    /// Names `@acme/listener` where a type is wanted.
    #[derive(Clone, Copy, Debug)]
    pub struct Listener;
    impl client::Model for Listener {
        const INFO: &'static client::Info = &INFO;
        type Request = Request;
        type Reply = Reply;
    }
    #[doc(inline)]
    pub use super::embedder::{PlaceMode, Place};
    #[doc(inline)]
    pub use super::everything::{ReplyPlaceMode, ReplyPlace};
    client::request! {
        /// What the model is asked.
        pub struct Request {
            /// The sound to work on, or how spoken output should sound: bytes.
            into audio: client::ByteArray,
            /// Language, as a code such as `en`: text.
            into language?: String,
            /// `place`: an object.
            into place?: Place,
        }
    }
    impl client::Request for Request {
        fn encode(&self) -> Result<client::Encoded, client::Invalid> {
            if self.language.is_none() && self.place.is_none() {
                return Ok(client::Encoded::raw(self.audio.bytes(), None));
            }
            client::Encoded::json(self)
        }
    }
    client::reply! {
        /// What the model answers.
        pub struct Reply as Reply {
            /// `place` as answered.
            pub place?: ReplyPlace,
            /// The text to work on.
            pub text?: String,
        }
    }
}
/// Every house models model of these bindings.
#[allow(deprecated, reason = "the list is complete on purpose")]
pub const MODELS: &[&::workers_ai_client::Info] = &[
    &archivist::INFO,
    &chooser::INFO,
    &embedder::INFO,
    &everything::INFO,
    &hearer::INFO,
    &interpreter::INFO,
    &judge::INFO,
    &looker::INFO,
    &painter::INFO,
    &reader::INFO,
    &talker::INFO,
    &talker_3::INFO,
    &teller::INFO,
    &vectorist::INFO,
    &whisperer::INFO,
    &quiet::INFO,
    &talker_2::INFO,
    #[cfg(feature = "retired")]
    &talker_0::INFO,
    &listener::INFO,
];
/// Calls to house models models, made from a client with [`HouseModelsExt::house_models`].
#[derive(Clone, Debug)]
pub struct HouseModels {
    client: ::workers_ai_client::Client,
}
#[allow(deprecated, reason = "each deprecated method names its own types")]
impl HouseModels {
    /// Calls `@acme/archivist`; see [`archivist`] for its parameters and an example.
    pub fn archivist(
        &self,
        request: impl ::std::convert::Into<archivist::Request>,
    ) -> ::workers_ai_client::Call<archivist::Archivist> {
        ::workers_ai_client::Call::new(self.client.clone(), request)
    }
    /// Calls `@acme/chooser`; see [`chooser`] for its parameters and an example.
    pub fn chooser(
        &self,
        request: impl ::std::convert::Into<chooser::Request>,
    ) -> ::workers_ai_client::Call<chooser::Chooser> {
        ::workers_ai_client::Call::new(self.client.clone(), request)
    }
    /// Calls `@acme/embedder`; see [`embedder`] for its parameters and an example.
    pub fn embedder(
        &self,
        request: impl ::std::convert::Into<embedder::Request>,
    ) -> ::workers_ai_client::Call<embedder::Embedder> {
        ::workers_ai_client::Call::new(self.client.clone(), request)
    }
    /// Calls `@acme/everything`; see [`everything`] for its parameters and an example.
    pub fn everything(
        &self,
        request: impl ::std::convert::Into<everything::Request>,
    ) -> ::workers_ai_client::Call<everything::Everything> {
        ::workers_ai_client::Call::new(self.client.clone(), request)
    }
    /// Calls `@acme/hearer`; see [`hearer`] for its parameters and an example.
    pub fn hearer(
        &self,
        request: impl ::std::convert::Into<hearer::Request>,
    ) -> ::workers_ai_client::Call<hearer::Hearer> {
        ::workers_ai_client::Call::new(self.client.clone(), request)
    }
    /// Calls `@acme/interpreter`; see [`interpreter`] for its parameters and an example.
    pub fn interpreter(
        &self,
        request: impl ::std::convert::Into<interpreter::Request>,
    ) -> ::workers_ai_client::Call<interpreter::Interpreter> {
        ::workers_ai_client::Call::new(self.client.clone(), request)
    }
    /// Calls `@acme/judge`; see [`judge`] for its parameters and an example.
    pub fn judge(
        &self,
        request: impl ::std::convert::Into<judge::Request>,
    ) -> ::workers_ai_client::Call<judge::Judge> {
        ::workers_ai_client::Call::new(self.client.clone(), request)
    }
    /// Calls `@acme/looker`; see [`looker`] for its parameters and an example.
    pub fn looker(
        &self,
        request: impl ::std::convert::Into<looker::Request>,
    ) -> ::workers_ai_client::Call<looker::Looker> {
        ::workers_ai_client::Call::new(self.client.clone(), request)
    }
    /// Calls `@acme/painter`; see [`painter`] for its parameters and an example.
    pub fn painter(
        &self,
        request: impl ::std::convert::Into<painter::Request>,
    ) -> ::workers_ai_client::Call<painter::Painter> {
        ::workers_ai_client::Call::new(self.client.clone(), request)
    }
    /// Calls `@acme/reader`; see [`reader`] for its parameters and an example.
    pub fn reader(
        &self,
        request: impl ::std::convert::Into<reader::Request>,
    ) -> ::workers_ai_client::Call<reader::Reader> {
        ::workers_ai_client::Call::new(self.client.clone(), request)
    }
    /// Calls `@acme/talker`; see [`talker`] for its parameters and an example.
    pub fn talker(
        &self,
        request: impl ::std::convert::Into<talker::Request>,
    ) -> ::workers_ai_client::Call<talker::Talker> {
        ::workers_ai_client::Call::new(self.client.clone(), request)
    }
    /// Calls `@acme/talker-3`; see [`talker_3`] for its parameters and an example.
    pub fn talker_3(
        &self,
        request: impl ::std::convert::Into<talker_3::Request>,
    ) -> ::workers_ai_client::Call<talker_3::Talker3> {
        ::workers_ai_client::Call::new(self.client.clone(), request)
    }
    /// Calls `@acme/teller`; see [`teller`] for its parameters and an example.
    pub fn teller(
        &self,
        request: impl ::std::convert::Into<teller::Request>,
    ) -> ::workers_ai_client::Call<teller::Teller> {
        ::workers_ai_client::Call::new(self.client.clone(), request)
    }
    /// Calls `@acme/vectorist`; see [`vectorist`] for its parameters and an example.
    pub fn vectorist(
        &self,
        request: impl ::std::convert::Into<vectorist::Request>,
    ) -> ::workers_ai_client::Call<vectorist::Vectorist> {
        ::workers_ai_client::Call::new(self.client.clone(), request)
    }
    /// Calls `@acme/whisperer`; see [`whisperer`] for its parameters and an example.
    pub fn whisperer(
        &self,
        request: impl ::std::convert::Into<whisperer::Request>,
    ) -> ::workers_ai_client::Call<whisperer::Whisperer> {
        ::workers_ai_client::Call::new(self.client.clone(), request)
    }
    /// Calls `@acme/quiet`; see [`quiet`] for its parameters and an example.
    pub fn quiet(
        &self,
        request: impl ::std::convert::Into<quiet::Request>,
    ) -> ::workers_ai_client::Call<quiet::Quiet> {
        ::workers_ai_client::Call::new(self.client.clone(), request)
    }
    /// Calls `@acme/talker-2`; see [`talker_2`] for its parameters and an example.
    #[deprecated(
        note = "@acme/talker-2 will be retired on 2027-01-01; use @acme/talker"
    )]
    pub fn talker_2(
        &self,
        request: impl ::std::convert::Into<talker_2::Request>,
    ) -> ::workers_ai_client::Call<talker_2::Talker2> {
        ::workers_ai_client::Call::new(self.client.clone(), request)
    }
    /// Calls `@acme/talker-0`; see [`talker_0`] for its parameters and an example.
    #[cfg(feature = "retired")]
    #[deprecated(
        note = "@acme/talker-0 left the catalogue by 2026-10; use @acme/talker"
    )]
    pub fn talker_0(
        &self,
        request: impl ::std::convert::Into<talker_0::Request>,
    ) -> ::workers_ai_client::Call<talker_0::Talker0> {
        ::workers_ai_client::Call::new(self.client.clone(), request)
    }
    /// Calls `@acme/listener`; see [`listener`] for its parameters and an example.
    #[deprecated(note = "@acme/listener left the catalogue by 2026-11")]
    pub fn listener(
        &self,
        request: impl ::std::convert::Into<listener::Request>,
    ) -> ::workers_ai_client::Call<listener::Listener> {
        ::workers_ai_client::Call::new(self.client.clone(), request)
    }
}
/// Gives a client its house models models.
pub trait HouseModelsExt {
    /// The house models models.
    fn house_models(&self) -> HouseModels;
}
impl HouseModelsExt for ::workers_ai_client::Client {
    fn house_models(&self) -> HouseModels {
        HouseModels {
            client: self.clone(),
        }
    }
}
/// Brings [`HouseModelsExt`] into scope.
pub mod prelude {
    pub use super::HouseModelsExt;
    pub use super::{ChatStreamExt, JsonSchemaOf};
}
/// What every chat model of these bindings takes, for [`ChatModel`](crate::ChatModel).
#[allow(deprecated, reason = "the list is complete on purpose")]
pub(crate) const CHAT_MODELS: &[crate::ChatFacts] = &[
    crate::ChatFacts::new::<crate::Messages<crate::Text, crate::Classic>>(
        &talker::INFO,
        &[
            "lora", "max_tokens", "messages", "reasoning_effort", "response_format",
            "seed", "temperature", "tool_choice", "tools", "top_k",
        ],
    ),
    crate::ChatFacts::new::<crate::Messages<crate::Text, crate::Classic>>(
        &talker_3::INFO,
        &[
            "lora", "max_tokens", "messages", "response_format", "seed", "temperature",
            "tool_choice", "tools", "top_k",
        ],
    ),
    crate::ChatFacts::new::<crate::Messages<crate::Vision, crate::Strict>>(
        &talker_2::INFO,
        &[
            "lora", "max_tokens", "messages", "response_format", "seed", "temperature",
            "tool_choice", "tools", "top_k",
        ],
    ),
    #[cfg(feature = "retired")]
    crate::ChatFacts::new::<crate::Messages<crate::Guard, crate::Classic>>(
        &talker_0::INFO,
        &[
            "lora", "max_tokens", "messages", "response_format", "seed", "temperature",
            "tool_choice", "tools", "top_k",
        ],
    ),
];
#[allow(deprecated, reason = "requests of models that leave are requests still")]
impl crate::AnswersInJson for talker::MessagesRequest {
    type Rules = crate::Classic;
    fn set_response_format(&mut self, format: crate::ResponseFormat<crate::Classic>) {
        self.response_format = Some(format);
    }
}
#[allow(deprecated, reason = "requests of models that leave are requests still")]
impl crate::AnswersInJson for talker::PromptRequest {
    type Rules = crate::Classic;
    fn set_response_format(&mut self, format: crate::ResponseFormat<crate::Classic>) {
        self.response_format = Some(format);
    }
}
#[allow(deprecated, reason = "requests of models that leave are requests still")]
impl crate::AnswersInJson for talker_2::MessagesRequest {
    type Rules = crate::Strict;
    fn set_response_format(&mut self, format: crate::ResponseFormat<crate::Strict>) {
        self.response_format = Some(format);
    }
}
#[allow(deprecated, reason = "requests of models that leave are requests still")]
impl crate::AnswersInJson for talker_2::PromptRequest {
    type Rules = crate::Strict;
    fn set_response_format(&mut self, format: crate::ResponseFormat<crate::Strict>) {
        self.response_format = Some(format);
    }
}
#[cfg(feature = "retired")]
#[allow(deprecated, reason = "requests of models that leave are requests still")]
impl crate::AnswersInJson for talker_0::MessagesRequest {
    type Rules = crate::Classic;
    fn set_response_format(&mut self, format: crate::ResponseFormat<crate::Classic>) {
        self.response_format = Some(format);
    }
}
