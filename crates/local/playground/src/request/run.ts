// One run: sends a request, follows the answer as it arrives, and measures.

import { signal, type Signal } from "@preact/signals";
import type { Form, Model } from "../catalogue";
import { hear, readEvents, readWhole, type Said } from "./events";
import { encodeFiles, needFile, sniff } from "./files";
import { asText, plan, queryString, type Input, type Plan } from "./plan";

export interface Failure {
  message: string;
  code?: number;
  status?: number;
}

export type Media = { type: string; blob: Blob };

/** What is known of a run at some moment. */
export interface Progress {
  state: "running" | "done" | "failed" | "stopped";
  said: Said;
  /** Milliseconds until the first word or byte, and until the end. */
  first?: number;
  total?: number;
  status?: number;
  headers: Record<string, string>;
  result?: unknown;
  media?: Media;
  events: unknown[];
  failure?: Failure;
  /** The stream ended without saying so. */
  cut?: boolean;
}

export interface Run {
  id: number;
  at: number;
  model: string;
  form: string;
  target: string;
  input: Input;
  progress: Signal<Progress>;
  stop: () => void;
}

export interface Target {
  name: string;
  /** The address of a model's run. */
  address: (model: string) => string;
  token: string;
}

let count = 0;

export const newProgress = (): Progress =>
  ({ state: "running", said: { text: "", reasoning: "", calls: [] }, headers: {}, events: [] });

export function start(model: Model, form: Form, input: Input, target: Target, after: (run: Run) => void): Run {
  const cancel = new AbortController();
  count += 1;
  const run: Run = {
    id: Date.now() * 100 + (count % 100), at: Date.now(), model: model.id, form: form.name, target: target.name, input,
    progress: signal(newProgress()), stop: () => cancel.abort(),
  };
  void follow(run, model, form, target, cancel.signal).then(() => after(run));
  return run;
}

async function follow(run: Run, model: Model, form: Form, target: Target, cancel: AbortSignal): Promise<void> {
  const began = performance.now();
  const elapsed = () => performance.now() - began;
  let now = run.progress.value;
  let due = false;
  // Many events may arrive between two frames; the page is drawn once for all of them.
  const update = (change: Partial<Progress>) => {
    now = { ...now, ...change };
    if (due) return;
    due = true;
    requestAnimationFrame(() => { due = false; run.progress.value = now; });
  };
  const finish = (change: Partial<Progress>) => {
    now = { ...now, total: elapsed(), ...change };
    run.progress.value = now;
  };
  try {
    const planned = plan(model, form, run.input);
    const body = await write(planned);
    const response = await fetch(target.address(model.id) + queryString(planned.query), {
      method: "POST", signal: cancel, credentials: "omit", cache: "no-store", body: body.body,
      headers: { ...(body.type ? { "content-type": body.type } : {}), authorization: `Bearer ${target.token}` },
    });
    const type = (response.headers.get("content-type") ?? "").split(";")[0]!.trim();
    update({ status: response.status, headers: Object.fromEntries(response.headers) });
    if (type === "text/event-stream" && response.body) {
      const said: Said = { text: "", reasoning: "", calls: [] };
      const events: unknown[] = [];
      const ended = await readEvents(response.body, (data) => {
        const event = parse(data);
        events.push(event);
        hear(said, event);
        const begun = said.text !== "" || said.reasoning !== "" || said.calls.length > 0 || said.result !== undefined;
        update({ said: { ...said, calls: said.calls.map((call) => ({ ...call })) }, events, ...(begun && now.first === undefined ? { first: elapsed() } : {}) });
      });
      if (said.error) finish({ state: "failed", failure: { message: said.error } });
      else finish({ state: "done", said, events, result: said.result, cut: !ended && !said.finish });
    } else if (type === "application/json" || type === "") {
      const text = await response.text();
      update({ first: elapsed() });
      const envelope = parse(text) as Record<string, any>;
      const wrong = failure(envelope, response.status, response.ok);
      if (wrong) return finish({ state: "failed", failure: wrong, result: envelope });
      const result = envelope && typeof envelope === "object" && "result" in envelope ? envelope["result"] : envelope;
      finish({ state: "done", result, said: readWhole(result) });
    } else {
      const bytes = new Uint8Array(await response.arrayBuffer());
      update({ first: elapsed() });
      if (!response.ok) {
        const message = `${target.name} answered ${response.status} (${type})`;
        return finish({ state: "failed", failure: { message, status: response.status } });
      }
      const real = sniff(bytes, type);
      finish({ state: "done", media: { type: real, blob: new Blob([bytes], { type: real }) } });
    }
  } catch (error) {
    if (cancel.aborted) finish({ state: "stopped" });
    else finish({ state: "failed", failure: { message: explain(error, target) } });
  }
}

function explain(error: unknown, target: Target): string {
  if (error instanceof TypeError) return `${target.name} cannot be reached: is the local server still running?`;
  return error instanceof Error ? error.message : String(error);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What an envelope says went wrong. */
function failure(envelope: any, status: number, ok: boolean): Failure | undefined {
  if (ok && envelope?.success !== false && !envelope?.errors?.length) return undefined;
  const first = envelope?.errors?.[0] ?? envelope?.error ?? {};
  const message = typeof first === "string" ? first : first.message ?? `status ${status}`;
  const code = typeof first.code === "number" ? first.code : undefined;
  return { message: tidy(String(message)), status, ...(code === undefined ? {} : { code }) };
}

/** Without the prefixes and the request's id, which help nobody at this place. */
const tidy = (message: string): string =>
  message.replace(/^(AiError|Ai): /, "").replace(/^Bad input: /, "").replace(/^Error: /, "").replace(/ \([0-9a-f-]{36}\)$/, "");

async function write(planned: Plan): Promise<{ body: BodyInit; type?: string }> {
  if (planned.kind === "raw") {
    const file = needFile(planned.file);
    return { body: file, type: file.type || "application/octet-stream" };
  }
  if (planned.kind === "json") {
    return { body: JSON.stringify(await encodeFiles(planned.body, planned.schema)), type: "application/json" };
  }
  const parts = new FormData();
  for (const [name, value] of planned.parts) {
    const marker = value as { $file?: string };
    if (typeof marker?.$file === "string") parts.append(name, needFile(marker.$file), marker.$file);
    else parts.append(name, asText(value));
  }
  // The browser writes the content type itself, with the boundary.
  return { body: parts };
}

/** Which fields an error names: a message for each pointer. */
export function blame(failed: Failure | undefined, required: string[], input: Input): Map<string, string> {
  const blamed = new Map<string, string>();
  if (failed?.code !== 5006) return blamed;
  for (const part of failed.message.split(/, (?=(?:'\/|required |Type mismatch|Length |oneOf ))|matches: /)) {
    const names = /required properties at '\/' are '([^']+)'/.exec(part)?.[1]?.split(",");
    if (names) {
      if (names.some((name) => required.includes(name))) {
        for (const name of names) if (input[name] === undefined) blamed.set(`/${name}`, "is required");
      }
      continue;
    }
    for (const [, place] of part.matchAll(/'(\/[^']+)'/g)) if (place && !blamed.has(place)) blamed.set(place, part);
  }
  return blamed;
}
