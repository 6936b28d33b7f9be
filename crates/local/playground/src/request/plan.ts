// How a request travels: what goes into the address, what into the body. Both sending and copying start from here.

import type { Form, Model, Schema } from "../catalogue";
import { isFileMarker } from "../schema";

export type Input = Record<string, unknown>;

export type Plan =
  | { kind: "json"; query: [string, string][]; body: unknown; schema: Schema | undefined }
  | { kind: "raw"; query: [string, string][]; file: string }
  | { kind: "multipart"; query: [string, string][]; parts: [string, unknown][] };

export function plan(model: Model, form: Form, input: Input): Plan {
  const json: Plan = { kind: "json", query: [], body: input, schema: form.schema };
  const bytes = form.body ? input[form.body] : undefined;
  const others = Object.entries(input).filter(([name, value]) => name !== form.body && value !== undefined);
  switch (form.transport) {
    case "raw":
      return isFileMarker(bytes) && others.length === 0 ? { kind: "raw", query: [], file: bytes.$file } : json;
    case "raw_with_query":
      return isFileMarker(bytes)
        ? { kind: "raw", query: others.map(([name, value]) => [name, asText(value)]), file: bytes.$file }
        : json;
    case "multipart":
      return { kind: "multipart", query: [], parts: Object.entries(input).filter(([, value]) => value !== undefined) };
    case "queue":
      return { ...json, query: [["queueRequest", "true"]], schema: batchSchema(model, form) };
    default:
      return json;
  }
}

/** The schema of a whole batch. */
export function batchSchema(model: Model, form: Form): Schema {
  const named = (form.items ?? []).map((name) => model.forms.find((other) => other.name === name)?.schema);
  const arms = [...named, form.schema].filter((schema): schema is Schema => schema !== undefined);
  const item: Schema = arms.length === 1 ? arms[0]! : { anyOf: arms.map((arm, index) => ({ title: form.items?.[index], ...arm })) };
  return { type: "object", properties: { requests: { type: "array", items: item, minItems: 1 } }, required: ["requests"] };
}

export const formSchema = (model: Model, form: Form): Schema | undefined =>
  form.transport === "queue" ? batchSchema(model, form) : form.schema;

export const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

export function queryString(query: [string, string][]): string {
  return query.length === 0 ? "" : `?${new URLSearchParams(query)}`;
}
