use workers_ai::{Client, lit, prelude::*, text_to_image::flux_2_klein_4b};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
    let request = flux_2_klein_4b::Request::new("A lighthouse")
        .input_image_0(std::fs::read("picture.png")?)
        .width(lit!(flux_2_klein_4b::Width, 512));
    let reply = client.text_to_image().flux_2_klein_4b(request).await?;
    reply.save(format!("reply.{}", reply.extension()))?;
    Ok(())
}
