// For everyone: by keyboard, by screen reader, on a telephone, by night.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { startBrowser, text, withPage } from "./browser.mjs";
import { startServer } from "./server.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let server, browser;
before(async () => { [server, browser] = [await startServer(), await startBrowser()]; });
after(async () => { await browser?.close(); await server?.stop(); });
const page = (options, use) => withPage(browser, server.address, options, use);

test("everything can be done by keyboard", () => page({}, async (page) => {
  await page.keyboard.press("/");
  await page.keyboard.type("m2m100");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.equal(await text(page, "h1"), "m2m100-1.2b");
  const reached = [];
  for (let presses = 0; presses < 30 && !reached.includes("field-text"); presses += 1) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(() => {
      const element = document.activeElement;
      const style = getComputedStyle(element);
      return { id: element.id, label: element.getAttribute("aria-label") ?? element.innerText, outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 };
    });
    assert.ok(focus.outline, `focus is seen on ${focus.id || focus.label}`);
    reached.push(focus.id);
  }
  assert.ok(reached.includes("field-text"), reached.join(" "));
  await page.keyboard.type("Good evening");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.focus("#field-target_lang");
  await page.keyboard.type("fr");
  await page.keyboard.press("Control+Enter");
  await page.waitForSelector("p.large");
  await page.waitForFunction(() => /Done in/.test(document.querySelector("[role=status][aria-live]").textContent));
  await page.focus("[role=tab][data-name=answer]");
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.getAttribute("[role=tab][data-name=reply]", "aria-selected"), "true");
}));

test("the way past the list is the first stop", () => page({ model: "@cf/meta/m2m100-1.2b" }, async (page) => {
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the request");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "field-text");
}));

const MODELS = [
  "@cf/meta/llama-3.3-70b-instruct-fp8-fast", "@cf/openai/gpt-oss-120b", "@cf/baai/bge-base-en-v1.5", "@cf/black-forest-labs/flux-2-klein-4b",
  "@cf/deepgram/nova-3", "@cf/moondream/moondream3.1-9B-A2B", "@cf/facebook/detr-resnet-50", "@cf/deepgram/aura-2-en", "@cf/swiss-ai/apertus-v1.5-8b",
];

const overflow = (page) => page.evaluate(() => {
  const width = document.documentElement.clientWidth;
  const wide = [...document.querySelectorAll("body *")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.right > width + 1 && !element.closest(".heat-scroll, pre, .tabs, .hidden, table, .prose, .skip");
  });
  return { scroll: document.documentElement.scrollWidth - width, wide: wide.slice(0, 3).map((element) => `${element.tagName}.${element.className}`) };
});

test("a telephone shows everything without scrolling sideways", async () => {
  for (const width of [320, 390]) {
    for (const model of MODELS) {
      await page({ model, viewport: { width, height: 700 }, hasTouch: true, isMobile: true }, async (page) => {
        assert.deepEqual(await overflow(page), { scroll: 0, wide: [] }, `${model} at ${width}`);
        for (const summary of await page.locator(".more summary").all()) await summary.click();
        const chip = page.locator(".chip").first();
        if (await chip.count()) {
          await chip.click();
          await page.waitForSelector(".meter, .failed");
        }
        assert.deepEqual(await overflow(page), { scroll: 0, wide: [] }, `${model} at ${width}, answered`);
        await page.click(".change-model");
        await page.waitForSelector("dialog .model-item");
        assert.deepEqual(await overflow(page), { scroll: 0, wide: [] }, `the list at ${width}`);
      });
    }
  }
});

test("night follows the system, and can be chosen", async () => {
  const brightness = (page) => page.evaluate(() => {
    const [red, green, blue] = getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g).map(Number);
    return (red + green + blue) / 3;
  });
  await page({ colorScheme: "dark" }, async (page) => {
    assert.ok(await brightness(page) < 60);
    await page.click("[aria-label^='Colours']");
    assert.ok(await brightness(page) > 200, "light by choice");
    await page.reload();
    await page.waitForSelector("h1");
    assert.ok(await brightness(page) > 200, "light after a reload");
    await page.click("[aria-label^='Colours']");
    assert.ok(await brightness(page) < 60, "dark by choice");
  });
  await page({ colorScheme: "light" }, async (page) => assert.ok(await brightness(page) > 200));
});

/** What axe finds that is serious. */
async function scan(page, where) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const serious = violations.filter((found) => ["serious", "critical"].includes(found.impact));
  const told = serious.map((found) => `${found.id}: ${found.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} | ${node.any[0]?.message ?? ""}`).join("\n    ")}`);
  assert.deepEqual(told, [], where);
}

for (const colorScheme of ["light", "dark"]) {
  test(`nothing stands in a screen reader's way (${colorScheme})`, async () => {
    for (const model of MODELS) {
      await page({ model, colorScheme }, async (page) => {
        for (const summary of await page.locator(".more summary").all()) await summary.click();
        await scan(page, `${model}, empty`);
        const chip = page.locator(".chip").first();
        if (await chip.count()) {
          await chip.click();
          await page.waitForSelector(".meter, .failed");
          await scan(page, `${model}, answered`);
        }
        for (const name of ["reply", "headers", "session", "json"]) {
          const tab = page.locator(`[role=tab][data-name=${name}]`);
          if (await tab.count()) {
            await tab.click();
            await scan(page, `${model}, ${name}`);
          }
        }
      });
    }
    await page({ colorScheme }, async (page) => {
      await page.click("[role=tab][data-name=code]");
      await scan(page, "code");
      await page.click(".retired-switch");
      await scan(page, "the whole list");
      await page.click(".where");
      await page.click("dialog >> text=Cloudflare");
      await scan(page, "where to run");
      await page.keyboard.press("Escape");
      await page.click(".runs");
      await scan(page, "no runs");
    });
  });
}

test("with motion reduced nothing moves", () => page({ reducedMotion: "reduce" }, async (page) => {
  const moving = await page.evaluate(() => document.getAnimations().length);
  assert.equal(moving, 0);
}));
