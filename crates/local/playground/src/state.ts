// What the page knows and shows. Everything here is gone when the page is closed, but for the list of runs, which the tab
// keeps for a reload, and the colours. A token is in no storage.

import { batch, computed, effect, signal } from "@preact/signals";
import { type Everything, type Form, type Model, sessionOnly } from "./catalogue";
import { elementId, pointer, setIn, type Path } from "./path";
import { blame, start, type Run, type Target } from "./request/run";
import { formSchema, type Input } from "./request/plan";
import { remember, restore } from "./remember";
import { announce } from "./ui/announcer";

export const everything = signal<Everything | undefined>(undefined);
export const trouble = signal<string | undefined>(undefined);

export const modelId = signal("");
export const formName = signal("");
export const input = signal<Input>({});
/** What is typed and not yet part of the conversation. */
export const draft = signal<{ text: string; images: string[] }>({ text: "", images: [] });

export const runs = signal<Run[]>([]);
export const current = signal<Run | undefined>(undefined);
/** Fields whose blame has been answered by a change since the last run. */
const forgiven = signal<ReadonlySet<string>>(new Set());
/** Required fields that were found empty before anything was sent. */
export const missing = signal<ReadonlySet<string>>(new Set());

export type Where = "local" | "cloudflare";
export const where = signal<Where>("local");
export const account = signal("");
export const cloudflareToken = signal("");
export const localToken = signal("");
export const connectionIsOpen = signal(false);
export const historyIsOpen = signal(false);
export const modelsAreOpen = signal(false);

export const model = computed<Model | undefined>(() => everything.value?.models.find((one) => one.id === modelId.value));
export const form = computed<Form | undefined>(() => {
  const forms = model.value?.forms ?? [];
  return forms.find((one) => one.name === formName.value) ?? forms[0];
});
export const schema = computed(() => (model.value && form.value ? formSchema(model.value, form.value) : undefined));
export const isRunning = computed(() => current.value?.progress.value.state === "running");

/** Whether the present form is a conversation. */
export const isChat = computed(() =>
  form.value?.transport === "json" && schema.value?.properties?.["messages"]?.["x-kind"]?.startsWith("messages") === true);

/** The request as it would be sent now. */
export const request = computed<Input>(() => {
  const { text, images } = draft.value;
  if (!isChat.value || (text.trim() === "" && images.length === 0)) return input.value;
  const messages = Array.isArray(input.value["messages"]) ? input.value["messages"] : [];
  const content = images.length === 0 ? text : [
    ...(text.trim() === "" ? [] : [{ type: "text", text }]),
    ...images.map((file) => ({ type: "image_url", image_url: { url: { $file: file } } })),
  ];
  return { ...input.value, messages: [...messages, { role: "user", content }] };
});

/** The complaint about a field, by its JSON pointer. */
export const complaints = computed<Map<string, string>>(() => {
  const run = current.value;
  const required = schema.value?.required ?? [];
  const same = run && run.model === modelId.value && run.form === form.value?.name;
  const blamed = same ? blame(run.progress.value.failure, required, run.input) : new Map<string, string>();
  for (const place of forgiven.value) blamed.delete(place);
  for (const name of missing.value) blamed.set(`/${name}`, "is required");
  return blamed;
});

export function choose(id: string, keep?: { form: string; input: Input }): void {
  const chosen = everything.value?.models.find((one) => one.id === id);
  if (!chosen) return;
  batch(() => {
    const wasRunning = current.value;
    modelId.value = id;
    const usual = chosen.forms.find((one) => one.name === "messages") ?? chosen.forms[0];
    formName.value = keep?.form ?? usual?.name ?? "";
    input.value = keep?.input ?? beginning(chosen);
    draft.value = { text: "", images: [] };
    missing.value = new Set();
    modelsAreOpen.value = false;
    if (wasRunning && wasRunning.model !== id) current.value = undefined;
  });
  if (decodeURIComponent(location.hash.slice(2)) !== id) history.replaceState(null, "", `#/${id}`);
  document.title = `${id.split("/").pop()} · local Workers AI`;
}

/** Answers are followed as they are written where a model can do that; the switch is in plain sight. */
const beginning = (chosen: Model): Input => (chosen.reply.stream ? { stream: true } : {});

export function chooseForm(name: string): void {
  const next = model.value?.forms.find((one) => one.name === name);
  if (!next || !model.value) return;
  const properties = formSchema(model.value, next)?.properties ?? {};
  batch(() => {
    formName.value = name;
    // What both forms know is kept.
    const kept = Object.entries(input.value).filter(([field]) => field in properties || (field === "stream" && next.transport !== "queue"));
    input.value = { ...(next.transport === "queue" ? {} : beginning(model.value!)), ...Object.fromEntries(kept) };
    missing.value = new Set();
    current.value = undefined;
  });
}

export function edit(path: Path, value: unknown): void {
  batch(() => {
    input.value = setIn(input.value, path, value) as Input;
    const place = pointer(path.slice(0, 1));
    forgiven.value = new Set([...forgiven.value, pointer(path), place]);
    if (missing.value.size > 0) missing.value = new Set([...missing.value].filter((name) => `/${name}` !== place));
  });
}

export function clear(): void {
  batch(() => {
    input.value = model.value ? beginning(model.value) : {};
    draft.value = { text: "", images: [] };
    missing.value = new Set();
    current.value = undefined;
  });
}

export const target = computed<Target>(() => {
  if (where.value === "cloudflare") {
    const id = account.value.trim();
    return {
      name: "Cloudflare", token: cloudflareToken.value.trim(),
      address: (id_) => `/playground/cloudflare/accounts/${encodeURIComponent(id)}/ai/run/${id_}`,
    };
  }
  const id = everything.value?.account ?? "";
  return {
    name: "the local server", token: localToken.value.trim() || "local",
    address: (id_) => `/client/v4/accounts/${encodeURIComponent(id)}/ai/run/${id_}`,
  };
});

/** Whether something has to be asked for before anything can be sent. */
export const lacksCredentials = computed(() =>
  where.value === "cloudflare"
    ? account.value.trim() === "" || cloudflareToken.value.trim() === ""
    : everything.value?.wants_token === true && localToken.value.trim() === "");

/** The messages that runs have written, and which run wrote which. */
export const writtenBy = new WeakMap<object, Run>();

export function run(): void {
  const [chosen, shape] = [model.value, form.value];
  if (!chosen || !shape || isRunning.value || sessionOnly(chosen)) return;
  if (lacksCredentials.value) {
    connectionIsOpen.value = true;
    return;
  }
  const sent = request.value;
  const empty = (schema.value?.required ?? []).filter((name) => {
    const value = sent[name];
    return value === undefined || (name === "messages" && Array.isArray(value) && value.length === 0);
  });
  if (empty.length > 0) {
    missing.value = new Set(empty);
    announce(`${empty.join(", ")} ${empty.length === 1 ? "is" : "are"} required`);
    document.getElementById(isChat.value && empty[0] === "messages" ? "composer" : elementId([empty[0]!]))?.focus();
    return;
  }
  batch(() => {
    missing.value = new Set();
    forgiven.value = new Set();
    input.value = sent;
    draft.value = { text: "", images: [] };
    const begun = start(chosen, shape, sent, target.value, ended);
    current.value = begun;
    runs.value = [begun, ...runs.value].slice(0, 50);
  });
  announce("Running");
}

/** Puts a chat model's answer into its conversation, so that the next question follows it. */
function ended(done: Run): void {
  const progress = done.progress.value;
  const seconds = ((progress.total ?? 0) / 1000).toFixed(1);
  if (progress.state === "failed") announce(`Failed: ${progress.failure?.message ?? ""}`);
  else if (progress.state === "stopped") announce("Stopped");
  else announce(`Done in ${seconds} seconds`);
  remember(runs.value);
  if (current.value === done && isChat.value) {
    if (progress.state === "failed") return takeBack(done);
    const answer = answerMessage(done);
    if (answer) input.value = { ...input.value, messages: [...((input.value["messages"] as unknown[]) ?? []), answer] };
  }
}

/** A question that was refused goes back to where it was written. */
function takeBack(failed: Run): void {
  const messages = (failed.input["messages"] as { role?: string; content?: unknown }[]) ?? [];
  const last = messages.at(-1);
  if (draft.value.text !== "" || last?.role !== "user" || typeof last.content !== "string") return;
  batch(() => {
    input.value = { ...input.value, messages: messages.slice(0, -1) };
    draft.value = { text: last.content as string, images: [] };
  });
}

/** What a run said, as a message of the conversation. */
export function answerMessage(done: Run): object | undefined {
  const { said } = done.progress.value;
  if (said.text === "" && said.calls.length === 0) return undefined;
  const calls = said.calls.filter(Boolean).map((call, index) => ({
    id: call.id ?? `call_${index + 1}`, type: "function", function: { name: call.name, arguments: call.arguments },
  }));
  const message = { role: "assistant", content: said.text, ...(calls.length > 0 ? { tool_calls: calls } : {}) };
  writtenBy.set(message, done);
  return message;
}

export function reopen(old: Run): void {
  choose(old.model, { form: old.form, input: old.input });
  batch(() => {
    current.value = old;
    historyIsOpen.value = false;
    forgiven.value = new Set();
    const answer = isChat.value && old.progress.value.state !== "failed" ? answerMessage(old) : undefined;
    if (answer) input.value = { ...old.input, messages: [...((old.input["messages"] as unknown[]) ?? []), answer] };
  });
}

export function forgetRuns(): void {
  runs.value = [];
  remember([]);
}

export function opened(told: Everything): void {
  batch(() => {
    everything.value = told;
    runs.value = restore();
    const wanted = decodeURIComponent(location.hash.slice(2));
    const first = told.models.find((one) => one.id === wanted) ??
      told.models.find((one) => one.id === "@cf/meta/llama-3.3-70b-instruct-fp8-fast") ??
      told.models.find((one) => one.lifecycle.gone_by === undefined) ?? told.models[0];
    if (first) choose(first.id);
    if (told.wants_token) connectionIsOpen.value = true;
  });
}

addEventListener("hashchange", () => choose(decodeURIComponent(location.hash.slice(2))));

/** Colours: what the system says, unless the user says otherwise. */
export type Colours = "system" | "light" | "dark";
const stored = (() => {
  try {
    return localStorage.getItem("playground-colours");
  } catch {
    return null;
  }
})();
export const colours = signal<Colours>(stored === "light" || stored === "dark" ? stored : "system");
effect(() => {
  if (colours.value === "system") delete document.documentElement.dataset["colours"];
  else document.documentElement.dataset["colours"] = colours.value;
  try {
    localStorage.setItem("playground-colours", colours.value);
  } catch {
    // A browser that keeps nothing still shows the colours.
  }
});
