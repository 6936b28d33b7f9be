// The runs of this tab, newest first.

import { shortName } from "../catalogue";
import { duration } from "../answer/meter";
import { forgetRuns, historyIsOpen, reopen, runs } from "../state";
import type { Run } from "../request/run";
import { Dialog } from "./parts";

export function History() {
  return (
    <Dialog open={historyIsOpen.value} close={() => { historyIsOpen.value = false; }} title="Runs" side="right">
      {runs.value.length === 0
        ? <div class="empty"><p>Nothing has been run yet. Runs are listed here until the tab is closed.</p></div>
        : (
          <>
            <ul class="history">{runs.value.map((run) => <li key={run.id}><Entry run={run} /></li>)}</ul>
            <button type="button" class="quiet" onClick={forgetRuns}>Forget all</button>
          </>
        )}
    </Dialog>
  );
}

function Entry({ run }: { run: Run }) {
  const { state, total } = run.progress.value;
  const at = new Date(run.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return (
    <button type="button" class="history-entry" onClick={() => reopen(run)}>
      <span class="history-head"><b>{shortName(run.model)}</b><span class="muted at-time">{at}</span></span>
      <span class="history-text">{gist(run)}</span>
      <span class="history-foot muted">
        {state === "failed" ? <span class="leaving">failed</span> : state}{total === undefined ? "" : `, ${duration(total)}`}{run.target === "Cloudflare" ? ", Cloudflare" : ""}
      </span>
    </button>
  );
}

/** A line that says what was asked. */
function gist(run: Run): string {
  const requests = run.input["requests"];
  if (Array.isArray(requests)) return `${requests.length} requests: ${requests.map((input: Run["input"]) => gist({ ...run, input })).join(" | ").slice(0, 120)}`;
  const messages = run.input["messages"] as { content?: unknown }[] | undefined;
  const last = messages?.at(-1)?.content;
  const first = last ?? ["prompt", "text", "input_text", "query", "question", "input", "image", "audio", "documents", "queries"].map((name) => run.input[name]).find((value) => value !== undefined);
  const text = typeof first === "string" ? first : (first as { $file?: string })?.$file ?? JSON.stringify(first ?? run.input);
  return text.length > 140 ? `${text.slice(0, 140)}…` : text;
}
