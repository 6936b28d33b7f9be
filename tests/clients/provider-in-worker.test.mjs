// The Vercel AI SDK with Cloudflare's provider where it is at home: bundled into a Worker that Miniflare runs.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { server } from "./server.mjs";

const source = `
  import { experimental_generateSpeech as generateSpeech, generateImage, generateText, streamText } from "ai";
  import { createWorkersAI } from "workers-ai-provider";
  export default {
    async fetch(request, env) {
      const workersai = createWorkersAI({ binding: env.AI });
      const model = workersai("@cf/meta/llama-3.3-70b-instruct-fp8-fast");
      const prompt = "Hello, how are you?";
      const { text } = await generateText({ model, prompt });
      let streamed = "";
      for await (const piece of streamText({ model, prompt }).textStream) streamed += piece;
      const { audio } = await generateSpeech({ model: workersai.speech("@cf/deepgram/aura-1"), text: "hello" });
      const { image } = await generateImage({ model: workersai.image("@cf/leonardo/phoenix-1.0"), prompt: "a cat" });
      return Response.json({ text, streamed, sound: audio.uint8Array.length, image: [...image.uint8Array.slice(0, 2)] });
    },
  };`;

let miniflare;
before(async () => {
  const bundled = await build({
    stdin: { contents: source, resolveDir: import.meta.dirname },
    bundle: true,
    format: "esm",
    conditions: ["workerd", "worker"],
    external: ["node:*"],
    write: false,
    logLevel: "error",
  });
  miniflare = new Miniflare({
    modules: true,
    script: bundled.outputFiles[0].text,
    compatibilityDate: "2026-04-01",
    compatibilityFlags: ["nodejs_compat"],
    ai: { binding: "AI", remoteProxyConnectionString: new URL(server) },
  });
});
after(() => miniflare?.dispose());

test("it writes, streams, speaks and draws", async () => {
  const response = await miniflare.dispatchFetch("http://worker.test/");
  const told = await response.text();
  assert.equal(response.status, 200, told);
  const { text, streamed, sound, image } = JSON.parse(told);
  assert.ok(text.length > 0);
  assert.equal(streamed, text);
  assert.ok(sound > 0);
  assert.deepEqual(image, [0xff, 0xd8]);
});
