//! Every target, fed its corpus and changed copies of it.

use workers_ai_fuzz::check;

macro_rules! targets {
    ($($(#[$when:meta])* $name:ident: $target:ident),* $(,)?) => {
        $(#[test] $(#[$when])* fn $name() {
            check(&workers_ai_fuzz::$target);
        })*
    };
}

targets! {
    #[cfg(feature = "client")] a_stream_reads_the_same_however_it_is_cut: STREAM,
    #[cfg(feature = "chat")] a_chat_is_put_together_whatever_arrives: CHAT,
    #[cfg(feature = "client")] an_answer_is_read_or_refused: ENVELOPE,
    #[cfg(feature = "client")] a_failure_is_told_whatever_it_looks_like: ERROR,
    #[cfg(feature = "codegen")] a_schema_becomes_rust_or_problems: SCHEMA,
    #[cfg(feature = "codegen")] an_overlay_applies_or_is_a_problem: OVERLAY,
    #[cfg(feature = "fetch")] a_feed_becomes_files_and_rust_or_a_reason: FEED,
    #[cfg(feature = "local")] the_server_answers_whatever_it_is_sent: SERVER,
}
