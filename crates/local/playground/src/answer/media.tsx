// Pictures and sounds that a model made.

import { useEffect, useMemo, useState } from "preact/hooks";
import { size } from "../field/file";
import { fromBase64, sniff } from "../request/files";
import type { Media } from "../request/run";
import { Icon } from "../ui/icons";

export function MediaView({ media, name, title }: { media: Media; name: string; title: string }) {
  const [shape, setShape] = useState("");
  const address = useMemo(() => URL.createObjectURL(media.blob), [media]);
  useEffect(() => () => URL.revokeObjectURL(address), [address]);
  const ending = { "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "audio/mpeg": "mp3", "audio/wav": "wav", "audio/ogg": "ogg", "audio/flac": "flac" }[media.type] ?? "bin";
  const isPicture = media.type.startsWith("image/");
  return (
    <figure class="media">
      {isPicture
        ? <img src={address} alt={title} onLoad={(event) => setShape(`${event.currentTarget.naturalWidth} × ${event.currentTarget.naturalHeight}, `)} />
        : media.type.startsWith("audio/") ? <audio src={address} controls aria-label={title} /> : <p>{media.type}</p>}
      <figcaption>
        <span class="muted">{shape}{media.type}, {size(media.blob.size)}</span>
        <a class="quiet" href={address} download={`${name}.${ending}`}><Icon name="down" size={15} />Save</a>
      </figcaption>
    </figure>
  );
}

/** Media that came as base64 inside JSON. */
export function fromText(text: string, fallback: string): Media | undefined {
  try {
    const bytes = fromBase64(text.replace(/^data:[^,]*,/, ""));
    const type = sniff(bytes, fallback);
    return { type, blob: new Blob([bytes], { type }) };
  } catch {
    return undefined;
  }
}
