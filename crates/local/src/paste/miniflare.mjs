// env.AI of a Worker in Miniflare, answered by the local Workers AI. Save as miniflare.mjs, then:
//   npm install miniflare && node miniflare.mjs
import { Miniflare } from "miniflare";

const miniflare = new Miniflare({
  modules: true,
  compatibilityDate: "2026-04-01",
  ai: { binding: "AI", remoteProxyConnectionString: new URL("http://127.0.0.1:8787") },
  script: `export default {
    async fetch(request, env) {
      const answer = await env.AI.run("@cf/meta/llama-3.3-70b-instruct-fp8-fast", { prompt: "Why is the sky blue?" });
      return Response.json(answer);
    },
  };`,
});

console.log(await (await miniflare.dispatchFetch("http://worker/")).json());
await miniflare.dispose();
