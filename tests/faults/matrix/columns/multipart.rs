//! A form with a file in it, answered with a picture in JSON.

use workers_ai::{Client, Media, prelude::*, text_to_image::flux_2_klein_4b as klein};
use workers_ai_faults::{Kind, Reply};

use super::{Calling, Column, Replies, always, charged, outcome};

pub(crate) struct Multipart;

impl Column for Multipart {
    fn name(&self) -> &'static str {
        "multipart"
    }

    fn kind(&self) -> Kind {
        Kind::Json
    }

    fn replies(&self) -> Replies {
        // "a picture of the sea", in base64.
        always(charged(Reply::json(
            r#"{"result":{"image":"YSBwaWN0dXJlIG9mIHRoZSBzZWE="},"success":true,"errors":[],"messages":[]}"#,
        )))
    }

    fn call<'a>(&'a self, client: &'a Client) -> Calling<'a> {
        Box::pin(async {
            let request = klein::Request::new("the sea").input_image_0(Media::from(vec![7; 100_000]));
            let picture = client.text_to_image().flux_2_klein_4b(request).await;
            outcome(picture, |picture| String::from_utf8_lossy(picture.as_bytes()).into_owned())
        })
    }

    fn answer(&self) -> &'static str {
        "a picture of the sea"
    }
}
