// Words for screen readers: what happens, and a streamed answer sentence by sentence.

import { signal } from "@preact/signals";

export const announcement = signal("");
/** The sentences of the answer that is being written. */
export const spoken = signal<string[]>([]);

let heard = 0;

export function announce(words: string): void {
  // The same words twice in a row would not be read twice.
  announcement.value = announcement.value === words ? `${words}\u00a0` : words;
}

/** Tells how far the answer has come; whole sentences are passed on. */
export function follow(text: string, isEnd: boolean): void {
  if (text.length < heard) {
    heard = 0;
    spoken.value = [];
  }
  const fresh = text.slice(heard);
  const end = isEnd ? fresh.length : Math.max(fresh.lastIndexOf(". "), fresh.lastIndexOf("\n"), fresh.lastIndexOf("? "), fresh.lastIndexOf("! ")) + 1;
  const sentence = fresh.slice(0, end).trim();
  heard += end;
  if (sentence !== "") spoken.value = [...spoken.value, sentence];
}

export function startOver(): void {
  heard = 0;
  spoken.value = [];
}
