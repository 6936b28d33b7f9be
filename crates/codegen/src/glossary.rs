//! What parameters mean, each written once in the project's own words.

use crate::shape::{Bounds, Kind, Lengths, Shape, Side};

/// Meaning of a field by its wire name, for requests and replies alike.
const MEANINGS: &[(&str, &str)] = &[
    ("answer", "Answer to the question"),
    ("audio", "The sound to work on, or how spoken output should sound"),
    ("audio_window_end", "Second of the stream at which the window ends"),
    ("audio_window_start", "Second of the stream at which the window begins"),
    ("average", "Mean over the whole text"),
    ("avg_logprob", "Mean log probability of the tokens"),
    ("beam_size", "Candidate transcripts that are followed at once; more is slower and a little better"),
    ("bit_rate", "Bits a second of the encoded sound"),
    ("box", "Where the object lies, in pixels"),
    ("caption", "A sentence about the image"),
    ("caption_length", "How long a caption should be"),
    ("channels", "Audio channels"),
    ("chat_template_kwargs", "Switches handed to the model's chat template"),
    ("clear_thinking", "Drop the reasoning of earlier turns from the context"),
    ("completion_tokens", "Tokens written by the model"),
    ("compression_ratio", "How well the text compresses; repetition makes it high"),
    ("compression_ratio_threshold", "Segments that compress better than this count as failed"),
    ("condition_on_previous_text", "Let each window see the text of the one before"),
    ("confidence", "How sure the model is, 0 to 1"),
    ("container", "File format around the encoded sound"),
    ("contexts", "The texts to compare with the query"),
    ("custom_intent", "An intent to look for beside the known ones"),
    ("custom_intent_mode", "Whether only the custom intents count"),
    ("custom_topic", "A topic to look for beside the known ones"),
    ("custom_topic_mode", "Whether only the custom topics count"),
    ("data", "One vector of numbers for each text, in the order they were sent"),
    ("description", "A description in words"),
    ("detect_entities", "Find names, places and the like"),
    ("detect_language", "Find out which language is spoken"),
    ("diarize", "Tell the speakers apart"),
    ("dictation", "Turn spoken punctuation into marks"),
    ("documents", "Texts to be found later, one or several"),
    ("dtype", "Number type of raw samples"),
    ("duration", "Length of the sound in seconds"),
    ("duration_after_vad", "Length in seconds without the silence"),
    ("eager_eot_threshold", "Confidence at which an early end of turn is reported"),
    ("effort", "How much the model should reason"),
    ("enable_thinking", "Whether the model reasons before it answers"),
    ("encoding", "How the sound is encoded"),
    ("end", "Second at which it ends"),
    ("endpointing", "Milliseconds of silence that end an utterance"),
    ("eot_threshold", "Confidence at which a turn counts as ended"),
    ("eot_timeout_ms", "Milliseconds of silence that end a turn in any case"),
    ("event", "What happened"),
    ("filler_words", "Keep `uh` and `um`"),
    ("finish_reason", "Why the model stopped"),
    ("force_nonempty_content", "Never answer with an empty text"),
    ("frequency_penalty", "Lowers the chance of words the more often they have been used"),
    ("function_call", "Older way to choose a function; prefer tools"),
    ("functions", "Older way to declare functions; prefer tools"),
    ("guidance", "How closely the image follows the prompt"),
    ("guided_json", "JSON Schema that the answer must follow"),
    ("hallucination_silence_threshold", "Seconds of silence after which a doubtful segment is skipped"),
    ("height", "Height of the image in pixels"),
    ("id", "Which of the inputs this belongs to"),
    ("image", "The image to start from or to look at"),
    ("image_b64", "The image to start from, as base64"),
    ("input_image", "A picture to work from, smaller than 512 by 512 pixels"),
    ("initial_prompt", "Words that set vocabulary and style of the transcript"),
    ("input", "The conversation in the form of the Responses interface"),
    ("input_text", "The text to work on"),
    ("input_tokens", "Tokens read by the model"),
    ("instruction", "What the embedding is for, put before each query"),
    ("interim_results", "Send preliminary transcripts"),
    ("is_complete", "Whether the speaker has finished"),
    ("keyterm", "A term to expect"),
    ("keywords", "Words to expect, with an optional weight"),
    ("label", "Name of the class"),
    ("lang", "Language to speak, as a two-letter code"),
    ("language", "Language, as a code such as `en`"),
    ("language_probability", "How sure the model is of the language, 0 to 1"),
    ("log_prob_threshold", "Segments with a lower mean log probability count as failed"),
    ("logit_bias", "Raises or lowers single tokens, by token id"),
    ("logprobs", "Report log probabilities of the tokens"),
    ("lora", "Name or id of a LoRA adapter to apply"),
    ("low_effort", "Reason less"),
    ("mask", "Which parts of the image to repaint"),
    ("max_completion_tokens", "Most tokens to write, reasoning included"),
    ("max_length", "Most tokens of the summary"),
    ("max_objects", "Most objects to report"),
    ("max_tokens", "Most tokens to write"),
    ("measurements", "Write measures in short form"),
    ("messages", "The conversation so far"),
    ("metadata", "Labels of your own kept with the call"),
    ("metrics", "What the call took"),
    ("mip_opt_out", "Keep the audio out of the provider's training program"),
    ("modalities", "What the model may answer with"),
    ("mode", "Which variant to use"),
    ("multichannel", "Transcribe every channel by itself"),
    ("n", "How many answers to write"),
    ("name", "Name"),
    ("negative_prompt", "What the image should not show"),
    ("no_speech_prob", "Chance that nobody speaks, 0 to 1"),
    ("no_speech_threshold", "Segments above this chance of silence are skipped"),
    ("num_steps", "Diffusion steps; more is slower and finer"),
    ("numerals", "Write numbers as digits"),
    ("objects", "What was found"),
    ("output_tokens", "Tokens written by the model"),
    ("paragraphs", "Break the transcript into paragraphs"),
    ("parallel_tool_calls", "Whether several tools may be called at once"),
    ("points", "Points that were found, as fractions of width and height"),
    ("pooling", "How token vectors become one; vectors of different pooling do not compare"),
    ("prediction", "Text that much of the answer is expected to repeat"),
    ("prefix", "Text that the transcript begins with"),
    ("presence_penalty", "Lowers the chance of words that have been used at all"),
    ("probability", "Probability, 0 to 1"),
    ("profanity_filter", "Mask swear words"),
    ("prompt", "What to write about, draw or say"),
    ("prompt_tokens", "Tokens read by the model"),
    ("punctuate", "Add punctuation and capitals"),
    ("queries", "Questions to be answered by documents, one or several"),
    ("query", "What to look for"),
    ("question", "Question about the image"),
    ("raw", "Send the prompt as it is, without the chat template"),
    ("reasoning", "How the model reasons"),
    ("reasoning_effort", "How much the model should reason"),
    ("redact", "What to leave out of the transcript"),
    ("repetition_penalty", "Lowers the chance of repeated tokens"),
    ("replace", "Words to replace, as `found:replacement`"),
    ("request_id", "Id of the request"),
    ("response", "What the model answered"),
    ("response_format", "Ask for JSON, perhaps by a schema"),
    ("results", "What was recognised"),
    ("safe", "Whether the conversation is safe"),
    ("sample_rate", "Samples a second"),
    ("score", "Score; higher fits better"),
    ("search", "Words to look for in the sound"),
    ("seed", "Starts the random choices, so that a call can be repeated"),
    ("segments", "The transcript in pieces"),
    ("sentiment", "Tone of the text"),
    ("sentiment_score", "Tone from -1, bad, to 1, good"),
    ("sentiments", "Tone of the whole and its parts"),
    ("sequence_id", "Number of the event in its stream"),
    ("shape", "How many vectors there are, and how long they are"),
    ("skip_special_tokens", "Leave control tokens out of the text"),
    ("smart_format", "Format dates, times, numbers and the like"),
    ("source_lang", "Language of the text; detected or English when unset"),
    ("speaker", "The voice that speaks"),
    ("start", "Second at which it starts"),
    ("steps", "Diffusion steps; more is slower and finer"),
    ("stop", "Texts at which the model stops writing"),
    ("store", "Keep the call for later"),
    ("stream_options", "What a stream carries"),
    ("strength", "How far the result may leave the given image, 0 to 1"),
    ("summary", "The summary"),
    ("tag", "A label for usage reports"),
    ("target", "What to point at or detect"),
    ("target_lang", "Language to translate into"),
    ("target_language", "Language to translate into"),
    ("task", "What to do"),
    ("temperature", "Randomness: low repeats itself, high surprises"),
    ("text", "The text to work on"),
    ("tool_choice", "Whether and which tool the model must call"),
    ("tools", "Tools that the model may call"),
    ("top_k", "Only this many of the likeliest tokens are considered"),
    ("top_logprobs", "How many alternatives to report for each token"),
    ("top_p", "Only the likeliest tokens that together reach this probability are considered"),
    ("topics", "Report topics"),
    ("transcript", "What was said"),
    ("transcription_info", "About the sound as a whole"),
    ("translated_text", "The translation"),
    ("translations", "The translations, in the order of the texts"),
    ("truncate_inputs", "Cut texts that are too long instead of refusing them"),
    ("turn_index", "Number of the turn"),
    ("usage", "What the call used"),
    ("user", "A name for your end user, for abuse reports"),
    ("utt_split", "Seconds of silence between utterances"),
    ("utterance_end_ms", "Report the end of utterances"),
    ("utterances", "Break the transcript into utterances"),
    ("vad_events", "Report when speech starts"),
    ("vad_filter", "Remove silence first"),
    ("vtt", "The transcript as WebVTT subtitles"),
    ("web_search_options", "How the web may be searched"),
    ("width", "Width of the image in pixels"),
    ("word", "The word"),
    ("word_count", "How many words were heard"),
    ("words", "The words with their times"),
];

/// Required fields in the order in which a constructor takes them; the rest follow by name.
const FIRST: &[&str] = &[
    "prompt",
    "messages",
    "input",
    "text",
    "input_text",
    "query",
    "queries",
    "audio",
    "image",
    "contexts",
    "documents",
];

/// Where a required field stands among a constructor's arguments.
pub(crate) fn rank(field: &str) -> usize {
    FIRST.iter().position(|first| *first == field).unwrap_or(FIRST.len())
}

/// The meaning of a field, if it is a known one.
pub(crate) fn meaning(field: &str) -> Option<&'static str> {
    // Numbered fields mean the same.
    let plain = field.trim_end_matches(|letter: char| letter.is_ascii_digit()).trim_end_matches('_');
    MEANINGS.iter().find(|(name, _)| *name == field || *name == plain).map(|(_, meaning)| *meaning)
}

/// Documentation of a field: what it means, what it takes.
pub(crate) fn field_doc(wire: &str, shape: &Shape, side: Side) -> String {
    let takes = takes(shape);
    match (meaning(wire), side) {
        (Some(meaning), Side::Reply) => format!("{meaning}."),
        (None, Side::Reply) => format!("`{}` as answered.", code(wire)),
        (Some(meaning), Side::Request) => format!("{meaning}: {takes}."),
        (None, Side::Request) => format!("`{}`: {takes}.", code(wire)),
    }
}

/// Documentation of a type, from the field that it was found in.
pub(crate) fn type_doc(hints: &[String]) -> String {
    let field = hints.first().map(|hint| crate::name::snake_case(hint)).unwrap_or_default();
    match field.as_str() {
        "reply" => "What the model answers.".to_owned(),
        "chunk" => "One piece of a streamed answer.".to_owned(),
        "batch_item" => "One request of a queued batch.".to_owned(),
        field => meaning(field).map_or_else(|| format!("What `{field}` holds."), |meaning| format!("{meaning}.")),
    }
}

/// What a parameter takes, in words: `0 to 5`, `1 to 2048 characters`, `mean or cls`.
pub(crate) fn takes(shape: &Shape) -> String {
    match &shape.kind {
        Kind::Any => "any JSON".to_owned(),
        Kind::Boolean(None) => "true or false".to_owned(),
        Kind::Boolean(Some(only)) => format!("only {only}"),
        Kind::Integer(bounds) => range(*bounds, "a whole number"),
        Kind::Number(bounds) => range(*bounds, "a number"),
        Kind::Text { length, .. } => lengths(*length, "text", "characters"),
        Kind::Binary => "bytes".to_owned(),
        Kind::List { .. } if shape.rust.as_deref().is_some_and(|rust| rust.ends_with("ByteArray")) => {
            "bytes".to_owned()
        }
        Kind::List { length, .. } => lengths(*length, "a list", "items"),
        Kind::Object(_) => "an object".to_owned(),
        Kind::Choice(values) => {
            let shown: Vec<String> = values.iter().take(12).map(|value| format!("`{}`", code(value))).collect();
            let more = values.len().saturating_sub(shown.len());
            match (shown.as_slice(), more) {
                ([only], 0) => only.clone(),
                (shown, 0) => {
                    shown.split_last().map_or_else(String::new, |(last, rest)| format!("{} or {last}", rest.join(", ")))
                }
                (shown, more) => format!("{} or {more} more", shown.join(", ")),
            }
        }
        Kind::Union(arms) => arms.iter().map(takes).collect::<Vec<_>>().join(", or "),
    }
}

fn range(bounds: Bounds, what: &str) -> String {
    match (bounds.min, bounds.max) {
        (None, None) => what.to_owned(),
        (Some(min), None) => format!("{what} of at least {min}"),
        (None, Some(max)) => format!("{what} of at most {max}"),
        (Some(min), Some(max)) => format!("{what} from {min} to {max}"),
    }
}

fn lengths(length: Lengths, what: &str, unit: &str) -> String {
    match (length.min.unwrap_or(0), length.max) {
        (0, None) => what.to_owned(),
        (1, None) => format!("{what}, not empty"),
        (min, None) => format!("{what} of at least {min} {unit}"),
        (0, Some(max)) => format!("{what} of at most {max} {unit}"),
        (min, Some(max)) => format!("{what} of {min} to {max} {unit}"),
    }
}

/// Published text inside a doc comment's code span: nothing that ends the span, the comment or the line.
pub(crate) fn code(text: &str) -> String {
    text.chars()
        .take(80)
        .map(|character| match character {
            '`' => '\'',
            character if character.is_control() || is_invisible(character) => '\u{fffd}',
            character => character,
        })
        .collect()
}

/// Characters that change how the surrounding source reads.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
}
