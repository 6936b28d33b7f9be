// Files: chosen, dropped, or made here for a first try.

import { useRef, useState } from "preact/hooks";
import type { Schema } from "../catalogue";
import { elementId } from "../path";
import { encoding, isFileMarker } from "../schema";
import { addressOf, heldFile, hold } from "../request/files";
import { model } from "../state";
import { samplePicture, sampleSound } from "../samples";
import { Icon } from "../ui/icons";
import type { Ties } from "./field";

export const isSound = (name: string): boolean =>
  name === "audio" || ["automatic-speech-recognition", "voice-activity-detection"].includes(model.value?.modality ?? "");

export function FileField({ schema, name, ties, value, change }: {
  schema: Schema; name: string; ties: Ties; value: unknown; change: (value: unknown) => void;
}) {
  const picker = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const sound = isSound(name);
  const take = (file: File | undefined) => { if (file) change({ $file: hold(file) }); };
  const makeSample = async () => take(sound ? sampleSound() : await samplePicture());
  const chosen = isFileMarker(value) ? value.$file : undefined;
  const isAddress = encoding(schema, name) === "data_url";
  return (
    <div
      class={`file${over ? " over" : ""}${chosen ? " has-file" : ""}`}
      onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)}
      onDrop={(event) => { event.preventDefault(); setOver(false); take(event.dataTransfer?.files[0]); }}
    >
      {chosen ? <Preview name={chosen} sound={sound} /> : null}
      <div class="file-actions">
        <input {...ties} ref={picker} type="file" class="picker" accept={sound ? "audio/*,video/webm" : name === "image" || name.includes("image") || name === "mask" ? "image/*" : undefined}
          onChange={(event) => { take(event.currentTarget.files?.[0]); event.currentTarget.value = ""; }} />
        <label for={ties.id} class="button small"><Icon name="file" size={15} />{chosen ? "Another file" : "Choose a file"}</label>
        <span class="file-or">{chosen ? "" : "or drop it here"}</span>
        {!chosen && <button type="button" class="quiet" onClick={makeSample}>Use a sample {sound ? "sound" : "picture"}</button>}
      </div>
      {isAddress && !chosen && (
        <input type="url" class="address" aria-label={`${name} as an address`} placeholder="or https://… or data:…" value={typeof value === "string" ? value : ""}
          onInput={(event) => change(event.currentTarget.value || undefined)} id={`${elementId([name])}-address`} />
      )}
      {!isAddress && !chosen && value !== undefined && <p class="hint">Given as JSON: {describe(value)}</p>}
    </div>
  );
}

const describe = (value: unknown): string =>
  Array.isArray(value) ? `${value.length} bytes` : typeof value === "string" ? `${value.length} characters` : typeof value;

export function Preview({ name, sound }: { name: string; sound: boolean }) {
  const file = heldFile(name);
  if (!file) return <p class="complaint">{name} is no longer held by the page: choose it again.</p>;
  const address = addressOf(name);
  const isPicture = file.type.startsWith("image/");
  return (
    <div class="preview">
      {isPicture && <img src={address} alt={`Chosen picture ${name}`} />}
      {!isPicture && (sound || file.type.startsWith("audio/")) && <audio src={address} controls aria-label={`Chosen sound ${name}`} />}
      <span class="file-name">{name} <span class="muted">{size(file.size)}</span></span>
    </div>
  );
}

export const size = (bytes: number): string =>
  bytes < 1024 ? `${bytes} bytes` : bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
