// Parts that are used everywhere: buttons that copy, tabs, dialogs, folds.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { announce } from "./announcer";
import { Icon } from "./icons";

export function CopyButton({ text, label }: { text: () => string; label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setCopied(true);
      announce("Copied");
      setTimeout(() => setCopied(false), 1500);
    } catch {
      announce("The browser did not allow copying");
    }
  };
  return (
    <button type="button" class="quiet" onClick={copy} aria-label={label} title={label}>
      <Icon name={copied ? "check" : "copy"} size={16} />
      <span>{copied ? "Copied" : "Copy"}</span>
    </button>
  );
}

export interface Tab {
  name: string;
  label: string;
}

/** Tabs by the usual manners: one stop, arrows move between them. */
export function Tabs({ tabs, chosen, choose, label, panel, small }: {
  tabs: Tab[]; chosen: string; choose: (name: string) => void; label: string; panel: string; small?: boolean;
}) {
  const row = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const index = tabs.findIndex((tab) => tab.name === chosen);
    const next = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const tab = tabs[(next + tabs.length) % tabs.length]!;
    choose(tab.name);
    row.current?.querySelector<HTMLElement>(`[data-name="${tab.name}"]`)?.focus();
  };
  return (
    <div class={small ? "tabs small" : "tabs"} role="tablist" aria-label={label} ref={row} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button
          key={tab.name} type="button" role="tab" data-name={tab.name} id={`${panel}-tab-${tab.name}`}
          aria-selected={tab.name === chosen} aria-controls={panel} tabIndex={tab.name === chosen ? 0 : -1}
          onClick={() => choose(tab.name)}
        >
          {tab.label}
        </button>
      ))}
    </div>
  );
}

/** A choice of few, of which one can be taken: looks like a switch, is a group of radio buttons. */
export function Segments<T extends string>({ options, chosen, choose, label, id }: {
  options: { value: T; label: string }[]; chosen: T; choose: (value: T) => void; label: string; id: string;
}) {
  return (
    <div class="segments" role="radiogroup" aria-label={label} id={id} tabIndex={-1}>
      {options.map((option) => (
        <label key={option.value} class={option.value === chosen ? "chosen" : ""}>
          <input type="radio" name={id} checked={option.value === chosen} onChange={() => choose(option.value)} />
          <span>{option.label}</span>
        </label>
      ))}
    </div>
  );
}

export function Dialog({ open, close, title, children, side }: {
  open: boolean; close: () => void; title: string; children: ComponentChildren; side?: "left" | "right";
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    if (open && !element.open) element.showModal();
    if (!open && element.open) element.close();
  }, [open]);
  return (
    <dialog
      ref={dialog} class={side ? `sheet ${side}` : "sheet"} aria-label={title} onClose={close}
      onClick={(event) => { if (event.target === dialog.current) close(); }}
    >
      {open && (
        <div class="sheet-body">
          <header class="sheet-head">
            <h2>{title}</h2>
            <button type="button" class="quiet icon-only" onClick={close} aria-label="Close" title="Close"><Icon name="close" /></button>
          </header>
          {children}
        </div>
      )}
    </dialog>
  );
}
