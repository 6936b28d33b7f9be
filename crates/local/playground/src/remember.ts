// The list of runs over a reload of the tab, without tokens and without bytes.

import { signal } from "@preact/signals";
import { newProgress, type Progress, type Run } from "./request/run";

const KEY = "playground-runs";
/** More than this of one run is not kept; a browser gives a tab about five megabytes. */
const LARGEST = 150_000;

type Kept = Omit<Run, "progress" | "stop"> & { progress: Omit<Progress, "media" | "events">; dropped?: boolean };

export function remember(runs: Run[]): void {
  const kept = runs.filter((run) => run.progress.value.state !== "running").slice(0, 20).map(keep);
  try {
    sessionStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(kept.slice(0, 5)));
    } catch {
      // A browser that keeps nothing still has the list until the tab is closed.
    }
  }
}

function keep({ progress, stop: _, ...run }: Run): Kept {
  const { media, events: _events, ...rest } = progress.value;
  const large = JSON.stringify(rest.result ?? null).length > LARGEST;
  if (!large && !media) return { ...run, progress: rest };
  const { result: _result, ...small } = rest;
  return { ...run, progress: small, dropped: true };
}

export function restore(): Run[] {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "[]") as Kept[];
    return kept.map(({ dropped, ...run }) => {
      const failure = dropped ? { message: "This answer was too large to be kept over the reload. Run it again." } : undefined;
      const progress: Progress = { ...newProgress(), ...run.progress, ...(failure ? { failure } : {}) };
      return { ...run, progress: signal(progress), stop: () => {} };
    });
  } catch {
    return [];
  }
}
