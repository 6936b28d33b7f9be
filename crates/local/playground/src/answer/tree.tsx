// JSON as a tree that folds.

import { useState } from "preact/hooks";
import { Icon } from "../ui/icons";

/** Longer lists are shown in parts. */
const PART = 100;
const LONGEST = 600;

export function Tree({ value, name, depth = 0 }: { value: unknown; name?: string; depth?: number }) {
  const label = name === undefined ? null : <span class="tree-name">{name}</span>;
  if (typeof value !== "object" || value === null) return <div class="tree-leaf">{label}<Leaf value={value} /></div>;
  return <Branch value={value} label={label} depth={depth} />;
}

function Branch({ value, label, depth }: { value: object; label: preact.ComponentChild; depth: number }) {
  const entries = Array.isArray(value) ? value.map((item, index) => [String(index), item] as const) : Object.entries(value);
  const isNumbers = Array.isArray(value) && value.length > 12 && value.every((item) => typeof item === "number");
  const [open, setOpen] = useState(depth === 0 || (depth < 2 && !isNumbers && entries.length <= 40));
  const [shown, setShown] = useState(PART);
  const count = Array.isArray(value) ? `[ ${entries.length} ]` : `{ ${entries.length} }`;
  if (entries.length === 0) return <div class="tree-leaf">{label}<span class="muted">{Array.isArray(value) ? "[ ]" : "{ }"}</span></div>;
  return (
    <details class="tree" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary><Icon name="chevron" size={12} />{label}<span class="muted">{count}</span></summary>
      {open && (
        <div class="tree-inside">
          {entries.slice(0, shown).map(([key, item]) => <Tree key={key} name={key} value={item} depth={depth + 1} />)}
          {entries.length > shown && <button type="button" class="quiet" onClick={() => setShown(shown + PART)}>{entries.length - shown} more</button>}
        </div>
      )}
    </details>
  );
}

function Leaf({ value }: { value: unknown }) {
  const [whole, setWhole] = useState(false);
  if (typeof value === "string") {
    const isLong = value.length > LONGEST && !whole;
    return (
      <span class="tree-text">
        "{isLong ? value.slice(0, LONGEST) : value}"
        {isLong && <button type="button" class="quiet" onClick={() => setWhole(true)}>… {value.length - LONGEST} more characters</button>}
      </span>
    );
  }
  return <span class={value === null ? "tree-null" : "tree-value"}>{String(value)}</span>;
}

export function RawReply({ value }: { value: unknown }) {
  return <div class="tree-root"><Tree value={value} /></div>;
}
