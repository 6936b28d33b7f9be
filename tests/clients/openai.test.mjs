// OpenAI's own SDK on the OpenAI-compatible paths.
import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { account, api, chat, embedding, near, newerChat, token } from "./server.mjs";

const client = new OpenAI({ apiKey: token, baseURL: `${api}/accounts/${account}/ai/v1`, maxRetries: 0 });
const messages = [{ role: "user", content: "What is the weather in Lisbon?" }];
const weather = {
  type: "function",
  function: {
    name: "weather",
    description: "The weather of a city",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};

for (const model of [chat, newerChat]) {
  test(`${model} chats`, async () => {
    const completion = await client.chat.completions.create({ model, messages });
    assert.ok(completion.choices[0].message.content.includes("Lisbon"));
    assert.equal(completion.choices[0].finish_reason, "stop");
    assert.ok(completion.usage.total_tokens > 0);
  });

  test(`${model} streams what it says`, async () => {
    const stream = await client.chat.completions.create({ model, messages, stream: true });
    let text = "";
    let finish;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta?.content ?? "";
      finish = chunk.choices[0]?.finish_reason ?? finish;
    }
    const whole = await client.chat.completions.create({ model, messages });
    assert.equal(text, whole.choices[0].message.content);
    assert.equal(finish, "stop");
  });

  test(`${model} calls a tool and reads its result`, async () => {
    const asked = await client.chat.completions.create({ model, messages, tools: [weather], tool_choice: "required" });
    const { message, finish_reason } = asked.choices[0];
    assert.equal(finish_reason, "tool_calls");
    const [call] = message.tool_calls;
    assert.equal(call.function.name, "weather");
    assert.deepEqual(JSON.parse(call.function.arguments), { city: "Lisbon" });
    const result = { role: "tool", tool_call_id: call.id, content: "18 degrees and cloudy" };
    const told = await client.chat.completions.create({ model, messages: [...messages, message, result], tools: [weather] });
    assert.equal(told.choices[0].finish_reason, "stop");
    assert.ok(told.choices[0].message.content.includes("18 degrees"), told.choices[0].message.content);
  });

  test(`${model} streams a tool call in fragments that fit together`, async () => {
    const runner = client.chat.completions.stream({ model, messages, tools: [weather] });
    const completion = await runner.finalChatCompletion();
    const [call] = completion.choices[0].message.tool_calls;
    assert.equal(call.function.name, "weather");
    assert.deepEqual(JSON.parse(call.function.arguments), { city: "Lisbon" });
  });
}

test("an answer follows a schema", async () => {
  const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false };
  const response_format = { type: "json_schema", json_schema: { name: "place", strict: true, schema } };
  const completion = await client.chat.completions.create({ model: newerChat, messages, response_format });
  assert.equal(typeof JSON.parse(completion.choices[0].message.content).city, "string");
});

test("embeddings are the same as base64, which the SDK asks for, and as numbers", async () => {
  const input = ["a cat sleeps", "a sleeping cat", "quarterly revenue"];
  const encoded = await client.embeddings.create({ model: embedding, input });
  const plain = await client.embeddings.create({ model: embedding, input, encoding_format: "float" });
  assert.equal(encoded.data.length, 3);
  for (const [index, { embedding: vector }] of encoded.data.entries()) {
    assert.equal(vector.length, 384);
    assert.ok(near(vector, plain.data[index].embedding) > 0.99999);
  }
  const [cat, other, revenue] = plain.data.map((item) => item.embedding);
  assert.ok(near(cat, other) > near(cat, revenue));
});

test("a response is made and streamed", async () => {
  const asked = { model: "@cf/openai/gpt-oss-20b", input: "Say hello to Ada.", instructions: "Be short." };
  const response = await client.responses.create(asked);
  assert.equal(response.status, "completed");
  assert.ok(response.output_text.length > 0);
  let text = "";
  let last;
  for await (const event of await client.responses.create({ ...asked, stream: true })) {
    if (event.type === "response.output_text.delta") text += event.delta;
    last = event.type;
  }
  assert.equal(text, response.output_text);
  assert.equal(last, "response.completed");
});

test("the SDK's own helper follows a streamed response to its end", async () => {
  const stream = client.responses.stream({ model: "@cf/openai/gpt-oss-20b", input: "Say hello to Ada." });
  const deltas = [];
  stream.on("response.output_text.delta", (event) => deltas.push(event.delta));
  const response = await stream.finalResponse();
  assert.equal(deltas.join(""), response.output_text);
});

test("errors arrive with the service's status and words", async () => {
  await assert.rejects(client.chat.completions.create({ model: "@cf/no/model", messages }), (error) => {
    assert.equal(error.status, 400);
    return true;
  });
  await assert.rejects(client.models.list().asResponse(), { status: 405 });
});
