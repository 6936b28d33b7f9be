//! An image from words, and another one from that image: models with different transports, the same code.
//!
//! `cargo run -p workers-ai --example image`

mod support;

use support::Failure;
use workers_ai::prelude::*;
use workers_ai::text_to_image::{flux_1_schnell, flux_2_klein_4b as klein};
use workers_ai::{Media, lit};

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let client = support::client().await?;

    // JSON with base64 in it on the wire, bytes here.
    let request = flux_1_schnell::Request::new("a lighthouse in a storm").steps(lit!(flux_1_schnell::Steps, 4));
    let lighthouse: Media = client.text_to_image().flux_1_schnell(request).await?;
    save("lighthouse", &lighthouse)?;

    // A multipart form on the wire; an image that one model drew is input for another.
    let request = klein::Request::new("the same in calm weather")
        .input_image_0(lighthouse)
        .width(lit!(klein::Width, 512))
        .height(lit!(klein::Height, 512));
    save("calm", &client.text_to_image().flux_2_klein_4b(request).await?)?;
    Ok(())
}

fn save(name: &str, image: &Media) -> std::io::Result<()> {
    let path = std::env::temp_dir().join(format!("{name}.{}", image.extension()));
    image.save(&path)?;
    println!("{} bytes of {} in {}", image.as_bytes().len(), image.content_type(), path.display());
    Ok(())
}
