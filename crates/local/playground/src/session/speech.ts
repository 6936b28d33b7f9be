// A session with a model that speaks: text goes out, pieces of sound come in, and are put together for the player.

import { signal } from "@preact/signals";
import { sniff } from "../request/files";

export interface Line {
  id: number;
  from: "page" | "model";
  text: string;
}

export interface Heard {
  state: "closed" | "opening" | "open";
  lines: Line[];
  sound?: Blob;
  problem?: string;
}

export const heard = signal<Heard>({ state: "closed", lines: [] });

let socket: WebSocket | undefined;
let pieces: BlobPart[] = [];
let first: Uint8Array | undefined;
let count = 0;

const change = (next: Partial<Heard>): void => { heard.value = { ...heard.value, ...next }; };

function note(from: Line["from"], text: string): void {
  count += 1;
  change({ lines: [...heard.value.lines, { id: count, from, text }].slice(-200) });
}

/** Opens a session. A browser cannot set headers here, so the token travels as a subprotocol. */
export function open(address: string, token: string): void {
  close();
  heard.value = { state: "opening", lines: [] };
  pieces = [];
  first = undefined;
  let mine: WebSocket;
  try {
    mine = new WebSocket(address, ["workers-ai", `bearer.${encodeToken(token)}`]);
  } catch (error) {
    change({ state: "closed", problem: error instanceof Error ? error.message : String(error) });
    return;
  }
  socket = mine;
  mine.binaryType = "arraybuffer";
  mine.onopen = () => { if (socket === mine) change({ state: "open" }); };
  mine.onmessage = ({ data }) => {
    if (socket !== mine) return;
    if (typeof data === "string") told(data);
    else heardSound(new Uint8Array(data as ArrayBuffer));
  };
  mine.onclose = ({ code, reason }) => {
    if (socket !== mine) return;
    socket = undefined;
    const refused = heard.value.state === "opening";
    change({ state: "closed", ...(refused ? { problem: "The session was refused. Are the parameters and the token right?" } : code !== 1000 ? { problem: `Ended with ${code} ${reason}` } : {}) });
  };
}

/** Says a text and asks for all of it as sound. */
export function speak(text: string): void {
  send({ type: "Speak", text });
  send({ type: "Flush" });
}

export function close(): void {
  if (socket?.readyState === WebSocket.OPEN) send({ type: "Close" });
  else socket?.close();
}

function send(message: object): void {
  if (socket?.readyState !== WebSocket.OPEN) return;
  const text = JSON.stringify(message);
  socket.send(text);
  note("page", text);
}

function told(text: string): void {
  note("model", text);
  if (/"type"\s*:\s*"Flushed"/.test(text)) gather();
}

function heardSound(piece: Uint8Array<ArrayBuffer>): void {
  first ??= piece;
  pieces.push(piece);
  note("model", `${piece.length} bytes of sound`);
}

/** What was said since the last flush is one sound. */
function gather(): void {
  if (!first) return;
  change({ sound: new Blob(pieces, { type: sniff(first, "application/octet-stream") }) });
  pieces = [];
  first = undefined;
}

/** A subprotocol may hold few characters, so the token is written in hexadecimal digits. */
const encodeToken = (token: string): string =>
  Array.from(new TextEncoder().encode(token), (byte) => byte.toString(16).padStart(2, "0")).join("");
