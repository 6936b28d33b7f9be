// A value as JSON, where no form can be drawn.

import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../ui/icons";
import type { Ties } from "./field";

export function JsonField({ ties, value, change, example, exampleLabel, rows, label, folded }: {
  ties: Partial<Ties> & { id: string }; value: unknown; change: (value: unknown) => void; example?: unknown; exampleLabel?: string;
  rows: number; label?: string;
  /** Shown as a button until there is something. */
  folded?: boolean;
}) {
  const written = value === undefined ? "" : JSON.stringify(value, null, 2);
  const [text, setText] = useState(written);
  const [wrong, setWrong] = useState("");
  const [open, setOpen] = useState(false);
  const own = useRef(written);
  useEffect(() => {
    // A change from elsewhere; one's own typing keeps its spaces.
    if (written !== own.current) {
      own.current = written;
      setText(written);
      setWrong("");
    }
  }, [written]);
  const set = (next: string) => {
    setText(next);
    if (next.trim() === "") {
      own.current = "";
      setWrong("");
      return change(undefined);
    }
    try {
      const parsed: unknown = JSON.parse(next);
      own.current = JSON.stringify(parsed, null, 2);
      setWrong("");
      change(parsed);
    } catch (error) {
      setWrong(error instanceof Error ? error.message : "not JSON");
    }
  };
  if (folded && !open && value === undefined && text === "") {
    return (
      <div class="json-add">
        <button type="button" class="quiet add" id={ties.id} onClick={() => { setOpen(true); requestAnimationFrame(() => document.getElementById(ties.id)?.focus()); }}>
          <Icon name="plus" size={15} /><span>Write JSON</span>
        </button>
        {example !== undefined && <button type="button" class="quiet add" onClick={() => change(example)}><Icon name="plus" size={15} /><span>{exampleLabel}</span></button>}
      </div>
    );
  }
  return (
    <div class="json">
      <textarea {...ties} aria-label={label} class="code" rows={Math.min(22, Math.max(rows, text.split("\n").length))} value={text} placeholder="JSON"
        spellcheck={false} autocomplete="off" aria-invalid={wrong ? true : ties["aria-invalid"]} onInput={(event) => set(event.currentTarget.value)} />
      {wrong && <p class="complaint" role="alert">Not JSON yet: {wrong}</p>}
    </div>
  );
}
