// Vectors, as how near the texts are to each other.

import { useMemo, useState } from "preact/hooks";

export const cosine = (one: number[], other: number[]): number => {
  let [dot, first, second] = [0, 0, 0];
  for (let index = 0; index < one.length; index += 1) {
    const [a, b] = [one[index] ?? 0, other[index] ?? 0];
    dot += a * b;
    first += a * a;
    second += b * b;
  }
  return first === 0 || second === 0 ? 0 : dot / Math.sqrt(first * second);
};

const LARGEST = 40;

export function Embeddings({ vectors, texts }: { vectors: number[][]; texts: string[] }) {
  const [numbers, setNumbers] = useState(false);
  const [at, setAt] = useState<[number, number] | undefined>();
  const shown = vectors.slice(0, LARGEST);
  const near = useMemo(() => shown.map((one) => shown.map((other) => cosine(one, other))), [vectors]);
  const others = near.flatMap((row, place) => row.filter((_, index) => index !== place));
  const [least, most] = [Math.min(...others, 1), Math.max(...others, -1)];
  const name = (index: number) => texts[index] ?? `text ${index + 1}`;
  const strength = (value: number) => (most - least < 1e-9 ? 0.5 : Math.max(0, Math.min(1, (value - least) / (most - least))));
  return (
    <div class="embeddings">
      <p class="muted">{vectors.length} {vectors.length === 1 ? "vector" : "vectors"} of {vectors[0]?.length ?? 0} numbers{shown.length > 1 ? "; the stronger the colour, the nearer (cosine)" : ""}</p>
      {shown.length > 1 && (
        <div class="heat-scroll" tabIndex={0} role="region" aria-label="Similarity of the texts">
          <table class="heat">
            <caption class="hidden">Cosine similarity of every two texts</caption>
            <thead>
              <tr><td />{shown.map((_, index) => <th key={index} scope="col" title={name(index)}>{index + 1}</th>)}</tr>
            </thead>
            <tbody>
              {near.map((row, place) => (
                <tr key={place}>
                  <th scope="row" title={name(place)}><span class="heat-index">{place + 1}</span><span class="heat-text">{name(place)}</span></th>
                  {row.map((value, index) => {
                    const isSelf = index === place;
                    const weight = strength(value);
                    return (
                      <td key={index} class={`${isSelf ? "self" : ""}${at?.[0] === place && at[1] === index ? " at" : ""}`}
                        style={isSelf ? {} : { "--heat": `${Math.round(6 + weight * 94)}%` }}
                        onMouseEnter={() => setAt([place, index])} onMouseLeave={() => setAt(undefined)}>
                        {value.toFixed(2)}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {vectors.length > LARGEST && <p class="muted">The first {LARGEST} are compared.</p>}
      <p class="heat-pair" aria-hidden="true">
        {at && at[0] !== at[1] ? <>“{name(at[0])}” and “{name(at[1])}”: <b>{near[at[0]]?.[at[1]]?.toFixed(4)}</b></> : "\u00a0"}
      </p>
      <button type="button" class="quiet" aria-expanded={numbers} onClick={() => setNumbers(!numbers)}>{numbers ? "Hide the numbers" : "Show the numbers"}</button>
      {numbers && (
        <div class="numbers">
          {vectors.map((vector, index) => (
            <details key={index} open={vectors.length === 1}>
              <summary>{name(index)}</summary>
              <code>[{vector.map((value) => Number(value.toFixed(6))).join(", ")}]</code>
            </details>
          ))}
        </div>
      )}
    </div>
  );
}
