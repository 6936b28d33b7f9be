// What a run took: time, tokens, neurons, and how true the answer is.

import type { Run } from "../request/run";

const USD_PER_NEURON = 0.011 / 1000;

export const duration = (milliseconds: number): string =>
  milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`;

const whole = new Intl.NumberFormat("en-US");
const fine = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 4 });

interface Figure {
  label: string;
  value: string;
  title?: string;
}

export function figures(run: Run): Figure[] {
  const { total, first, said, headers, result } = run.progress.value;
  const usage = said.usage ?? (result as { usage?: typeof said.usage } | undefined)?.usage;
  const shown: Figure[] = [];
  if (total !== undefined) shown.push({ label: "took", value: duration(total) });
  if (first !== undefined && run.progress.value.events.length > 0) shown.push({ label: "first token", value: duration(first), title: "Time until the first words arrived" });
  const read = usage?.prompt_tokens ?? usage?.input_tokens;
  const wrote = usage?.completion_tokens ?? usage?.output_tokens;
  if (read !== undefined) shown.push({ label: "tokens", value: `${whole.format(read)} in, ${whole.format(wrote ?? 0)} out` });
  const neurons = Number(headers["cf-ai-neurons"] ?? usage?.neurons ?? Number.NaN);
  if (!Number.isNaN(neurons)) {
    const usd = neurons * USD_PER_NEURON;
    shown.push({ label: "neurons", value: fine.format(neurons), title: `$${usd.toPrecision(2)} at $0.011 for 1,000 neurons` });
  }
  return shown;
}

export function Meter({ run }: { run: Run }) {
  const { headers, cut, state } = run.progress.value;
  const fidelity = headers["x-workers-ai-fidelity"];
  return (
    <ul class="meter" aria-label="What the run took">
      {fidelity && <li class="badge" title={fidelity === "synthetic" ? "Made up: true in form, not in content" : "How near the answer is to the real model's"}>{fidelity}</li>}
      {figures(run).map((figure) => <li key={figure.label} title={figure.title}><span class="meter-label">{figure.label}</span> {figure.value}</li>)}
      {cut && <li class="badge warn">cut off</li>}
      {state === "stopped" && <li class="badge warn">stopped</li>}
      {headers["x-workers-ai-retired"] && <li class="badge warn">retired {headers["x-workers-ai-retired"]}</li>}
    </ul>
  );
}

export function Failed({ run }: { run: Run }) {
  const failed = run.progress.value.failure;
  if (!failed) return null;
  const facts = [failed.code ? `code ${failed.code}` : "", failed.status ? `status ${failed.status}` : ""].filter(Boolean).join(", ");
  return (
    <div class="failed" role="alert">
      <p>{failed.message}</p>
      {facts && <p class="muted">{facts}</p>}
      {run.target === "Cloudflare" && (failed.status === 404 || failed.status === 501 || failed.code === 7000) && (
        <p class="muted">This local server does not pass calls on to Cloudflare. A browser may not call api.cloudflare.com from here by itself.</p>
      )}
    </div>
  );
}
