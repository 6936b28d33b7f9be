// The present request as a command or a program to copy.

import type { Form, Model, Schema } from "../catalogue";
import { encoding, isFileMarker } from "../schema";
import { asText, plan, queryString, type Input, type Plan } from "./plan";
import { heldFile } from "./files";

export interface Place {
  /** The address up to the model's id, which may hold shell variables. */
  base: string;
  /** A token that will do where the environment has none. */
  usualToken: string | undefined;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const typeOf = (file: string): string => heldFile(file)?.type || "application/octet-stream";

/** A command for a shell. */
export function curl(model: Model, form: Form, input: Input, place: Place): string {
  const planned = plan(model, form, input);
  const lines = [
    `curl "${place.base}${model.id}${queryString(planned.query)}"`,
    `-H "Authorization: Bearer ${place.usualToken === undefined ? "$CLOUDFLARE_API_TOKEN" : `\${CLOUDFLARE_API_TOKEN:-${place.usualToken}}`}"`,
  ];
  if (input["stream"] === true) lines[0] = lines[0]!.replace("curl ", "curl -N ");
  if (planned.kind === "raw") {
    lines.push(`-H ${quoted(`Content-Type: ${typeOf(planned.file)}`)}`, `--data-binary ${quoted(`@${planned.file}`)}`);
  } else if (planned.kind === "multipart") {
    for (const [name, value] of planned.parts) {
      lines.push(isFileMarker(value) ? `-F ${quoted(`${name}=@${value.$file}`)}` : `--form-string ${quoted(`${name}=${asText(value)}`)}`);
    }
  } else {
    lines.push(`-H 'Content-Type: application/json'`, shellBody(planned));
  }
  if (model.reply.bytes && !model.reply.json) lines.push(`-o answer.${ending(model)}`);
  return lines.join(" \\\n  ");
}

/** JSON for a shell: files are encoded by the shell itself, and large ones do not fit on a command line. */
function shellBody(planned: Extract<Plan, { kind: "json" }>): string {
  const commands: string[] = [];
  const text = JSON.stringify(substitute(planned.body, planned.schema, "", (file, how) => {
    const name = quoted(file);
    const command = how === "bytes"
      ? `[$(od -An -v -tu1 < ${name} | tr -s ' \\n' ',' | sed 's/^,//;s/,$//')]`
      : `"${how === "data_url" ? `data:${typeOf(file)};base64,` : ""}$(base64 < ${name} | tr -d '\\n')"`;
    commands.push(command);
    return `\u0000${commands.length - 1}\u0000`;
  }), null, 2);
  if (commands.length === 0) return `-d ${quoted(text)}`;
  // The here-document is read by the shell, so what it would take for its own is escaped.
  const escaped = text.replace(/[\\$`]/g, "\\$&").replace(/"\\\\u0000(\d+)\\\\u0000"/g, (_, index) => commands[Number(index)] ?? "");
  return `--data-binary @- <<JSON\n${escaped}\nJSON`;
}

/** A program for a browser's or Node's own fetch. */
export function javascript(model: Model, form: Form, input: Input, place: Place): string {
  const planned = plan(model, form, input);
  const files: string[] = [];
  let body: string;
  const token = `process.env.CLOUDFLARE_API_TOKEN${place.usualToken === undefined ? "" : ` ?? ${JSON.stringify(place.usualToken)}`}`;
  const headers = [`Authorization: \`Bearer \${${token}}\``];
  if (planned.kind === "raw") {
    files.push(planned.file);
    headers.push(`"Content-Type": ${JSON.stringify(typeOf(planned.file))}`);
    body = `await readFile(${JSON.stringify(planned.file)})`;
  } else if (planned.kind === "multipart") {
    body = "form";
    for (const [, value] of planned.parts) if (isFileMarker(value)) files.push(value.$file);
  } else {
    headers.push(`"Content-Type": "application/json"`);
    const expressions: string[] = [];
    const text = JSON.stringify(substitute(planned.body, planned.schema, "", (file, how) => {
      files.push(file);
      const read = `(await readFile(${JSON.stringify(file)}))`;
      expressions.push(how === "bytes" ? `[...${read}]`
        : how === "data_url" ? `\`data:${typeOf(file)};base64,\${${read}.toString("base64")}\`` : `${read}.toString("base64")`);
      return `\u0000${expressions.length - 1}\u0000`;
    }), null, 2);
    body = `JSON.stringify(${text.replace(/"\\u0000(\d+)\\u0000"/g, (_, index) => expressions[Number(index)] ?? "").replaceAll("\n", "\n  ")})`;
  }
  const lines: string[] = [];
  const needed = [...(files.length > 0 ? ["readFile"] : []), ...(model.reply.bytes && !model.reply.json ? ["writeFile"] : [])];
  if (needed.length > 0) lines.push(`import { ${needed.join(", ")} } from "node:fs/promises";`, "");
  if (planned.kind === "multipart") {
    lines.push("const form = new FormData();");
    for (const [name, value] of planned.parts) {
      lines.push(isFileMarker(value)
        ? `form.append(${JSON.stringify(name)}, new Blob([await readFile(${JSON.stringify(value.$file)})]), ${JSON.stringify(value.$file)});`
        : `form.append(${JSON.stringify(name)}, ${JSON.stringify(asText(value))});`);
    }
    lines.push("");
  }
  const address = `${place.base}${model.id}${queryString(planned.query)}`.replace(/\$(CLOUDFLARE_[A-Z_]+)/g, "${process.env.$1}");
  lines.push(`const response = await fetch(\`${address}\`, {`, `  method: "POST",`, `  headers: { ${headers.join(", ")} },`, `  body: ${body},`, "});", "");
  if (input["stream"] === true) {
    lines.push(
      "for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {",
      "  process.stdout.write(piece); // lines of the form `data: {…}`, and `data: [DONE]` at the end",
      "}",
    );
  } else if (model.reply.bytes && !model.reply.json) {
    lines.push(`await writeFile("answer.${ending(model)}", new Uint8Array(await response.arrayBuffer()));`);
  } else {
    lines.push("const { result, errors } = await response.json();", "console.dir(response.ok ? result : errors, { depth: null });");
  }
  return lines.join("\n");
}

const ending = (model: Model): string =>
  ({ "image/png": "png", "image/jpeg": "jpg", "audio/mpeg": "mp3" })[model.reply.content_type ?? ""] ?? "bin";

type Written = (file: string, how: ReturnType<typeof encoding>) => unknown;

/** The value with something else in the place of each file. */
function substitute(value: unknown, schema: Schema | undefined, name: string, written: Written): unknown {
  if (isFileMarker(value)) return written(value.$file, encoding(schema, name) ?? "data_url");
  if (Array.isArray(value)) return value.map((item) => substitute(item, schema?.items, name, written));
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    const inside = (key: string) => schema?.properties?.[key] ?? schema?.anyOf?.find((arm) => arm.properties?.[key])?.properties?.[key];
    return Object.fromEntries(entries.map(([key, inner]) => [key, substitute(inner, inside(key), key, written)]));
  }
  return value;
}
