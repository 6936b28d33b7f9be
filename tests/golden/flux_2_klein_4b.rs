/// `@cf/black-forest-labs/flux-2-klein-4b`: text-to-image.
///
/// 720 requests a minute; $0.000059 per input 512x512 tile; $0.000287 per output 512x512 tile.
///
/// | parameter | takes | default |
/// |---|---|---|
/// | `guidance` | a number |  |
/// | `height` | a whole number from 256 to 1920 | `768` |
/// | `input_image_0` | bytes |  |
/// | `input_image_1` | bytes |  |
/// | `input_image_2` | bytes |  |
/// | `input_image_3` | bytes |  |
/// | `prompt` (required) | text, not empty |  |
/// | `seed` | a whole number |  |
/// | `width` | a whole number from 256 to 1920 | `1024` |
pub mod flux_2_klein_4b {
    use ::workers_ai_client as client;
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@cf/black-forest-labs/flux-2-klein-4b";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info {
        prices: &[
            client::Price::new("per_input_512x512_tile", 0.000059, Some(5.37)),
            client::Price::new("per_output_512x512_tile", 0.000287, Some(26.05)),
        ],
        requests_per_minute: Some(720),
        flags: client::Flags {
            partner: true,
            ..client::Flags::NONE
        },
        created_at: Some("2026-01-14"),
        terms: Some("https://bfl.ai/legal/terms-of-service"),
        ..client::Info::new(ID, "Text-to-Image", "2026-11")
    };
    /// Names `@cf/black-forest-labs/flux-2-klein-4b` where a type is wanted.
    #[derive(Clone, Copy, Debug)]
    pub struct Flux2Klein4b;
    impl client::Model for Flux2Klein4b {
        const INFO: &'static client::Info = &INFO;
        type Request = Request;
        type Reply = client::Media;
    }
    /// What the model answers.
    pub type Reply = client::Media;
    /// `height`: a whole number from 256 to 1920. The service's default is `768`.
    pub type Height = client::Integer<256, 1920>;
    /// `prompt`: text, not empty.
    pub type Prompt = client::Text<1>;
    /// `width`: a whole number from 256 to 1920. The service's default is `1024`.
    pub type Width = client::Integer<256, 1920>;
    client::request! {
        /// What the model is asked.
        pub struct Request {
            /// What to write about, draw or say: text, not empty.
            into prompt: client::Text<1>,
            /// How closely the image follows the prompt: a number.
            into guidance?: f64,
            /// Height of the image in pixels: a whole number from 256 to 1920.
            pub height?: client::Integer<256, 1920>,
            /// A picture to work from, smaller than 512 by 512 pixels: bytes.
            into input_image_0?: client::Media,
            /// A picture to work from, smaller than 512 by 512 pixels: bytes.
            into input_image_1?: client::Media,
            /// A picture to work from, smaller than 512 by 512 pixels: bytes.
            into input_image_2?: client::Media,
            /// A picture to work from, smaller than 512 by 512 pixels: bytes.
            into input_image_3?: client::Media,
            /// Starts the random choices, so that a call can be repeated: a whole number.
            into seed?: i64,
            /// Width of the image in pixels: a whole number from 256 to 1920.
            pub width?: client::Integer<256, 1920>,
        }
    }
    impl client::Request for Request {
        fn encode(&self) -> Result<client::Encoded, client::Invalid> {
            client::Encoded::multipart()
                .field("guidance", &self.guidance)
                .field("height", &self.height)
                .file("input_image_0", &self.input_image_0)
                .file("input_image_1", &self.input_image_1)
                .file("input_image_2", &self.input_image_2)
                .file("input_image_3", &self.input_image_3)
                .field("prompt", &self.prompt)
                .field("seed", &self.seed)
                .field("width", &self.width)
                .finish()
        }
    }
}
