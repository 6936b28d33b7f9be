// env.AI of one and the same Worker in two runtimes: Miniflare, and plain workerd with the configuration that the server's
// binary prints.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import workerd from "workerd";
import { binary, server, silence } from "./server.mjs";

const worker = fileURLToPath(new URL("worker.js", import.meta.url));
const port = new URL(server).port;

function inMiniflare(connection = server) {
  const miniflare = new Miniflare({
    modules: true,
    scriptPath: worker,
    script: readFileSync(worker, "utf8"),
    compatibilityDate: "2026-04-01",
    ai: { binding: "AI", remoteProxyConnectionString: new URL(connection) },
  });
  return { call: (url, options) => miniflare.dispatchFetch(url, options), stop: () => miniflare.dispose() };
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function inWorkerd(...options) {
  const folder = mkdtempSync(join(tmpdir(), "workerd-"));
  copyFileSync(worker, join(folder, "worker.js"));
  const printed = execFileSync(binary, ["workerd", ...options], { encoding: "utf8" });
  const address = `127.0.0.1:${await freePort()}`;
  writeFileSync(join(folder, "workerd.capnp"), printed.replace("127.0.0.1:8080", address));
  const running = spawn(workerd.default ?? workerd, ["serve", "workerd.capnp"], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  const ended = new Promise((resolve) => running.once("exit", resolve));
  for (let tries = 0; tries < 100; tries += 1) {
    if (await fetch(`http://${address}/none`).then(() => true, () => false)) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    call: (url, options) => fetch(url.replace("worker.test", address), options),
    async stop() {
      running.kill();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

/** A server of its own with a token; tells where it listens. */
async function guarded() {
  const running = spawn(binary, ["serve", "--port", "0", "--token", "a secret"], { stdio: ["ignore", "pipe", "inherit"] });
  const address = await new Promise((resolve, reject) => {
    let said = "";
    running.stdout.on("data", (chunk) => {
      said += chunk;
      const address = /^Local Workers AI on (http:\S+)/.exec(said)?.[1];
      if (address) resolve(address);
    });
    running.once("exit", () => reject(new Error(`the server ended: ${said}`)));
  });
  return { address, stop: () => running.kill() };
}

for (const [title, start] of [["in Miniflare", () => inMiniflare()], ["in plain workerd", () => inWorkerd("--port", port)]]) {
  describe(title, () => {
    let runtime;
    before(async () => (runtime = await start()));
    after(() => runtime?.stop());
    const ask = async (way, options) => {
      const response = await runtime.call(`http://worker.test/${way}`, options);
      const body = await response.json();
      assert.equal(response.status, 200, JSON.stringify(body));
      return body;
    };

    test("a plain call gives the model's own result", async () => {
      const { response, usage, success } = await ask("plain");
      assert.ok(response.length > 0 && usage.total_tokens > 0);
      assert.equal(success, undefined);
      assert.deepEqual((await ask("embedding")).shape, [2, 384]);
    });

    test("a stream is a stream", async () => {
      const { isStream, text } = await ask("stream");
      assert.ok(isStream && text.startsWith("data: {") && text.endsWith("data: [DONE]\n\n"));
      const said = text.split("\n\n").map((event) => event.slice(6)).filter((data) => data.startsWith("{"))
        .map((data) => JSON.parse(data).response ?? "").join("");
      assert.equal(said, (await ask("plain")).response);
    });

    test("images come as base64 or as bytes, whatever the model does", async () => {
      assert.deepEqual(await ask("image"), { encoded: [0xff, 0xd8], raw: [0xff, 0xd8] });
      assert.deepEqual(await ask("form"), { image: true });
    });

    test("sound is heard as numbers and as a stream", async () => {
      const heard = await ask("whisper", { method: "POST", body: silence() });
      assert.equal(heard.numbers.text, heard.stream.text);
      assert.equal(typeof heard.nova.results.channels[0].alternatives[0].transcript, "string");
    });

    test("models are found", async () => {
      assert.deepEqual((await ask("models")).map((model) => model.name), ["@cf/baai/bge-m3"]);
    });

    test("files become Markdown", async () => {
      const { one, many, supported } = await ask("markdown");
      assert.equal(one.data, "# Tides");
      assert.deepEqual(many.map((file) => file.format), ["markdown", "error"]);
      assert.ok(supported.some((format) => format.extension === ".pdf"));
    });

    test("an error is thrown with its code", async () => {
      const [unknown, wrong] = await ask("error");
      assert.ok(unknown.isError && unknown.id);
      assert.equal(unknown.name, "AiError");
      assert.equal(unknown.message, "5007: No such model @cf/no/model or task");
      assert.match(wrong.message, /^5006: Error: .*'\/text'/);
    });

    test("options reach the server", async () => {
      const { status, result, log, cache } = await ask("options");
      assert.equal(status, 200);
      assert.equal(result.shape[1], 384);
      assert.ok(log);
      assert.equal(cache, "MISS");
    });

    test("a batch is queued and fetched", async () => {
      const { queued, answer } = await ask("batch");
      assert.equal(queued.status, "queued");
      assert.equal(answer.responses[0].external_reference, "first");
    });

    test("a session speaks", async () => {
      const { status, bytes } = await ask("session");
      assert.equal(status, 101);
      assert.ok(bytes > 0);
    });
  });
}

describe("a server with a token", () => {
  let own;
  before(async () => (own = await guarded()));
  after(() => own?.stop());
  const ask = async (runtime) => {
    try {
      return await (await runtime.call("http://worker.test/embedding")).json();
    } finally {
      await runtime.stop();
    }
  };

  test("is called from Miniflare with the token in its address", async () => {
    assert.match((await ask(inMiniflare(own.address))).thrown, /10000: this server was started with a token/);
    assert.deepEqual((await ask(inMiniflare(`${own.address}/?token=a%20secret`))).shape, [2, 384]);
  });

  test("is called from workerd with the token in a header", async () => {
    const port = new URL(own.address).port;
    assert.match((await ask(await inWorkerd("--port", port))).thrown, /10000: this server was started with a token/);
    assert.deepEqual((await ask(await inWorkerd("--port", port, "--token", "a secret"))).shape, [2, 384]);
  });
});

test("what the binary prints for Miniflare runs as it stands", () => {
  // Beside the modules that it imports.
  const script = fileURLToPath(new URL("printed.mjs", import.meta.url));
  writeFileSync(script, execFileSync(binary, ["miniflare", "--port", port]));
  const printed = execFileSync(process.execPath, [script], { encoding: "utf8" });
  assert.match(printed, /response:/);
});
