// What is heard in a stream, whichever dialect it is in, and what an error names.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const source = join(dirname(fileURLToPath(import.meta.url)), "../../crates/local/playground");

let folder, page;
before(async () => {
  // The page's own bundler turns its TypeScript into something that Node reads.
  const esbuild = createRequire(join(source, "package.json"))("esbuild");
  folder = await mkdtemp(join(tmpdir(), "dialects-"));
  const outfile = join(folder, "page.mjs");
  const contents = `export * from "./request/events"; export { blame } from "./request/run";`;
  await esbuild.build({ stdin: { contents, resolveDir: join(source, "src"), loader: "ts" }, bundle: true, format: "esm", platform: "node", outfile, logLevel: "error" });
  page = await import(pathToFileURL(outfile));
});
after(() => rm(folder, { recursive: true }));

function heard(events) {
  const said = { text: "", reasoning: "", calls: [] };
  for (const event of events) page.hear(said, event);
  return said;
}

test("the classic dialect: words, padding, a trailer", () => {
  const said = heard([
    { response: "Hel", p: "abcdef" }, { tool_calls: [], p: "x" }, { response: "lo", p: "y" },
    { response: "", usage: { prompt_tokens: 3, completion_tokens: 2 } },
  ]);
  assert.equal(said.text, "Hello");
  assert.deepEqual(said.usage, { prompt_tokens: 3, completion_tokens: 2 });
});

test("the OpenAI dialect: reasoning by both names, usage from the trailer", () => {
  const delta = (delta, more = {}) => ({ choices: [{ index: 0, delta, finish_reason: null }], p: "x", usage: { completion_tokens: 1 }, ...more });
  const said = heard([
    delta({ role: "assistant", content: "", reasoning_content: null }), delta({ reasoning_content: "Hm. " }), delta({ reasoning: "Well." }),
    delta({ content: "Yes" }), delta({ content: "." }), { choices: [{ delta: {}, finish_reason: "stop" }] }, { choices: [] },
    { response: "", usage: { prompt_tokens: 9, completion_tokens: 4, neurons: 0.5 } },
  ]);
  assert.deepEqual([said.text, said.reasoning, said.finish], ["Yes.", "Hm. Well.", "stop"]);
  assert.equal(said.usage.completion_tokens, 4);
});

test("tool calls: whole, in fragments, with an end that says nothing", () => {
  assert.deepEqual(heard([{ tool_calls: [{ name: "weather", arguments: { city: "Paris" } }] }]).calls, [{ name: "weather", arguments: '{"city":"Paris"}' }]);
  const part = (call) => ({ choices: [{ delta: { tool_calls: [call] } }] });
  const said = heard([
    part({ id: "call-1", type: "function", index: 0, function: { name: "weather" } }), part({ index: 0, function: { arguments: '{"city":' } }),
    part({ index: 0, function: { arguments: '"Paris"}' } }), part({ id: null, type: null, index: 0, function: { name: null, arguments: "" } }),
  ]);
  assert.deepEqual(said.calls, [{ id: "call-1", name: "weather", arguments: '{"city":"Paris"}' }]);
});

test("the Responses interface and moondream, which repeats itself", () => {
  assert.equal(heard([{ type: "response.output_text.delta", delta: "Hi" }, { type: "response.output_text.delta", delta: "!" }]).text, "Hi!");
  const said = heard([{ chunk: { answer: "A" } }, { chunk: { answer: "A cat" } }, { status: "succeeded", output: [{ answer: "A cat." }] }]);
  assert.equal(said.text, "A cat.");
});

test("an error inside a stream is one", () => {
  assert.equal(heard([{ response: "a" }, { errors: [{ message: "out of capacity" }] }]).error, "out of capacity");
});

test("events are read however they are cut", async () => {
  const bytes = new TextEncoder().encode('data: {"a":"é"}\n\ndata: {"b":2}\r\n\r\ndata: [DONE]\n\n');
  for (const size of [1, 2, 3, 7, 100]) {
    const stream = new ReadableStream({
      start(controller) {
        for (let start = 0; start < bytes.length; start += size) controller.enqueue(bytes.slice(start, start + size));
        controller.close();
      },
    });
    const events = [];
    assert.equal(await page.readEvents(stream, (data) => events.push(data)), true, `pieces of ${size}`);
    assert.deepEqual(events, ['{"a":"é"}', '{"b":2}'], `pieces of ${size}`);
  }
});

test("an error names its fields", () => {
  const blamed = (message, required, input = {}) => Object.fromEntries(page.blame({ code: 5006, message }, required, input));
  assert.deepEqual(blamed("oneOf at '/' not met, 0 matches: '/temperature' must be <= 5, required properties at '/' are 'prompt', required properties at '/' are 'requests'", ["messages"]), { "/temperature": "'/temperature' must be <= 5" });
  assert.deepEqual(blamed("required properties at '/' are 'target_lang,text'", ["target_lang", "text"], { text: "a" }), { "/target_lang": "is required" });
  assert.deepEqual(blamed("Type mismatch of '/punctuate', 'string' not in 'boolean'", []), { "/punctuate": "Type mismatch of '/punctuate', 'string' not in 'boolean'" });
  assert.deepEqual(Object.fromEntries(page.blame({ code: 3040, message: "'/text' busy" }, [], {})), {});
});
