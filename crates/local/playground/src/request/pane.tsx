// The side of the page that holds the request: forms, the same as JSON, the same as code.

import { batch } from "@preact/signals";
import { useState } from "preact/hooks";
import { sessionOnly } from "../catalogue";
import { FieldList } from "../field/field";
import { JsonField } from "../field/json";
import { StreamSwitch } from "../field/stream";
import { chooseForm, clear, current, draft, edit, form, input, isChat, isRunning, model, request, run, schema, target } from "../state";
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
  const shape = schema.value;
  const chosen = model.value;
  if (!shape || Object.keys(shape.properties ?? {}).length === 0) {
    return <p class="muted">{chosen?.problem ? `No form can be drawn: ${chosen.problem}. Write the request as JSON.` : "This form has no fields."}</p>;
  }
  return (
    <form class="fields" onSubmit={(event) => { event.preventDefault(); run(); }}>
      <FieldList key={`${chosen?.id}/${form.value?.name}`} schema={shape} path={[]} value={input.value} />
      {/* Enter in a one-line field submits. */}
      <button class="hidden" tabIndex={-1} aria-hidden="true">Run</button>
    </form>
  );
}

function JsonView() {
  const shown = request.value;
  const take = (next: unknown) => batch(() => {
    input.value = typeof next === "object" && next !== null && !Array.isArray(next) ? (next as Input) : {};
    // What was being typed is part of the JSON, and now of the request.
    draft.value = { text: "", images: [] };
  });
  return (
    <div class="json-view">
      <JsonField ties={{ id: "request-json" }} label="Request as JSON" rows={12} value={shown}
        change={take} />
      <p class="hint">The form's other side: what is changed here changes there. A file stands as <code>{'{"$file": "…"}'}</code> until it is sent.</p>
    </div>
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
        : <button type="button" class="button primary" title="Run (Ctrl + Enter)" onClick={run}><Icon name="run" size={16} />Run <kbd>Ctrl ↵</kbd></button>}
      <StreamSwitch />
      <span class="spring" />
      {samples(chosen, shape, false).length > 0 && <button type="button" class="quiet" onClick={() => void fill()}>Example</button>}
      <button type="button" class="quiet" onClick={clear}>Clear</button>
      <span class="hidden">Runs on {target.value.name}</span>
    </div>
  );
}

