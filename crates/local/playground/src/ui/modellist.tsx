// The models, grouped by task and found by any part of their names.

import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { abilities, author, contextWindow, type Model, shortName } from "../catalogue";
import { choose, everything, modelId } from "../state";
import { Icon } from "./icons";

const search = signal("");
const withRetired = signal(false);

/** The tasks that most people look for come first. */
const ORDER = ["Text Generation", "Text Embeddings", "Text-to-Image", "Image-to-Text", "Automatic Speech Recognition", "Text-to-Speech", "Translation"];

export const tokens = (count: number): string =>
  count >= 1_000_000 ? `${Number((count / 1_048_576).toFixed(2))}M` : count >= 1000 ? `${Math.round(count / (count % 1024 === 0 ? 1024 : 1000))}k` : String(count);

export function ModelList({ id }: { id: string }) {
  const list = useRef<HTMLDivElement>(null);
  const all = everything.value?.models ?? [];
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = all.filter((one) => {
    if (one.lifecycle.gone_by && !withRetired.value && one.id !== modelId.value) return false;
    const text = `${one.id} ${one.task} ${abilities(one).join(" ")}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const retired = all.filter((one) => one.lifecycle.gone_by).length;
  const groups = new Map<string, Model[]>();
  for (const one of found) groups.set(one.task, [...(groups.get(one.task) ?? []), one]);
  const rank = (task: string) => (ORDER.includes(task) ? ORDER.indexOf(task) : ORDER.length);
  const tasks = [...groups.keys()].sort((one, other) => rank(one) - rank(other) || one.localeCompare(other));
  useEffect(() => {
    list.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "center" });
  }, []);
  const stop = found.some((one) => one.id === modelId.value) ? modelId.value : groups.get(tasks[0] ?? "")?.[0]?.id;
  const move = (event: KeyboardEvent) => {
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>(".model-item") ?? [])];
    const index = buttons.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (next === undefined || buttons.length === 0) return;
    if ((event.key === "Home" || event.key === "End") && index < 0) return;
    event.preventDefault();
    if (next < 0) document.getElementById(`${id}-search`)?.focus();
    else buttons[Math.min(next, buttons.length - 1)]?.focus();
  };
  return (
    <div class="model-list" onKeyDown={move}>
      <div class="search">
        <Icon name="search" size={16} />
        <input id={`${id}-search`} type="search" value={search.value} placeholder="Search models" aria-label="Search models" autocomplete="off" spellcheck={false}
          onInput={(event) => { search.value = event.currentTarget.value; }}
          onKeyDown={(event) => { if (event.key === "Enter" && stop) { const first = groups.get(tasks[0] ?? "")?.[0]; if (first) choose(first.id); } }} />
      </div>
      <p class="hidden" role="status">{found.length} models</p>
      <nav class="model-groups" aria-label="Models" ref={list}>
        {tasks.map((task) => (
          <section key={task} aria-label={task}>
            <h3><Icon name={groups.get(task)?.[0]?.modality ?? "other"} size={15} />{task}</h3>
            <ul>{groups.get(task)?.map((one) => <li key={one.id}><Item model={one} isStop={one.id === stop} /></li>)}</ul>
          </section>
        ))}
        {found.length === 0 && <p class="muted none">No model is called that. {retired > 0 && !withRetired.value ? "Perhaps it has retired." : ""}</p>}
      </nav>
      {retired > 0 && (
        <label class="retired-switch"><input type="checkbox" checked={withRetired.value} onChange={(event) => { withRetired.value = event.currentTarget.checked; }} /> Show {retired} retired models</label>
      )}
    </div>
  );
}

function Item({ model, isStop }: { model: Model; isStop: boolean }) {
  const isCurrent = model.id === modelId.value;
  const window = contextWindow(model);
  const leaving = model.lifecycle.gone_by ? "retired" : model.lifecycle.planned_deprecation ? `leaves ${model.lifecycle.planned_deprecation}` : "";
  const few = abilities(model).filter((word) => ["vision", "tools", "reasoning", "realtime", "LoRA"].includes(word));
  return (
    <button type="button" class={`model-item${model.lifecycle.gone_by ? " gone" : ""}`} aria-current={isCurrent ? "true" : undefined} tabIndex={isStop ? 0 : -1}
      onClick={() => choose(model.id)} title={model.id}>
      <span class="model-name">{shortName(model.id)}</span>
      <span class="model-side">
        <span>{author(model.id)}</span>
        {window && <span>{tokens(window)}</span>}
        {few.map((word) => <span key={word}>{word}</span>)}
        {leaving && <span class="leaving">{leaving}</span>}
      </span>
    </button>
  );
}
