// The side of the page that holds the request: forms, the same as JSON, the same as code.

import { useEffect, useState } from "preact/hooks";
import { sessionOnly } from "../catalogue";
import { Field } from "../field/field";
import { JsonField } from "../field/json";
import { fieldsOf } from "../schema";
import { chooseForm, clear, current, edit, form, input, isChat, isRunning, model, request, run, schema, target } from "../state";
import { samples } from "../samples";
import { Icon } from "../ui/icons";
import { Tabs } from "../ui/parts";
import { CodeView } from "./codeview";
import type { Input } from "./plan";

const FORM_LABELS: Record<string, string> = { default: "Request", query_and_contexts: "Query and contexts" };
const label = (name: string): string => FORM_LABELS[name] ?? name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ");

export function RequestPane() {
  const [view, setView] = useState("form");
  const chosen = model.value;
  const shape = form.value;
  useEffect(() => setView((now) => now), [chosen?.id]);
  if (!chosen) return null;
  const views = [{ name: "form", label: "Form" }, { name: "json", label: "JSON" }, { name: "code", label: "Code" }];
  return (
    <section class="pane request-pane" aria-labelledby="request-title" id="request">
      <header class="pane-head">
        <h2 id="request-title" class="hidden">Request</h2>
        <Tabs tabs={chosen.forms.map((one) => ({ name: one.name, label: label(one.name) }))} chosen={shape?.name ?? ""} choose={chooseForm} label="Forms of the request" panel="request-panel" />
        <Tabs small tabs={views} chosen={view} choose={setView} label="Views of the request" panel="request-view" />
      </header>
      <div class="pane-body" id="request-panel" role="tabpanel" aria-labelledby={`request-panel-tab-${shape?.name}`}>
        <div id="request-view" role="tabpanel" aria-labelledby={`request-view-tab-${view}`}>
          {view === "form" && <FormView />}
          {view === "json" && <JsonView />}
          {view === "code" && <CodeView />}
        </div>
      </div>
      {!isChat.value && <RunBar />}
    </section>
  );
}

function FormView() {
  const { shown, more } = fieldsOf(schema.value);
  const held = input.value;
  const set = more.filter(([name]) => held[name] !== undefined).length;
  const required = new Set(schema.value?.required ?? []);
  const [open, setOpen] = useState(false);
  const chosen = model.value;
  if (shown.length + more.length === 0) return <p class="muted">{chosen?.problem ? `No form can be drawn: ${chosen.problem}. Write the request as JSON.` : "This form has no fields."}</p>;
  // A form without anything required shows what it has.
  const [first, rest] = shown.length === 0 ? [more.slice(0, 4), more.slice(4)] : [shown, more];
  const one = ([name, inner]: [string, typeof shown[number][1]]) => (
    <Field key={`${chosen?.id}/${form.value?.name}/${name}`} schema={inner} name={name} path={[name]} value={held[name]} required={required.has(name)} />
  );
  return (
    <form class="fields" onSubmit={(event) => { event.preventDefault(); run(); }}>
      {first.map(one)}
      {isChat.value && <StreamSwitch />}
      {rest.length > 0 && (
        <details class="more" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary><Icon name="chevron" size={15} />More <span class="muted">{rest.length} optional{set > 0 ? `, ${set} set` : ""}</span></summary>
          {open && <div class="more-fields">{rest.map(one)}</div>}
        </details>
      )}
      {/* Enter in a one-line field submits. */}
      <button class="hidden" tabIndex={-1} aria-hidden="true">Run</button>
    </form>
  );
}

function JsonView() {
  const shown = request.value;
  return (
    <div class="json-view">
      <JsonField ties={{ id: "request-json" }} label="Request as JSON" rows={12} value={shown}
        change={(next) => { input.value = typeof next === "object" && next !== null && !Array.isArray(next) ? (next as Input) : {}; }} />
      <p class="hint">The form's other side: what is changed here changes there. A file stands as <code>{'{"$file": "…"}'}</code> until it is sent.</p>
    </div>
  );
}

function StreamSwitch() {
  const reply = model.value?.reply;
  if (!reply?.stream || form.value?.transport === "queue") return null;
  const on = input.value["stream"] === undefined ? reply.streams_by_default === true : input.value["stream"] === true;
  return (
    <label class="switch">
      <input type="checkbox" role="switch" checked={on} onChange={(event) => edit(["stream"], event.currentTarget.checked ? true : reply.streams_by_default ? false : undefined)} />
      <span class="track" aria-hidden="true" />
      <span>Stream the answer</span>
    </label>
  );
}

function RunBar() {
  const [chosen, shape] = [model.value, form.value];
  if (!chosen || !shape || sessionOnly(chosen)) return null;
  const fill = async () => {
    const sample = samples(chosen, shape, false)[0];
    for (const [name, value] of Object.entries((await sample?.fields?.()) ?? {})) edit([name], value);
  };
  return (
    <div class="run-bar">
      {isRunning.value
        ? <button type="button" class="button stop" onClick={() => current.value?.stop()}><Icon name="stop" size={16} />Stop <kbd>Esc</kbd></button>
        : <button type="button" class="button primary" onClick={run}><Icon name="run" size={16} />Run <kbd>Ctrl ↵</kbd></button>}
      <StreamSwitch />
      <span class="spring" />
      {samples(chosen, shape, false).length > 0 && <button type="button" class="quiet" onClick={() => void fill()}>Example</button>}
      <button type="button" class="quiet" onClick={clear}>Clear</button>
      <span class="hidden">Runs on {target.value.name}</span>
    </div>
  );
}

