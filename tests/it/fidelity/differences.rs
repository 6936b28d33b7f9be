//! The table of known differences between published schemas and types: what is not in it is a fault.

use super::narrowed::Because::{Dialect, Overlay};
use super::narrowed::Becomes::{Absent, Never, Required, Reshaped, Schema, Unwritten};
use super::narrowed::Models::{All, In, InBut, These, Without};
use super::narrowed::{Because, Becomes, Models, Narrowed};

const BYTES: &str = r#"{"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 255}}"#;
const BASE64: &str = r#"{"type": "string", "contentEncoding": "base64",
    "pattern": "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"}"#;
const WHOLE: &str = r#"{"type": "integer"}"#;

const NOT_EMPTY: &str = r#"{"type": "string", "minLength": 1}"#;

const FLUX_2: &str = r#"{"type": "object", "required": ["prompt"], "properties": {
    "prompt": {"type": "string", "minLength": 1},
    "width": {"type": "integer", "minimum": 256, "maximum": 1920},
    "height": {"type": "integer", "minimum": 256, "maximum": 1920},
    "seed": {"type": "integer"}, "guidance": {"type": "number"}}}"#;
const IMAGE: &str = r#"{"type": "object", "required": ["image"], "properties": {
    "image": {"type": "string", "contentEncoding": "base64"}}}"#;
const AUDIO: &str = r#"{"type": "object", "required": ["audio"], "properties": {
    "audio": {"type": "string", "contentEncoding": "base64"}}}"#;
const USAGE: &str = r#"{"type": "object", "properties": {
    "prompt_tokens": {"type": "integer", "minimum": 0},
    "completion_tokens": {"type": "integer", "minimum": 0},
    "total_tokens": {"type": "integer", "minimum": 0}}}"#;

const SEES: &[&str] = &[
    "@cf/facebook/detr-resnet-50",
    "@cf/llava-hf/llava-1.5-7b-hf",
    "@cf/microsoft/resnet-50",
    "@cf/unum/uform-gen2-qwen-500m",
];
const HEARS: &[&str] = &["@cf/openai/whisper", "@cf/openai/whisper-tiny-en"];
/// Chat models that take image parts by their schema though they have no flag; the overlays leave them that.
const SEE_WITHOUT_FLAG: &[&str] =
    &["@cf/google/gemma-3-12b-it", "@cf/mistralai/mistral-small-3.1-24b-instruct", "@cf/qwen/qwq-32b"];
/// Chat models without a vision flag whose schemas take every kind of part.
const READ: &[&str] = &[
    "@cf/deepseek-ai/deepseek-v4-flash-0731",
    "@cf/deepseek-ai/deepseek-v4-pro-0813",
    "@cf/nvidia/nemotron-3-120b-a12b",
    "@cf/zai-org/glm-4.7-flash",
    "@cf/zai-org/glm-5.2",
    "@cf/zai-org/glm-5.3",
];
const FLUX_2_KLEIN: &[&str] = &["@cf/black-forest-labs/flux-2-klein-4b", "@cf/black-forest-labs/flux-2-klein-9b"];

const fn differs(because: Because, models: Models, field: &'static [&'static str], becomes: Becomes) -> Narrowed {
    Narrowed { because, models, field, becomes }
}

const NOT_ASKED: Because = Dialect("the call sets `stream`, not the request");
const NO_REFERENCE: Because = Dialect("the answers of a batch come in the order of its requests");
const BESIDE_BYTES: Because = Dialect("numbers beside bytes are bytes");
const WHOLE_BODY: Because = Dialect("what may be the whole body is required");

const CALL_ID: Because = Dialect("a call of a tool that has no id gets one, since results refer to it");
const TEXT_ONLY: Because = Overlay("text-generation/overlays/messages-openai-text.json");
const NO_TOOLS: Because = Overlay("text-generation/overlays/no-tools-messages.json");

/// Every difference there is in requests.
pub(crate) const REQUESTS: &[Narrowed] = &[
    differs(NOT_ASKED, All, &["stream"], Absent),
    differs(NO_REFERENCE, In("text-generation"), &["external_reference"], Absent),
    differs(BESIDE_BYTES, These(SEES), &["image"], Schema(BYTES)),
    differs(BESIDE_BYTES, These(HEARS), &["audio"], Schema(BYTES)),
    differs(WHOLE_BODY, These(&["@cf/facebook/detr-resnet-50"]), &["image"], Required),
    differs(
        Overlay("automatic-speech-recognition/overlays/nova-3-raw.json"),
        These(&["@cf/deepgram/nova-3"]),
        &["audio"],
        Unwritten(BASE64),
    ),
    differs(
        Overlay("automatic-speech-recognition/overlays/whisper-turbo-base64.json"),
        These(&["@cf/openai/whisper-large-v3-turbo"]),
        &["audio"],
        Schema(BASE64),
    ),
    differs(
        Overlay("voice-activity-detection/overlays/smart-turn-base64.json"),
        These(&["@cf/pipecat-ai/smart-turn-v2"]),
        &["audio"],
        Schema(BASE64),
    ),
    differs(Overlay("text-to-speech/overlays/aura-text.json"), These(&["@cf/deepgram/aura-2-en"]), &["text"], Required),
    differs(Overlay("text-to-image/overlays/picture-bytes.json"), In("text-to-image"), &["image"], Schema(BYTES)),
    differs(Overlay("text-to-image/overlays/picture-bytes.json"), In("text-to-image"), &["mask"], Schema(BYTES)),
    differs(Overlay("text-to-image/overlays/picture-bytes.json"), In("text-to-image"), &["image_b64"], Schema(BASE64)),
    differs(Overlay("text-to-image/overlays/flux-2-multipart.json"), These(FLUX_2_KLEIN), &[], Schema(FLUX_2)),
    differs(
        Overlay("text-to-image/overlays/flux-2-dev-multipart.json"),
        These(&["@cf/black-forest-labs/flux-2-dev"]),
        &[],
        Schema(FLUX_2),
    ),
    differs(
        Overlay("text-generation/overlays/no-lora-prompt.json"),
        Without("text-generation", "lora", &[]),
        &["lora"],
        Absent,
    ),
    differs(Overlay("text-generation/overlays/no-model-prompt.json"), In("text-generation"), &["model"], Absent),
    differs(NO_TOOLS, Without("text-generation", "function_calling", &[]), &["functions"], Absent),
    differs(NO_TOOLS, Without("text-generation", "function_calling", &[]), &["tools"], Absent),
    differs(BESIDE_BYTES, In("text-generation"), &["image"], Schema(BYTES)),
    differs(CALL_ID, In("text-generation"), &["messages", "[]", "tool_calls", "[]", "id"], Schema(NOT_EMPTY)),
    differs(
        TEXT_ONLY,
        Without("text-generation", "vision", SEE_WITHOUT_FLAG),
        &["messages", "[]", "content", "[]", "type"],
        Never(&["image_url", "video_url", "input_audio", "file"]),
    ),
    differs(TEXT_ONLY, These(READ), &["messages", "[]", "content", "[]", "image_url"], Absent),
    differs(TEXT_ONLY, These(READ), &["messages", "[]", "content", "[]", "video_url"], Absent),
    differs(TEXT_ONLY, These(READ), &["messages", "[]", "content", "[]", "input_audio"], Absent),
    differs(TEXT_ONLY, These(READ), &["messages", "[]", "content", "[]", "file"], Absent),
];

/// Every difference there is in replies.
pub(crate) const REPLIES: &[Narrowed] = &[
    differs(Overlay("text-to-image/overlays/json-image.json"), In("text-to-image"), &[], Unwritten(IMAGE)),
    differs(
        Overlay("text-to-speech/overlays/melotts-audio.json"),
        These(&["@cf/myshell-ai/melotts"]),
        &[],
        Unwritten(AUDIO),
    ),
    differs(Overlay("text-embeddings/overlays/bge-m3-replies.json"), These(&["@cf/baai/bge-m3"]), &["shape"], Required),
    differs(Overlay("text-embeddings/overlays/vectors.json"), In("text-embeddings"), &["shape", "[]"], Schema(WHOLE)),
    differs(
        Overlay("text-generation/overlays/guard-usage.json"),
        These(&["@cf/meta/llama-guard-3-8b"]),
        &["usage"],
        Schema(USAGE),
    ),
    differs(
        Overlay("text-generation/overlays/reply.json"),
        InBut("text-generation", "@cf/meta/llama-guard-3-8b"),
        &[],
        Reshaped,
    ),
];
