//! What bytes are, by their first few.

/// The content type of bytes nobody recognises.
pub(crate) const UNKNOWN: &str = "application/octet-stream";

/// The content type that the bytes themselves tell.
pub(crate) fn sniff(bytes: &[u8]) -> Option<&'static str> {
    infer::get(bytes).map(|kind| kind.mime_type())
}

/// The usual extension: by the bytes, else by the content type.
pub(crate) fn extension(bytes: &[u8], content_type: &str) -> &'static str {
    if let Some(kind) = infer::get(bytes) {
        return kind.extension();
    }
    match content_type.split(';').next().unwrap_or_default().trim() {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/webp" => "webp",
        "image/gif" => "gif",
        // Speech models answer MP3 without a header when the recording is cut into pieces.
        "audio/mpeg" | "audio/mp3" => "mp3",
        "audio/wav" | "audio/x-wav" | "audio/wave" => "wav",
        "audio/ogg" | "audio/opus" => "ogg",
        "audio/flac" => "flac",
        "audio/aac" => "aac",
        // Speech models answer samples without a container on request.
        "audio/l16" | "audio/pcm" => "pcm",
        "video/mp4" => "mp4",
        _ => "bin",
    }
}
