// Files that the user has chosen. They stay in the page; a request names them until it is sent.

import type { Schema } from "../catalogue";
import { encoding, isFileMarker, type Encoding } from "../schema";

const held = new Map<string, File>();
const addresses = new Map<string, string>();

/** Keeps a file and gives it a name that no other one has. */
export function hold(file: File): string {
  const dot = file.name.lastIndexOf(".");
  const [stem, ending] = dot > 0 ? [file.name.slice(0, dot), file.name.slice(dot)] : [file.name, ""];
  let name = file.name;
  for (let count = 2; held.has(name) && held.get(name) !== file; count += 1) name = `${stem}-${count}${ending}`;
  held.set(name, file);
  return name;
}

export const heldFile = (name: string): File | undefined => held.get(name);

/** An address under which the page can show a file. */
export function addressOf(name: string): string | undefined {
  const file = held.get(name);
  if (!file) return undefined;
  const address = addresses.get(name) ?? URL.createObjectURL(file);
  addresses.set(name, address);
  return address;
}

export function needFile(name: string): File {
  const file = held.get(name);
  if (!file) throw new Error(`The page no longer holds the file ${name}: choose it again.`);
  return file;
}

/** The value with every file in the place of its marker, encoded as the schema wants it. */
export async function encodeFiles(value: unknown, schema: Schema | undefined, name = ""): Promise<unknown> {
  if (isFileMarker(value)) return encode(needFile(value.$file), encoding(schema, name) ?? "data_url");
  if (Array.isArray(value)) {
    return Promise.all(value.map((item) => encodeFiles(item, schema?.items ?? findArm(schema, item), name)));
  }
  if (typeof value === "object" && value !== null) {
    const arm = findArm(schema, value) ?? schema;
    const entries = Object.entries(value).map(async ([key, inner]) => [key, await encodeFiles(inner, arm?.properties?.[key], key)]);
    return Object.fromEntries(await Promise.all(entries));
  }
  return value;
}

/** The arm of a union that knows most of an object's fields. */
function findArm(schema: Schema | undefined, value: unknown): Schema | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const known = (arm: Schema) => Object.keys(value).filter((key) => arm.properties?.[key]).length;
  return [...(schema?.anyOf ?? [])].sort((one, other) => known(other) - known(one))[0];
}

async function encode(file: File, how: Encoding): Promise<unknown> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (how === "bytes") return Array.from(bytes);
  const text = base64(bytes);
  return how === "data_url" ? `data:${file.type || "application/octet-stream"};base64,${text}` : text;
}

export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  }
  return btoa(text);
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

/** What bytes are, by how they begin. */
export function sniff(bytes: Uint8Array, fallback: string): string {
  const begins = (...wanted: number[]) => wanted.every((byte, index) => bytes[index] === byte);
  if (begins(0x89, 0x50, 0x4e, 0x47)) return "image/png";
  if (begins(0xff, 0xd8, 0xff)) return "image/jpeg";
  if (begins(0x52, 0x49, 0x46, 0x46)) return bytes[8] === 0x57 && bytes[9] === 0x45 ? "image/webp" : "audio/wav";
  if (begins(0x4f, 0x67, 0x67, 0x53)) return "audio/ogg";
  if (begins(0x66, 0x4c, 0x61, 0x43)) return "audio/flac";
  if (begins(0x49, 0x44, 0x33) || (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0)) return "audio/mpeg";
  return fallback;
}
