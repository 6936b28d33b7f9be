//! One call for each modality; what one model makes, the next one reads.

use workers_ai::{
    Client, Media, automatic_speech_recognition::whisper, image_classification::resnet_50,
    image_to_text::llava_1_5_7b_hf as llava, prelude::*, text_classification::distilbert_sst_2_int8 as distilbert,
    text_embeddings::bge_small_en_v1_5 as bge, text_generation::llama_3_3_70b_instruct_fp8_fast as llama,
    text_to_image::flux_1_schnell as flux, text_to_speech::melotts, translation::m2m100_1_2b as m2m100,
    voice_activity_detection::smart_turn_v2 as smart_turn,
};

use crate::report::Report;

/// Calls a model of every modality.
#[expect(deprecated, reason = "two modalities hold only models that have left the catalogue")]
pub(crate) async fn every_modality(client: &Client, report: &mut Report) {
    let question = "Why is the sky blue?";
    let request = llama::Request::prompt(question);
    report
        .call(client.text_generation().llama_3_3_70b_instruct_fp8_fast(request), question, |reply| {
            reply.text().to_string()
        })
        .await;

    let request = bge::Request::new(["the sea", "the sky"]);
    let vectors = |reply: &bge::Reply| {
        format!("{} vectors of {} numbers", reply.data.len(), reply.data.dimensions().unwrap_or_default())
    };
    report.call(client.text_embeddings().bge_small_en_v1_5(request), "2 texts", vectors).await;

    let review = "A wonderful surprise";
    let best = |labels: &distilbert::Reply| {
        let best = labels.iter().max_by(|one, other| one.score.unwrap_or(0.0).total_cmp(&other.score.unwrap_or(0.0)));
        best.map(|best| format!("{} ({:.2})", best.label.as_deref().unwrap_or("?"), best.score.unwrap_or(0.0)))
            .unwrap_or_default()
    };
    report
        .call(client.text_classification().distilbert_sst_2_int8(distilbert::Request::new(review)), review, best)
        .await;

    let scene = "a lighthouse at dusk";
    let picture = report.call(client.text_to_image().flux_1_schnell(flux::Request::new(scene)), scene, file).await;
    let picture = picture.map(|picture| picture.bytes()).unwrap_or_default();

    let request = llava::Request::new(picture.clone()).prompt("What is in the picture?");
    let described = |reply: &llava::Reply| reply.description.clone().unwrap_or_default();
    report.call(client.image_to_text().llava_1_5_7b_hf(request), "that picture", described).await;

    let classes = |reply: &resnet_50::Reply| {
        reply
            .first()
            .and_then(|class| class.label.clone())
            .map(|label| format!("{label} and {} more", reply.len() - 1))
            .unwrap_or_default()
    };
    report
        .call(
            client.image_classification().resnet_50(resnet_50::Request::new(picture.clone())),
            "that picture",
            classes,
        )
        .await;

    let detr =
        client.object_detection().detr_resnet_50(workers_ai::object_detection::detr_resnet_50::Request::new(picture));
    report.call(detr, "that picture", |found| format!("{} objects", found.len())).await;

    let words = "All systems are ready.";
    let speech = report.call(client.text_to_speech().melotts(melotts::Request::new(words)), words, file).await;
    let speech = speech.map(|speech| speech.bytes()).unwrap_or_default();

    let heard = |reply: &whisper::Reply| reply.text.clone();
    report
        .call(
            client.automatic_speech_recognition().whisper(whisper::Request::new(speech.clone())),
            "that recording",
            heard,
        )
        .await;

    let turn = |reply: &smart_turn::Reply| {
        format!(
            "{} ({:.2})",
            if reply.is_complete == Some(true) { "finished" } else { "still speaking" },
            reply.probability.unwrap_or(0.0)
        )
    };
    report
        .call(client.voice_activity_detection().smart_turn_v2(smart_turn::Request::new(speech)), "that recording", turn)
        .await;

    let request = m2m100::Request::new("Good morning", "fr");
    let translated = |reply: &m2m100::Reply| reply.translated_text.clone().unwrap_or_default();
    report.call(client.translation().m2m100_1_2b(request), "Good morning → fr", translated).await;

    let request = workers_ai::summarization::bart_large_cnn::Request::new(
        "The lighthouse was built in 1874. Its light can be seen for twenty miles. It has been automatic since 1981.",
    );
    let summary = |reply: &workers_ai::summarization::bart_large_cnn::Reply| reply.summary.clone().unwrap_or_default();
    report.call(client.summarization().bart_large_cnn(request), "3 sentences", summary).await;
}

fn file(media: &Media) -> String {
    format!("{}, {} bytes", media.content_type(), media.as_bytes().len())
}
