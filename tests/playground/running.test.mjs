// What each kind of model answers, as the page shows it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startBrowser, text, withPage } from "./browser.mjs";
import { startServer } from "./server.mjs";
import { wav } from "./sound.mjs";

let server, browser;
before(async () => { [server, browser] = [await startServer(), await startBrowser()]; });
after(async () => { await browser?.close(); await server?.stop(); });
const page = (options, use) => withPage(browser, server.address, options, use);

test("a chat streams, is measured, and goes on", () => page({ model: "@cf/qwen/qwen3-30b-a3b-fp8" }, async (page) => {
  await page.fill("#composer", "Why is the sky blue?");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".said:not(.mine) .meter");
  assert.match(await text(page, ".said:not(.mine) .prose"), /synthetic answer/);
  assert.match(await text(page, ".said .reasoning"), /Reasoning/);
  const meter = await text(page, ".said:not(.mine) .meter");
  for (const part of [/synthetic/, /took/, /first token/, /tokens\s+\d+ in, \d+ out/, /neurons/]) assert.match(meter, part);
  await page.fill("#composer", "And at dusk?");
  await page.click("button[aria-label=Send]");
  await page.waitForFunction(() => document.querySelectorAll(".said:not(.mine) .meter").length === 2);
  await page.click("[role=tab][data-name=reply]");
  assert.ok(await page.locator(".tree-root .tree").count() > 5, "the events are listed");
  await page.click("[role=tab][data-name=json]");
  const sent = JSON.parse(await page.inputValue("#request-json"));
  assert.deepEqual(sent.messages.map((message) => message.role), ["user", "assistant", "user", "assistant"]);
  assert.equal(sent.stream, true);
}));

/** An answer that takes its time, in the place of the server's, which is there at once. */
const slowly = () => {
  const original = window.fetch;
  window.fetch = (address, options) => {
    if (!String(address).includes("/ai/run/")) return original(address, options);
    const words = ["One ", "two ", "**three**. ", ...Array.from({ length: 400 }, () => "and so on ")];
    const stream = new ReadableStream({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 30));
        if (options.signal.aborted) return controller.error(new DOMException("stopped", "AbortError"));
        const word = words.shift();
        // Cut in the middle of an event, as a network may.
        const event = new TextEncoder().encode(`data: ${JSON.stringify({ response: word, p: "abc" })}\n\n`);
        controller.enqueue(event.slice(0, 9));
        controller.enqueue(event.slice(9));
      },
    });
    return Promise.resolve(new Response(stream, { headers: { "content-type": "text/event-stream" } }));
  };
};

test("an answer is shown and spoken while it arrives, and can be stopped", () => page({ init: slowly }, async (page) => {
  await page.click(".chip");
  await page.waitForSelector(".said.live .prose strong");
  assert.equal(await page.locator(".said.live").getAttribute("aria-busy"), "true");
  const early = (await text(page, ".said.live .prose")).length;
  await page.waitForFunction((length) => document.querySelector(".said.live .prose")?.textContent.length > length + 40, early);
  await page.waitForFunction(() => document.querySelector("[role=log]").textContent.includes("One two **three**."));
  await page.click("button[aria-label=Stop]");
  await page.waitForSelector("button[aria-label=Send]");
  assert.match(await text(page, ".said:not(.mine) .meter"), /stopped/);
  assert.match(await text(page, ".said:not(.mine) .prose"), /^One two three\./);
}));

/** A model that was talked into writing a page of its own. */
const hostile = () => {
  const original = window.fetch;
  const words = "<img src=x onerror=\"window.hit=1\"><script>window.hit=1</script> [a](javascript:window.hit=1) ![b](https://evil.example/p.png) <style>*{display:none}</style> <p style='position:fixed'>up</p>";
  window.fetch = (address, options) => String(address).includes("/ai/run/")
    ? Promise.resolve(new Response(JSON.stringify({ result: { response: words }, success: true }), { headers: { "content-type": "application/json" } }))
    : original(address, options);
};

test("what a model writes cannot do anything", () => page({ init: hostile }, async (page) => {
  await page.click(".chip");
  await page.waitForSelector(".said:not(.mine) .prose");
  const shown = page.locator(".said:not(.mine) .prose");
  assert.equal(await shown.locator("img, script, style, [onerror], [href^='javascript']").count(), 0);
  assert.match(await shown.innerText(), /<script>window.hit=1<\/script>/);
  assert.equal(await shown.locator("a[href='https://evil.example/p.png']").getAttribute("rel"), "noopener noreferrer nofollow");
  assert.equal(await page.evaluate(() => window.hit), undefined);
}));

test("a tool is called and answered", () => page({ model: "@cf/meta/llama-3.3-70b-instruct-fp8-fast" }, async (page) => {
  await page.click(".more summary");
  await page.click("text=A weather tool");
  await page.fill("#composer", "What is the weather in Paris?");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".call-answer");
  assert.match(await text(page, ".call pre"), /Paris/);
  await page.fill(".call-answer input", "sunny, 24 degrees");
  await page.click(".call-answer button");
  await page.waitForFunction(() => document.querySelectorAll(".said:not(.mine):not(.tool) .prose").length === 1);
}));

test("an image is drawn, shown and can be saved", () => page({ model: "@cf/black-forest-labs/flux-1-schnell" }, async (page) => {
  await page.fill("#field-prompt", "A lighthouse");
  await page.click(".run-bar .primary");
  await page.waitForSelector(".media img");
  await page.waitForFunction(() => document.querySelector(".media img").naturalWidth > 100);
  assert.match(await text(page, ".media figcaption"), /1024 × 1024, image\/jpeg/);
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(".media a")]);
  assert.equal(download.suggestedFilename(), "flux-1-schnell.jpg");
  assert.match(await text(page, ".pane-foot"), /neurons\s+172\.8/);
}));

test("an image from multipart and an image as raw bytes are shown", async () => {
  for (const model of ["@cf/black-forest-labs/flux-2-klein-4b", "@cf/leonardo/phoenix-1.0"]) {
    await page({ model }, async (page) => {
      await page.fill("#field-prompt", "A paper fox");
      await page.keyboard.press("Control+Enter");
      await page.waitForFunction(() => document.querySelector(".media img")?.naturalWidth > 100);
    });
  }
});

test("speech can be heard", () => page({ model: "@cf/deepgram/aura-2-en" }, async (page) => {
  await page.fill("#field-text", "Good morning");
  await page.click(".run-bar .primary");
  await page.waitForFunction(() => document.querySelector(".media audio")?.duration > 0.2);
}));

test("a sound is transcribed with timed words", async () => {
  for (const model of ["@cf/openai/whisper", "@cf/openai/whisper-large-v3-turbo", "@cf/deepgram/nova-3"]) {
    await page({ model }, async (page) => {
      await page.setInputFiles("#field-audio", wav());
      await page.waitForSelector(".preview audio");
      await page.click(".run-bar .primary");
      await page.waitForSelector(".words li");
      assert.match(await text(page, ".transcript .large"), /this is/);
      assert.match(await text(page, ".words li:nth-child(2)"), /is\s+0:00\.4/);
      await page.click(".words li:nth-child(2) button");
      await page.waitForFunction(() => document.querySelector(".transcript audio").currentTime >= 0.4);
    });
  }
});

test("embeddings are plotted by how near they are", () => page({ model: "@cf/baai/bge-base-en-v1.5" }, async (page) => {
  await page.click("text=a list");
  for (const words of ["a cat", "a cat", "a stock market"]) {
    await page.click("text=Add text");
    await page.waitForFunction(() => document.activeElement.tagName === "TEXTAREA");
    await page.keyboard.type(words);
  }
  await page.keyboard.press("Control+Enter");
  await page.waitForSelector(".heat");
  const cells = await page.locator(".heat tbody tr").first().locator("td").allInnerTexts();
  assert.deepEqual([cells.length, cells[0], cells[1]], [3, "1.00", "1.00"]);
  assert.ok(Number(cells[2]) < 0.9, cells[2]);
  await page.click("text=Show the numbers");
  await page.locator(".numbers summary").first().click();
  assert.equal((await text(page, ".numbers code")).split(",").length, 768);
}));

test("objects are framed on the picture, classes are bars", async () => {
  await page({ model: "@cf/facebook/detr-resnet-50" }, async (page) => {
    await page.click("text=Use a sample picture");
    await page.waitForSelector(".preview img");
    await page.click(".run-bar .primary");
    await page.waitForSelector(".boxes svg rect", { state: "attached" });
    assert.equal(await page.locator(".boxes svg rect").count(), await page.locator(".boxes .bars li").count());
  });
  await page({ model: "@cf/microsoft/resnet-50" }, async (page) => {
    await page.click(".chip");
    await page.waitForSelector(".beside .bars meter");
  });
});

test("contexts are ranked, text is translated, a turn is judged", async () => {
  for (const [model, selector] of [
    ["@cf/baai/bge-reranker-base", ".bars li"], ["@cf/baai/bge-m3", ".heat"], ["@cf/meta/m2m100-1.2b", "p.large"], ["@cf/pipecat-ai/smart-turn-v2", "p.large"],
    ["@cf/llava-hf/llava-1.5-7b-hf", "p.large"], ["@cf/moondream/moondream3.1-9B-A2B", ".prose"], ["@cf/myshell-ai/melotts", ".media audio"],
  ]) {
    await page({ model }, async (page) => {
      await page.click(".chip");
      await page.waitForSelector(`.answer-pane ${selector}`);
    });
  }
});

test("a batch is queued and its answers arrive", () => page({ model: "@cf/baai/bge-base-en-v1.5" }, async (page) => {
  await page.click("[role=tab][data-name=batch]");
  await page.click(".chip");
  await page.waitForSelector("text=The batch is done.");
  assert.equal(await page.locator(".responses > li").count(), 2);
  assert.match(await text(page, ".responses > li"), /request 1.*shape/s);
}));

test("aura speaks in a session", () => page({ model: "@cf/deepgram/aura-2-en" }, async (page) => {
  await page.click("[role=tab][data-name=session]");
  assert.match(await text(page, "[aria-label='Address of the session']"), /^ws:\/\/127\.0\.0\.1:\d+\/client\/v4\/accounts\/\w{32}\/ai\/run\/@cf\/deepgram\/aura-2-en$/);
  await page.click("text=Open a session");
  await page.waitForSelector("text=Session open");
  await page.click(".speaking-row button");
  await page.waitForFunction(() => document.querySelector(".speaking audio")?.duration > 0.2);
  await page.click(".speaking-state button");
  await page.waitForSelector("text=No session");
}));

test("a model that needs a session says so", () => page({ model: "@cf/deepgram/flux" }, async (page) => {
  assert.match(await text(page, ".session"), /talks in sessions only/);
  assert.equal(await page.locator(".run-bar").count(), 0);
}));

test("every model has a form, and answers its example", () => page({}, async (page) => {
  const { models } = await (await page.request.get(`${server.address}/playground/models`)).json();
  const silent = [];
  for (const { id, forms } of models) {
    await page.evaluate((id) => { location.hash = `#/${id}`; }, id);
    await page.waitForFunction((id) => document.querySelector(".model-id code").textContent === id, id);
    for (const { name } of forms) {
      await page.click(`[role=tab][data-name="${name}"]`);
      const more = page.locator(".fields > .more > summary");
      if (await more.count()) {
        await more.click();
        await page.waitForSelector(".more-fields .field");
        await more.click();
      }
    }
    for (const { name } of forms) {
      await page.click(`[role=tab][data-name="${name}"]`);
      const chip = page.locator(".chip").first();
      if (!(await chip.count())) {
        silent.push(`${id} ${name}`);
        continue;
      }
      await chip.click();
      await page.waitForSelector(".meter, .failed");
      const failed = page.locator(".failed");
      if (await failed.count()) assert.fail(`${id} ${name}: ${await failed.innerText()}`);
    }
  }
  assert.deepEqual(silent, ["@cf/deepgram/flux default"], "only a model of sessions has no example");
}));
