// Writes dist/: one page, one script, one style sheet. The same source gives the same bytes.
//   node build.mjs dist      write
//   node build.mjs --check   fail where dist/ is not what the source gives
//   node build.mjs --watch   write at every change, for work on the page

import { mkdtemp, mkdir, readFile, readdir, rm, copyFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const mode = process.argv[2] ?? "dist";

const settings = (folder) => ({
  absWorkingDir: here,
  outdir: folder,
  entryNames: "[name]",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022", "chrome110", "firefox110", "safari16.4"],
  jsx: "automatic",
  jsxImportSource: "preact",
  charset: "utf8",
  legalComments: "eof",
  logLevel: "warning",
});

/** What is bundled goes on with its licence; DOMPurify's stands in the comment that it brings itself. */
async function notices() {
  const texts = ["preact", "@preact/signals", "marked"].map(async (name) => {
    const folder = join(here, "node_modules", name);
    const file = (await readdir(folder)).find((entry) => entry.startsWith("LICENSE"));
    return `${name}\n\n${(await readFile(join(folder, file), "utf8")).trim()}`;
  });
  return `/*!\n${(await Promise.all(texts)).join("\n\n----\n\n").replaceAll("*/", "* /").replaceAll("\r", "")}\n*/`;
}

async function build(folder) {
  await mkdir(folder, { recursive: true });
  await esbuild.build({ ...settings(folder), entryPoints: { app: "src/main.tsx" }, footer: { js: await notices() } });
  await esbuild.build({ ...settings(folder), entryPoints: { app: "src/style/index.css" } });
  await copyFile(join(here, "src/index.html"), join(folder, "index.html"));
}

async function files(folder) {
  const names = (await readdir(folder)).sort();
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))])));
}

if (mode === "--check") {
  const fresh = await mkdtemp(join(tmpdir(), "playground-"));
  try {
    await build(fresh);
    const [wanted, found] = [await files(fresh), await files(dist)];
    const names = new Set([...wanted.keys(), ...found.keys()]);
    const stale = [...names].filter((name) => !found.get(name)?.equals(wanted.get(name) ?? Buffer.alloc(0)));
    if (stale.length > 0) {
      console.error(`dist/ is not what src/ gives (${stale.join(", ")}): run npm ci && npm run build, and commit dist/`);
      process.exit(1);
    }
    console.log("dist/ is what src/ gives");
  } finally {
    await rm(fresh, { recursive: true });
  }
} else if (mode === "--watch") {
  for (const entry of ["src/main.tsx", "src/style/index.css"]) {
    const context = await esbuild.context({ ...settings(dist), entryPoints: { app: entry } });
    await context.watch();
  }
} else {
  await rm(dist, { recursive: true, force: true });
  await build(dist);
  let total = 0;
  for (const [name, bytes] of await files(dist)) {
    const zipped = gzipSync(bytes, { level: 9 }).length;
    total += zipped;
    console.log(`${name.padEnd(12)} ${String(bytes.length).padStart(8)} bytes, ${String(zipped).padStart(7)} gzipped`);
  }
  console.log(`${"in all".padEnd(12)} ${"".padStart(8)}        ${String(total).padStart(7)} gzipped`);
}
