// Text: one line, or as many as there are.

import { useLayoutEffect, useRef } from "preact/hooks";
import type { Schema } from "../catalogue";
import type { Ties } from "./field";

/** Fields that usually hold more than a line. */
const LONG = /^(prompt|negative_prompt|text|input_text|input|query|question|content|initial_prompt|description|code|instruction|documents|queries|contexts|arguments)$/;

export function TextField({ schema, name, ties, value, required, change }: {
  schema: Schema; name: string; ties: Ties; value: unknown; required: boolean; change: (value: unknown) => void;
}) {
  const text = typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
  const placeholder = schema.default === undefined ? "" : String(schema.default);
  const set = (next: string) => change(next === "" ? undefined : next);
  if (!LONG.test(name)) {
    return (
      <input {...ties} type="text" value={text} placeholder={placeholder} autocomplete="off" spellcheck={false}
        onInput={(event) => set(event.currentTarget.value)} />
    );
  }
  return <GrowingText ties={ties} value={text} placeholder={placeholder} rows={required ? 3 : 2} set={set} />;
}

/** A text area that is as high as its text, up to a point. */
export function GrowingText({ ties, value, placeholder, rows, set, onKeyDown, label }: {
  ties: Partial<Ties> & { id: string }; value: string; placeholder: string; rows: number; set: (text: string) => void;
  onKeyDown?: (event: KeyboardEvent) => void; label?: string;
}) {
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight + 2, 360)}px`;
  }, [value]);
  return (
    <textarea {...ties} ref={area} rows={rows} value={value} placeholder={placeholder} aria-label={label}
      onInput={(event) => set(event.currentTarget.value)} onKeyDown={onKeyDown} />
  );
}
