// The form, the same request as JSON and as code, and what is said when it is wrong.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { startBrowser, stored, text, withPage } from "./browser.mjs";
import { startServer } from "./server.mjs";
import { wav } from "./sound.mjs";

let server, browser, folder;
before(async () => { [server, browser, folder] = [await startServer(), await startBrowser(), await mkdtemp(join(tmpdir(), "copied-"))]; });
after(async () => { await browser?.close(); await server?.stop(); await rm(folder, { recursive: true }); });
const page = (options, use) => withPage(browser, server.address, options, use);

const asJson = async (page) => {
  await page.click("[role=tab][data-name=json]");
  const sent = JSON.parse(await page.inputValue("#request-json"));
  await page.click("[role=tab][data-name=form]");
  return sent;
};

test("a parameter that is not set is not sent", () => page({ model: "@cf/meta/llama-3.1-8b-instruct-fp8" }, async (page) => {
  await page.click("[role=tab][data-name=prompt]");
  await page.fill("#field-prompt", "Hello");
  await page.click(".more summary");
  assert.equal(await page.getAttribute("#field-temperature", "placeholder"), "0.6");
  assert.deepEqual(await asJson(page), { stream: true, prompt: "Hello" });
  await page.click(".more summary");
  await page.fill("#field-temperature", "1.5");
  await page.click("#field-raw >> text=on");
  assert.deepEqual(await asJson(page), { stream: true, prompt: "Hello", temperature: 1.5, raw: true });
  await page.click(".more summary");
  await page.click("[aria-label='Leave temperature out']");
  await page.click("#field-raw >> text=default");
  assert.deepEqual(await asJson(page), { stream: true, prompt: "Hello" });
}));

test("the form and the JSON are one request", () => page({ model: "@cf/meta/llama-3.1-8b-instruct-fp8" }, async (page) => {
  await page.click("[role=tab][data-name=prompt]");
  await page.click("[role=tab][data-name=json]");
  await page.fill("#request-json", '{"prompt": "From JSON", "top_k": 7}');
  await page.click("[role=tab][data-name=form]");
  assert.equal(await page.inputValue("#field-prompt"), "From JSON");
  await page.click(".more summary");
  assert.equal(await page.inputValue("#field-top_k"), "7");
  assert.equal(await page.isChecked("[role=switch]"), false);
  await page.click("[role=tab][data-name=json]");
  await page.fill("#request-json", "{");
  assert.match(await text(page, ".json .complaint"), /Not JSON yet/);
}));

test("the server's refusal stands at the field it names", () => page({ model: "@cf/meta/llama-3.3-70b-instruct-fp8-fast", expectedRefusals: ["/ai/run/"] }, async (page) => {
  await page.click("[role=tab][data-name=prompt]");
  await page.fill("#field-prompt", "Hello");
  await page.click(".more summary");
  await page.fill("#field-temperature", "9");
  await page.click(".run-bar .primary");
  await page.waitForSelector(".failed");
  assert.match(await text(page, ".failed"), /code 5006, status 400/);
  assert.equal(await text(page, "#field-temperature-wrong"), "'/temperature' must be <= 5");
  assert.equal(await page.getAttribute("#field-temperature", "aria-invalid"), "true");
  assert.match(await page.getAttribute("#field-temperature", "aria-describedby"), /field-temperature-wrong/);
  await page.fill("#field-temperature", "1");
  assert.equal(await page.locator("#field-temperature-wrong").count(), 0);
}));

test("a refused question is not lost", () => page({ model: "@cf/meta/llama-3.3-70b-instruct-fp8-fast", expectedRefusals: ["/ai/run/"] }, async (page) => {
  await page.click(".more summary");
  await page.fill("#field-temperature", "9");
  await page.fill("#composer", "Hello there");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".failed");
  assert.equal(await page.inputValue("#composer"), "Hello there");
  await page.fill("#field-temperature", "");
  await page.focus("#composer");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".said:not(.mine) .meter");
  assert.equal(await page.locator(".said.mine").count(), 1);
}));

test("what is required and empty is asked for before anything is sent", () => page({ model: "@cf/meta/m2m100-1.2b" }, async (page) => {
  let sent = 0;
  page.on("request", (request) => { if (request.url().includes("/ai/run/")) sent += 1; });
  await page.fill("#field-target_lang", "fr");
  await page.click(".run-bar .primary");
  assert.equal(await text(page, "#field-text-wrong"), "is required");
  assert.equal(await page.evaluate(() => document.activeElement.id), "field-text");
  assert.equal(sent, 0);
}));

const run = promisify(execFile);
const { CLOUDFLARE_API_TOKEN: _, ...inherited } = process.env;
const environment = { ...inherited, no_proxy: "*", NO_PROXY: "*" };

/** Copies the request as curl and as JavaScript, runs both, and gives what they print. */
async function runCopies(page) {
  await page.click("[role=tab][data-name=code]");
  await page.waitForSelector("[aria-label='Copy as curl']");
  await page.click("[aria-label='Copy as curl']");
  const curl = await page.evaluate(() => navigator.clipboard.readText());
  await page.click("[role=tab][data-name=javascript]");
  await page.click("[aria-label='Copy as JavaScript']");
  const program = await page.evaluate(() => navigator.clipboard.readText());
  await writeFile(join(folder, "copied.mjs"), program);
  const settings = { cwd: folder, env: environment, maxBuffer: 1 << 26 };
  return [await run("bash", ["-ec", curl], settings), await run(process.execPath, ["copied.mjs"], settings)].map((ended) => ended.stdout);
}

test("a chat copied as curl and JavaScript says the same", () => page({ model: "@cf/meta/llama-3.1-8b-instruct-fp8" }, async (page) => {
  const words = "It's \"quoted\", $HOME and `date` \\ fine";
  await page.fill("#composer", words);
  const [curl, program] = await runCopies(page);
  for (const told of [curl, program]) {
    const said = told.split("\n").filter((line) => line.startsWith("data: {")).map((line) => JSON.parse(line.slice(6)).response ?? "").join("");
    assert.ok(said.includes("$HOME and `date`"), said);
  }
}));

test("files are copied however they travel", async () => {
  await writeFile(join(folder, "tone.wav"), wav().buffer);
  for (const model of ["@cf/openai/whisper", "@cf/openai/whisper-large-v3-turbo", "@cf/deepgram/nova-3"]) {
    await page({ model }, async (page) => {
      await page.setInputFiles("#field-audio", wav());
      const [curl, program] = await runCopies(page);
      assert.match(curl, /this is/);
      assert.match(program, /this is/);
    });
  }
  const picture = { name: "dot $1.png", mimeType: "image/png", buffer: await tinyPicture() };
  await writeFile(join(folder, picture.name), picture.buffer);
  await page({ model: "@cf/black-forest-labs/flux-2-klein-4b" }, async (page) => {
    await page.fill("#field-prompt", "It's @home;type=no");
    await page.click(".more summary");
    await page.setInputFiles("#field-input_image_0", picture);
    const [curl, program] = await runCopies(page);
    assert.ok(JSON.parse(curl).result.image.length > 100);
    assert.match(program, /image:/);
  });
  await page({ model: "@cf/runwayml/stable-diffusion-v1-5-img2img" }, async (page) => {
    await page.fill("#field-prompt", "It's $5");
    await page.setInputFiles("#field-image", picture);
    await runCopies(page);
    assert.deepEqual([...(await readFile(join(folder, "answer.png"))).subarray(1, 4)], [...Buffer.from("PNG")]);
  });
});

/** The smallest picture: one pixel. */
async function tinyPicture() {
  return Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg==", "base64");
}

test("Rust is shown where the server writes it, and hidden where it does not", async () => {
  await page({ expectedRefusals: ["/playground/rust"] }, async (page) => {
    await page.route("**/playground/rust", (route) => route.fulfill({ status: 404, json: {} }));
    await page.click("[role=tab][data-name=code]");
    await page.waitForSelector("[role=tab][data-name=curl]");
    await page.waitForTimeout(400);
    assert.equal(await page.locator("[role=tab][data-name=rust]").count(), 0);
  });
  await page({}, async (page) => {
    await page.fill("#composer", "Hello");
    await page.click("[role=tab][data-name=code]");
    await page.waitForSelector("[role=tab][data-name=rust]");
    const code = await text(page, "#code-panel pre");
    assert.match(code, /llama_3_3_70b_instruct_fp8_fast::Request::messages/);
    assert.match(code, /Message::user\("Hello"\)/);
    assert.match(code, /\.stream\(\)/);
  });
});

test("runs are listed, outlive a reload and are opened again", () => page({ model: "@cf/meta/m2m100-1.2b" }, async (page) => {
  await page.click(".chip");
  await page.waitForSelector("p.large");
  await page.click(".model-item:has-text('bge-small')");
  await page.click(".chip");
  await page.waitForSelector(".heat");
  await page.reload();
  await page.waitForSelector("h1");
  await page.click(".runs:has-text('2')");
  assert.match(await text(page, ".history"), /bge-small.*m2m100/s);
  await page.click(".history-entry:has-text('m2m100')");
  assert.equal(await text(page, "h1"), "m2m100-1.2b");
  assert.equal(await page.inputValue("#field-text"), "Where is the nearest bakery?");
  await page.waitForSelector("p.large");
  assert.doesNotMatch(await stored(page), /authorization|bearer/i);
}));

test("Cloudflare is asked by way of the server, and its secrets are kept nowhere", () => page({ model: "@cf/meta/m2m100-1.2b", expectedRefusals: ["/playground/cloudflare/"] }, async (page) => {
  const asked = [];
  page.on("request", (request) => { if (request.url().includes("/playground/cloudflare/")) asked.push([new URL(request.url()).pathname, request.headers().authorization]); });
  const [account, token] = ["0a1b2c3d4e5f60718293a4b5c6d7e8f9", "cfut_not-a-real-one"];
  await page.click(".where");
  await page.click("dialog >> text=Cloudflare");
  await page.fill("#account-id", account);
  await page.fill("#cloudflare-token", token);
  await page.click("dialog >> text=Done");
  await page.click(".chip");
  await page.waitForSelector(".failed, p.large");
  assert.deepEqual(asked, [[`/playground/cloudflare/accounts/${account}/ai/run/@cf/meta/m2m100-1.2b`, `Bearer ${token}`]]);
  const kept = await stored(page);
  assert.ok(!kept.includes(token) && !kept.includes(account), kept);
  await page.reload();
  await page.waitForSelector("h1");
  assert.match(await text(page, ".where"), /Local/);
}));

test("a server with a token is asked with it", async () => {
  const guarded = await startServer("--token", "open-sesame");
  try {
    await withPage(browser, guarded.address, { model: "@cf/meta/m2m100-1.2b" }, async (page) => {
      await page.fill("#local-token", "open-sesame");
      await page.keyboard.press("Enter");
      await page.click(".chip");
      await page.waitForSelector("p.large");
      assert.doesNotMatch(await stored(page), /sesame/);
    });
  } finally {
    await guarded.stop();
  }
});
