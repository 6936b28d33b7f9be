// What the server tells of itself and of its models (GET /playground/models).

/** A JSON Schema in the project's own narrow dialect. */
export interface Schema {
  type?: "object" | "array" | "string" | "number" | "integer" | "boolean";
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: Schema[];
  enum?: (string | boolean)[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  format?: string;
  contentEncoding?: string;
  default?: unknown;
  title?: string;
  "x-kind"?: "messages" | "messages_with_images" | "tools" | "bytes" | "base64" | "media";
}

export interface Form {
  name: string;
  transport: "json" | "multipart" | "raw" | "raw_with_query" | "queue";
  /** The field that travels as the body. */
  body?: string;
  /** The forms of which each item of a batch is one. */
  items?: string[];
  schema?: Schema;
}

export interface Price {
  unit: string;
  usd: number;
  neurons?: number;
}

export interface Model {
  id: string;
  task: string;
  modality: string;
  created_at?: string;
  lifecycle: { gone_by?: string; planned_deprecation?: string; replacement?: string };
  properties?: Record<string, unknown>;
  prices?: Price[];
  requests_per_minute?: number;
  headline?: { context_window?: number; requests_per_minute: number };
  forms: Form[];
  reply: {
    json: boolean;
    stream: boolean;
    streams_by_default?: boolean;
    bytes: boolean;
    content_type?: string;
    queued: boolean;
  };
  realtime?: { content?: string };
  problem?: string;
}

export interface Everything {
  version: string;
  account: string;
  wants_token: boolean;
  meanings: Record<string, string>;
  models: Model[];
}

export async function load(): Promise<Everything> {
  const response = await fetch("/playground/models");
  if (!response.ok) throw new Error(`the server answered ${response.status} to GET /playground/models`);
  return response.json() as Promise<Everything>;
}

/** The last part of an id, which tells models apart at a glance. */
export const shortName = (id: string): string => id.split("/").pop() ?? id;

export const author = (id: string): string => id.split("/")[1] ?? "";

/** A model that speaks over WebSocket only. */
export const sessionOnly = (model: Model): boolean =>
  model.realtime !== undefined && model.realtime.content === undefined && model.forms.every((form) => form.transport === "json");

export const flag = (model: Model, name: string): boolean => model.properties?.[name] === true;

/** What a model can do, as short words. */
export function abilities(model: Model): string[] {
  const words: string[] = [];
  if (flag(model, "vision")) words.push("vision");
  if (flag(model, "function_calling")) words.push("tools");
  if (flag(model, "reasoning")) words.push("reasoning");
  if (flag(model, "lora")) words.push("LoRA");
  if (flag(model, "async_queue")) words.push("queue");
  if (flag(model, "realtime") || model.realtime) words.push("realtime");
  if (flag(model, "beta")) words.push("beta");
  if (flag(model, "partner")) words.push("partner");
  if (flag(model, "require_workers_paid")) words.push("paid plan");
  return words;
}

export function contextWindow(model: Model): number | undefined {
  const published = model.properties?.["context_window"] ?? model.properties?.["max_input_tokens"];
  return typeof published === "number" ? published : undefined;
}

const UNITS: Record<string, string> = {
  per_M_input_tokens: "/ M tokens in",
  per_M_output_tokens: "/ M tokens out",
  per_M_cached_input_tokens: "/ M cached tokens in",
  per_audio_minute: "/ minute of audio",
  per_audio_minute_websocket: "/ minute over WebSocket",
  per_1k_characters: "/ 1,000 characters",
  per_1k_input_characters: "/ 1,000 characters",
  per_512x512_tile: "/ 512 × 512 tile",
  per_step: "/ step",
  per_M_images: "/ M images",
  per_inference_request: "/ request",
};

/** A unit of a price list in words. */
export const unit = (name: string): string => UNITS[name] ?? `/ ${name.replace(/^per_/, "").replaceAll("_", " ")}`;

export function dollars(amount: number): string {
  if (amount === 0) return "free";
  const digits = amount >= 0.1 ? 2 : Math.min(8, 2 - Math.floor(Math.log10(amount)));
  return `$${amount.toFixed(digits).replace(/(\.\d\d\d*?)0+$/, "$1")}`;
}
