// Numbers: a box, and a slider where both ends are known.

import type { Schema } from "../catalogue";
import type { Ties } from "./field";

export function NumberField({ schema, name, ties, value, change }: {
  schema: Schema; name: string; ties: Ties; value: unknown; change: (value: unknown) => void;
}) {
  const { minimum, maximum } = schema;
  const slides = minimum !== undefined && maximum !== undefined && maximum - minimum <= 5000;
  const usual = typeof schema.default === "number" ? schema.default : undefined;
  const step = schema.type === "integer" ? stepOf(minimum, maximum) : maximum !== undefined && maximum - (minimum ?? 0) <= 2 ? 0.01 : 0.1;
  const shown = typeof value === "number" ? value : usual ?? (slides ? (minimum + maximum) / 2 : undefined);
  const set = (text: string) => {
    const number = text.trim() === "" ? undefined : Number(text);
    change(number === undefined || Number.isNaN(number) ? undefined : number);
  };
  return (
    <div class={`number${value === undefined ? " is-unset" : ""}`}>
      {slides && (
        <input type="range" min={minimum} max={maximum} step={step} value={shown} aria-label={`${name.replaceAll("_", " ")} slider`}
          aria-valuetext={value === undefined ? "not set" : String(value)} onInput={(event) => set(event.currentTarget.value)} />
      )}
      <input {...ties} type="number" inputMode={schema.type === "integer" ? "numeric" : "decimal"} step="any"
        value={typeof value === "number" ? value : ""} placeholder={usual === undefined ? "not set" : String(usual)}
        onInput={(event) => set(event.currentTarget.value)} />
    </div>
  );
}

/** Pictures come in sizes that divide by eight. */
const stepOf = (minimum: number | undefined, maximum: number | undefined): number =>
  minimum !== undefined && maximum !== undefined && minimum % 8 === 0 && maximum % 8 === 0 && minimum >= 64 ? 8 : 1;
