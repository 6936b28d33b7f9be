// What a field is, read from its schema; and values that start one.

import type { Schema } from "./catalogue";

export type Kind =
  | "choice" | "flag" | "number" | "text" | "file" | "list" | "object" | "union" | "messages" | "tools" | "any";

/** A file that the page holds; it is put in the place of this marker when the request is sent. */
export interface FileMarker {
  $file: string;
}

export const isFileMarker = (value: unknown): value is FileMarker =>
  typeof value === "object" && value !== null && typeof (value as FileMarker).$file === "string";

/** How a file's bytes are written into JSON. */
export type Encoding = "bytes" | "base64" | "media" | "data_url";

/** Pictures that are published as plain text are addresses or data URLs. */
const PICTURES = new Set(["image", "url", "image_url"]);

export function encoding(schema: Schema | undefined, name: string): Encoding | undefined {
  const kind = schema?.["x-kind"];
  if (kind === "bytes" || kind === "base64" || kind === "media") return kind;
  if (schema?.contentEncoding === "base64") return "base64";
  if (schema?.format === "binary") return "media";
  if ((schema === undefined || schema.type === "string") && PICTURES.has(name)) return "data_url";
  return undefined;
}

export function kindOf(schema: Schema, name: string): Kind {
  const special = schema["x-kind"];
  if (special === "messages" || special === "messages_with_images") return "messages";
  if (special === "tools") return "tools";
  if (encoding(schema, name)) return "file";
  if (schema.anyOf) return schema.anyOf.length > 0 && schema.anyOf.length <= 4 ? "union" : "any";
  if (schema.enum && schema.type === "string") return "choice";
  switch (schema.type) {
    case "boolean": return "flag";
    case "number":
    case "integer": return "number";
    case "string": return "text";
    case "array": return schema.items && Object.keys(schema.items).length > 0 ? "list" : "any";
    case "object": return schema.properties ? "object" : "any";
    default: return "any";
  }
}

/** Required fields first, the most telling ones before the others; the rest by name. */
const FIRST = [
  "task", "messages", "prompt", "input", "text", "input_text", "query", "queries", "question", "audio", "image", "contexts",
  "documents", "source_lang", "target_lang", "target_language", "negative_prompt", "input_image_0",
];

/** Optional fields that nobody wants to look for. */
const NEVER_HIDDEN = new Set([
  "prompt", "messages", "input", "image", "audio", "target_lang", "source_lang", "question", "task", "speaker", "lang", "queries", "documents", "text",
  "query", "target", "language",
]);

/** Optional fields that are wanted most, and those that have been replaced by better ones. */
const WANTED = ["max_tokens", "max_completion_tokens", "temperature", "top_p", "top_k", "seed", "reasoning_effort", "reasoning", "chat_template_kwargs", "tools", "tool_choice", "response_format", "width", "height", "steps", "num_steps", "guidance", "strength"];
const REPLACED = ["functions", "function_call"];

export interface Fields {
  shown: [string, Schema][];
  more: [string, Schema][];
}

export function fieldsOf(schema: Schema | undefined): Fields {
  const required = new Set(schema?.required ?? []);
  const rank = (name: string): number => {
    const [place, wanted] = [FIRST.indexOf(name), WANTED.indexOf(name)];
    const within = place >= 0 ? place : wanted >= 0 ? 30 + wanted : REPLACED.includes(name) ? 90 : 70;
    return (required.has(name) ? 0 : 100) + within;
  };
  const entries = Object.entries(schema?.properties ?? {}).filter(([name]) => name !== "stream");
  entries.sort(([one], [other]) => rank(one) - rank(other) || one.localeCompare(other, "en", { numeric: true }));
  const isShown = (name: string) => required.has(name) || NEVER_HIDDEN.has(name);
  return { shown: entries.filter(([name]) => isShown(name)), more: entries.filter(([name]) => !isShown(name)) };
}

/** A value to begin with where one has to be there. */
export function blank(schema: Schema, name = ""): unknown {
  switch (kindOf(schema, name)) {
    case "object": {
      const start: Record<string, unknown> = {};
      for (const field of schema.required ?? []) {
        const inner = schema.properties?.[field];
        if (inner && inner.enum?.length === 1) start[field] = inner.enum[0];
      }
      return start;
    }
    case "list":
    case "messages":
    case "tools": return [];
    case "choice": return schema.enum?.[0];
    case "flag": return true;
    case "union": return schema.anyOf?.[0] ? blank(schema.anyOf[0], name) : undefined;
    case "number": return schema.minimum ?? 0;
    case "any": return schema.type === "array" ? [] : {};
    default: return "";
  }
}

/** Whether a value could be one of this schema, by its looks. */
export function looksLike(schema: Schema, value: unknown): boolean {
  switch (schema.type) {
    case "array": return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value) &&
        (schema.required ?? []).every((field) => field in value || schema.properties?.[field]?.enum === undefined);
    case "string": return typeof value === "string" && (!schema.enum || schema.enum.includes(value));
    case "boolean": return typeof value === "boolean";
    case "number":
    case "integer": return typeof value === "number";
    default: return schema.anyOf ? schema.anyOf.some((arm) => looksLike(arm, value)) : true;
  }
}

/** A short name for one arm of a union. */
export function armName(schema: Schema, index: number): string {
  if (schema.title) return schema.title.toLowerCase();
  if (schema.enum) return schema.enum.length === 1 ? String(schema.enum[0]) : "choice";
  const discriminator = Object.values(schema.properties ?? {}).find((inner) => inner.enum?.length === 1)?.enum?.[0];
  if (discriminator !== undefined) return String(discriminator);
  switch (schema.type) {
    case "string": return "one text";
    case "array": return "a list";
    case "object": return schema.required?.length ? `with ${schema.required.join(", ")}` : "object";
    case "boolean": return "yes or no";
    case undefined: return `form ${index + 1}`;
    default: return schema.type;
  }
}

const number = new Intl.NumberFormat("en-US", { maximumFractionDigits: 6 });

/** What a field takes, in few words. */
export function takes(schema: Schema): string {
  const range = (least: number | undefined, most: number | undefined, what: string): string => {
    if (least !== undefined && most !== undefined) return `${number.format(least)} to ${number.format(most)}${what}`;
    if (most !== undefined) return `at most ${number.format(most)}${what}`;
    if (least !== undefined && least > 1) return `at least ${number.format(least)}${what}`;
    return "";
  };
  switch (schema.type) {
    case "integer":
    case "number":
      return schema.minimum !== undefined && schema.maximum === undefined
        ? `at least ${number.format(schema.minimum)}`
        : range(schema.minimum, schema.maximum, "");
    case "string": return schema.enum ? "" : range(schema.maxLength ? undefined : schema.minLength, schema.maxLength, " characters");
    case "array": return schema["x-kind"] ? "" : range(schema.maxItems ? undefined : schema.minItems, schema.maxItems, " items");
    default: return "";
  }
}

/** What is plainly wrong with a value; the server knows better and is asked all the same. */
export function complaint(schema: Schema, value: unknown): string | undefined {
  if (typeof value === "number") {
    if (schema.type === "integer" && !Number.isInteger(value)) return "a whole number is wanted";
    if (schema.minimum !== undefined && value < schema.minimum) return `below ${number.format(schema.minimum)}`;
    if (schema.maximum !== undefined && value > schema.maximum) return `above ${number.format(schema.maximum)}`;
  }
  if (typeof value === "string" && schema.maxLength !== undefined && [...value].length > schema.maxLength) {
    return `${[...value].length - schema.maxLength} characters too long`;
  }
  if (Array.isArray(value) && schema.maxItems !== undefined && value.length > schema.maxItems) {
    return `${value.length - schema.maxItems} items too many`;
  }
  return undefined;
}
