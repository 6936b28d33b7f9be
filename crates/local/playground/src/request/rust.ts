// The present request as typed Rust, which the server writes because it knows the types.

import { effect, signal } from "@preact/signals";
import type { Input } from "./plan";

export type Written = { code: string } | { error: string };

/** Whether the server writes Rust at all; unknown until it has been asked. */
export const rustIsOffered = signal<boolean | undefined>(undefined);
export const rust = signal<Written | undefined>(undefined);

let asked = 0;

/** Asks for the Rust of a request. Files are named by their markers. */
export async function askForRust(model: string, input: Input): Promise<void> {
  asked += 1;
  const turn = asked;
  const { stream, ...fields } = input;
  try {
    const response = await fetch("/playground/rust", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model, input: fields, stream: stream === true }),
    });
    const told = (await response.json().catch(() => ({}))) as { code?: unknown; error?: unknown };
    if (turn !== asked) return;
    if (typeof told.code === "string") rust.value = { code: told.code };
    else if (typeof told.error === "string") rust.value = { error: told.error };
    rustIsOffered.value = typeof told.code === "string" || typeof told.error === "string";
  } catch {
    if (turn === asked) rust.value = { error: "The local server cannot be reached." };
  }
}

effect(() => {
  if (rustIsOffered.value === false) rust.value = undefined;
});
