// A local server of the test's own, on a free port.

import { spawn } from "node:child_process";

const PROGRAM = process.env.WORKERS_AI_LOCAL;

// Without limits: nobody is spared here.
export async function startServer(...options) {
  if (!PROGRAM) throw new Error("set WORKERS_AI_LOCAL to the built program, or run .ci/playground");
  const child = spawn(PROGRAM, ["serve", "--port", "0", "--no-limits", ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const address = await new Promise((resolve, reject) => {
    let banner = "";
    child.stdout.on("data", (text) => {
      banner += text;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(banner);
      if (found) resolve(found[0]);
    });
    child.on("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  });
  const stop = () => new Promise((resolve) => {
    child.removeAllListeners("exit");
    child.on("exit", resolve);
    child.kill("SIGINT");
  });
  return { address, stop };
}
