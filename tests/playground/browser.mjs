// A browser that notices what a page must not do: complain on its console, or talk to any other host.

import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const DESKTOP = { viewport: { width: 1360, height: 860 } };

export async function startBrowser() {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"] });
}

/** Runs `use` with a page, and afterwards holds against it what it did. */
export async function withPage(browser, address, options, use) {
  const { model = "", expectedRefusals = [], init, ...context } = options;
  const settings = await browser.newContext({ ...DESKTOP, reducedMotion: "reduce", ...context });
  await settings.grantPermissions(["clipboard-read", "clipboard-write"], { origin: address });
  const page = await settings.newPage();
  const complaints = [];
  const strangers = [];
  page.on("console", (message) => {
    const place = message.location().url;
    const isExpected = expectedRefusals.some((part) => place.includes(part)) && message.text().startsWith("Failed to load resource");
    if (["error", "warning"].includes(message.type()) && !isExpected) complaints.push(`${message.text()} (${place})`);
  });
  page.on("pageerror", (error) => complaints.push(String(error.stack)));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(address) && !url.startsWith("data:") && !url.startsWith(`blob:${address}`)) strangers.push(url);
  });
  if (init) await page.addInitScript(init);
  try {
    await page.goto(`${address}/${model ? `#/${model}` : ""}`);
    await page.waitForSelector("h1");
    await use(page);
    assert.deepEqual(complaints, [], "the console is silent");
    assert.deepEqual(strangers, [], "nothing is asked of another host");
  } finally {
    await settings.close();
  }
}

export const text = (page, selector) => page.locator(selector).first().innerText();

/** Everything that the page has stored anywhere. */
export const stored = (page) => page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
