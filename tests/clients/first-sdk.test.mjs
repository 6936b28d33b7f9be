// `@cloudflare/ai`, Cloudflare's first SDK, in a Worker that Miniflare runs.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { server } from "./server.mjs";

const source = `
  import { Ai } from "@cloudflare/ai";
  export default {
    async fetch(request, env) {
      const ai = new Ai(env.AI);
      const said = await ai.run("@cf/meta/llama-2-7b-chat-int8", { prompt: "Hello, how are you?" });
      const embedded = await ai.run("@cf/baai/bge-small-en-v1.5", { text: ["one", "two"] });
      const stream = await ai.run("@cf/meta/llama-2-7b-chat-int8", { prompt: "Hello", stream: true });
      const streamed = await new Response(stream).text();
      let refused;
      await ai.run("@cf/baai/bge-small-en-v1.5", { text: 7 }).catch((error) => (refused = error.message));
      return Response.json({ said, embedded, streamed, refused, id: ai.lastRequestId });
    },
  };`;

let miniflare;
before(async () => {
  const bundled = await build({
    stdin: { contents: source, resolveDir: import.meta.dirname },
    bundle: true,
    format: "esm",
    write: false,
  });
  miniflare = new Miniflare({
    modules: true,
    script: bundled.outputFiles[0].text,
    compatibilityDate: "2026-04-01",
    ai: { binding: "AI", remoteProxyConnectionString: new URL(server) },
  });
});
after(() => miniflare?.dispose());

test("it runs, streams and throws", async () => {
  const told = await (await miniflare.dispatchFetch("http://worker.test/")).json();
  assert.ok(told.said.response.length > 0);
  assert.deepEqual(told.embedded.shape, [2, 384]);
  assert.ok(told.streamed.endsWith("data: [DONE]\n\n"));
  assert.match(told.refused, /^5006: /);
  assert.ok(told.id);
});
