// Server-sent events, and what a model says in them, whichever dialect it speaks.

/** Calls `each` with the data of every event; returns whether the stream was ended as agreed. */
export async function readEvents(body: ReadableStream<Uint8Array>, each: (data: string) => void): Promise<boolean> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = "";
  let done = false;
  for (;;) {
    const read = await reader.read();
    rest += read.done ? "\n\n" : read.value;
    const events = rest.split(/\r?\n\r?\n/);
    rest = events.pop() ?? "";
    for (const event of events) {
      const lines = event.split(/\r?\n/).filter((line) => line.startsWith("data:"));
      const data = lines.map((line) => line.slice(5).replace(/^ /, "")).join("\n");
      if (data === "[DONE]") done = true;
      else if (data !== "") each(data);
    }
    if (read.done) return done;
  }
}

export interface ToolCall {
  id?: string;
  name: string;
  arguments: string;
}

export interface Usage {
  prompt_tokens?: number;
  completion_tokens?: number;
  total_tokens?: number;
  input_tokens?: number;
  output_tokens?: number;
  neurons?: number;
}

/** What has been said so far. */
export interface Said {
  text: string;
  reasoning: string;
  calls: ToolCall[];
  usage?: Usage;
  finish?: string;
  error?: string;
  /** The result of a model that tells it at the end. */
  result?: unknown;
}

type Loose = Record<string, any>;

/** Adds one event to what has been said; padding and unknown members are passed over. */
export function hear(said: Said, event: unknown): void {
  if (typeof event !== "object" || event === null) return;
  const told = event as Loose;
  const failed = told["error"] ?? told["errors"]?.[0];
  if (failed) said.error = typeof failed === "string" ? failed : String(failed.message ?? JSON.stringify(failed));
  if (told["usage"]) said.usage = told["usage"];
  if (typeof told["type"] === "string") return hearResponses(said, told);
  if (typeof told["response"] === "string" || typeof told["response"] === "number") said.text += told["response"];
  for (const call of told["tool_calls"] ?? []) addCall(said, call);
  for (const choice of told["choices"] ?? []) {
    const delta = choice.delta ?? choice.message ?? {};
    said.text += delta.content ?? choice.text ?? "";
    said.reasoning += delta.reasoning_content ?? delta.reasoning ?? "";
    for (const call of delta.tool_calls ?? []) addCall(said, call);
    if (choice.finish_reason) said.finish = choice.finish_reason;
  }
  hearCumulative(said, told);
}

/** The Responses interface names each event. */
function hearResponses(said: Said, told: Loose): void {
  if (told["type"] === "response.output_text.delta") said.text += told["delta"] ?? "";
  else if (/^response\.reasoning.*\.delta$/.test(told["type"])) said.reasoning += told["delta"] ?? "";
  else if (told["type"] === "response.completed") said.usage = told["response"]?.usage ?? said.usage;
  else if (told["type"] === "response.failed") said.error = told["response"]?.error?.message ?? "the model failed";
}

/** Moondream repeats everything that it has said so far in each chunk. */
function hearCumulative(said: Said, told: Loose): void {
  const text = told["chunk"]?.answer ?? told["chunk"]?.caption;
  if (typeof text === "string") said.text = text;
  if (told["status"] === "succeeded" && Array.isArray(told["output"])) {
    const result = told["output"][0];
    said.result = result;
    said.text = result?.answer ?? result?.caption ?? said.text;
    if (typeof result?.reasoning?.text === "string") said.reasoning = result.reasoning.text;
  }
}

function addCall(said: Said, call: Loose): void {
  const told = call["function"] ?? call;
  const words = told.arguments === undefined || told.arguments === null ? ""
    : typeof told.arguments === "string" ? told.arguments : JSON.stringify(told.arguments);
  if (told.name) {
    const index = typeof call["index"] === "number" ? call["index"] : said.calls.length;
    said.calls[index] = { ...(call["id"] ? { id: call["id"] } : {}), name: told.name, arguments: words };
    return;
  }
  const open = said.calls[call["index"] ?? said.calls.length - 1];
  if (open) open.arguments += words;
}

/** What a reply that came in one piece says. */
export function readWhole(result: unknown): Said {
  const said: Said = { text: "", reasoning: "", calls: [] };
  if (typeof result !== "object" || result === null || Array.isArray(result)) return said;
  const told = result as Loose;
  hear(said, { ...told, type: undefined });
  if (typeof told["response"] === "object" && told["response"] !== null && !Array.isArray(told["response"])) {
    said.text = "```json\n" + JSON.stringify(told["response"], null, 2) + "\n```";
  }
  for (const item of told["object"] === "response" ? told["output"] ?? [] : []) {
    const parts = (item.content ?? []).map((part: Loose) => part["text"] ?? "").join("");
    if (item.type === "message") said.text += parts;
    else if (item.type === "reasoning") said.reasoning += parts;
    else if (item.type === "function_call") addCall(said, { id: item.call_id, name: item.name, arguments: item.arguments });
  }
  return said;
}
