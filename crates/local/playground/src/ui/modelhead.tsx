// The chosen model: its name, what it can do, what it costs, how long it stays.

import { abilities, contextWindow, dollars, type Model, shortName, unit } from "../catalogue";
import { choose, everything, modelsAreOpen } from "../state";
import { Icon } from "./icons";
import { tokens } from "./modellist";
import { CopyButton } from "./parts";

export function ModelHead({ model }: { model: Model }) {
  const window = contextWindow(model);
  const announced = model.headline?.context_window;
  const dimensions = model.properties?.["output_dimensions"];
  const { gone_by: gone, planned_deprecation: planned, replacement } = model.lifecycle;
  const known = everything.value?.models.some((one) => one.id === replacement);
  return (
    <header class="model-head">
      <div class="model-title">
        <span class="model-icon"><Icon name={model.modality} size={22} /></span>
        <div class="model-names">
          <h1>{shortName(model.id)}</h1>
          <p class="model-id"><code>{model.id}</code><CopyButton text={() => model.id} label="Copy the model's id" /></p>
        </div>
        <button type="button" class="button small change-model" onClick={() => { modelsAreOpen.value = true; }}><Icon name="search" size={15} />Models</button>
      </div>
      <ul class="facts" aria-label="About the model">
        <li>{model.task}</li>
        {window !== undefined && <li title={`${window.toLocaleString("en-US")} tokens`}>{tokens(window)} <span class="muted">context{announced && announced !== window ? ` (${tokens(announced)} announced)` : ""}</span></li>}
        {typeof dimensions === "number" && <li>{dimensions} <span class="muted">dimensions</span></li>}
        {model.requests_per_minute !== undefined && <li>{model.requests_per_minute.toLocaleString("en-US")} <span class="muted">requests a minute</span></li>}
        {(model.prices ?? []).slice(0, 3).map((price) => (
          <li key={price.unit} title={price.neurons ? `${price.neurons.toLocaleString("en-US")} neurons` : undefined}>{dollars(price.usd)} <span class="muted">{unit(price.unit)}</span></li>
        ))}
        {abilities(model).map((word) => <li key={word} class="ability">{word}</li>)}
        {typeof model.properties?.["terms"] === "string" && <li><a href={model.properties["terms"]} target="_blank" rel="noopener noreferrer">Terms</a></li>}
      </ul>
      {(gone || planned) && (
        <p class="notice" role="note">
          {gone ? `Left the catalogue by ${gone}; Cloudflare no longer answers for it.` : `Leaves the catalogue on ${planned}.`}
          {replacement && <> Use {known ? <button type="button" class="link" onClick={() => choose(replacement)}>{shortName(replacement)}</button> : <code>{replacement}</code>} instead.</>}
        </p>
      )}
      {model.problem && <p class="notice" role="note">No usable schema: {model.problem}. What is sent is not checked.</p>}
    </header>
  );
}
