// The plainest client: the runtime's own fetch, as Cloudflare's first page shows it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { account, api, token } from "./server.mjs";

test("a greeting is answered", async () => {
  const response = await fetch(`${api}/accounts/${account}/ai/run/@cf/meta/llama-3.1-8b-instruct`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}` },
    body: JSON.stringify({ messages: [{ role: "user", content: "Hello, how are you?" }] }),
  });
  const body = await response.json();
  assert.equal(response.status, 200);
  assert.equal(body.success, true);
  assert.ok(body.result.response.length > 0);
});
