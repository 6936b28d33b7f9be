//! Embeddings: which of some sentences is nearest to another one.
//!
//! `cargo run -p workers-ai --example embedding`

mod support;

use support::Failure;
use workers_ai::prelude::*;
use workers_ai::text_embeddings::bge_base_en_v1_5 as bge;

const SENTENCES: [&str; 4] = [
    "A boat comes home at dusk.",
    "Tides follow the moon.",
    "The committee adjourned early.",
    "Salt keeps fish through the winter.",
];

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let client = support::client().await?;
    let question = "What moves the sea?";

    // One call for all of them; vectors come back in the order of the texts.
    let texts: Vec<&str> = [question].into_iter().chain(SENTENCES).collect();
    let reply = client.text_embeddings().bge_base_en_v1_5(bge::Request::new(texts).pooling(bge::Pooling::Cls)).await?;
    let mut candidates = reply.data.iter();
    let asked = candidates.next().ok_or("no vectors")?;
    println!("{} vectors of {} numbers", reply.data.len(), asked.len());

    let mut ranking: Vec<(f32, &str)> = candidates.map(|vector| cosine(asked, vector)).zip(SENTENCES).collect();
    ranking.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    for (similarity, sentence) in ranking {
        println!("{similarity:+.3}  {sentence}");
    }
    Ok(())
}

fn cosine(one: &[f32], other: &[f32]) -> f32 {
    let product = |left: &[f32], right: &[f32]| left.iter().zip(right).map(|(left, right)| left * right).sum::<f32>();
    product(one, other) / (product(one, one).sqrt() * product(other, other).sqrt())
}
