// Cloudflare's own SDK of its whole API.
import assert from "node:assert/strict";
import { test } from "node:test";
import Cloudflare, { toFile } from "cloudflare";
import { account, api, chat, embedding, isImage, silence, token } from "./server.mjs";

const client = new Cloudflare({ apiToken: token, baseURL: api, maxRetries: 0 });
const account_id = account;

test("models whose answers are JSON are run", async () => {
  const said = await client.ai.run(chat, { account_id, messages: [{ role: "user", content: "Hello, how are you?" }] });
  assert.ok(said.response.length > 0);
  const embedded = await client.ai.run(embedding, { account_id, text: ["one", "two"] });
  assert.deepEqual(embedded.shape, [2, 384]);
  const translated = await client.ai.run("@cf/meta/m2m100-1.2b", { account_id, text: "hello", target_lang: "pt" });
  assert.equal(typeof translated.translated_text, "string");
  const [label] = await client.ai.run("@cf/huggingface/distilbert-sst-2-int8", { account_id, text: "I love it" });
  assert.ok(["POSITIVE", "NEGATIVE"].includes(label.label) && label.score > 0);
  const drawn = await client.ai.run("@cf/black-forest-labs/flux-1-schnell", { account_id, prompt: "a cat" });
  assert.ok(isImage(Buffer.from(drawn.image, "base64")));
  const heard = await client.ai.run("@cf/openai/whisper", { account_id, audio: [...silence()] });
  assert.equal(typeof heard.text, "string");
});

test("the list of models comes to an end", async () => {
  const names = [];
  for await (const model of client.ai.models.list({ account_id, per_page: 5 })) {
    names.push(model.name);
    assert.ok(names.length < 1000, "the list does not end");
  }
  assert.ok(names.includes(embedding) && new Set(names).size === names.length);
});

test("a model's schema is told", async () => {
  const schema = await client.ai.models.schema.get({ account_id, model: embedding });
  assert.ok(schema.input && schema.output);
});

test("authors and tasks are listed", async () => {
  const authors = [];
  for await (const author of client.ai.authors.list({ account_id })) authors.push(author.name);
  const tasks = [];
  for await (const task of client.ai.tasks.list({ account_id })) tasks.push(task.name);
  assert.ok(authors.includes("baai") && tasks.includes("Text Embeddings"), `${authors} ${tasks}`);
});

test("a fine-tune is made, filled and used", async () => {
  const model = "@cf/google/gemma-7b-it-lora";
  const made = await client.ai.finetunes.create({ account_id, model, name: `tuned-${process.pid}` });
  assert.equal(made.model, model);
  const config = JSON.stringify({ model_type: "gemma", r: 8, peft_type: "LORA" });
  for (const [file_name, content] of [["adapter_config.json", config], ["adapter_model.safetensors", safetensors()]]) {
    const file = await toFile(Buffer.from(content), file_name);
    const answer = await client.ai.finetunes.assets.create(made.id, { account_id, file, file_name });
    assert.notEqual(answer?.success, false);
  }
  assert.ok(JSON.stringify(await client.ai.finetunes.list({ account_id })).includes(made.id));
  const said = await client.ai.run(model, { account_id, prompt: "hello", lora: made.id });
  assert.ok(said.response.length > 0);
  const shared = [];
  for await (const tune of client.ai.finetunes.public.list({ account_id, limit: 5 })) shared.push(tune);
  assert.ok(shared.length > 0);
});

/** The smallest file of that kind: a header of one tensor and its bytes. */
function safetensors() {
  const header = JSON.stringify({ "lora.weight": { dtype: "F32", shape: [1], data_offsets: [0, 4] } });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, Buffer.from(header), Buffer.alloc(4)]);
}

test("files become Markdown", async () => {
  const page = await toFile(Buffer.from("<h1>Tides</h1>"), "page.html", { type: "text/html" });
  const converted = [];
  for await (const file of client.ai.toMarkdown.transform({ account_id, file: { files: [page] } })) converted.push(file);
  assert.equal(converted[0].data, "# Tides");
  const supported = [];
  for await (const format of client.ai.toMarkdown.supported({ account_id })) supported.push(format.extension);
  assert.ok(supported.includes(".pdf"));
});

test("errors carry the service's codes", async () => {
  await assert.rejects(client.ai.run("@cf/no/model", { account_id, prompt: "hello" }), (error) => {
    assert.equal(error.status, 400);
    assert.equal(error.errors[0].code, 5007);
    return true;
  });
});
