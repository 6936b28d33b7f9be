// Classes as bars, and objects as boxes over the picture.

import { useState } from "preact/hooks";
import { addressOf } from "../request/files";

export interface Label {
  label: string;
  score: number | undefined;
  note?: string;
}

export interface Box extends Label {
  xmin: number;
  ymin: number;
  xmax: number;
  ymax: number;
}

export function Bars({ labels, scale = 1 }: { labels: Label[]; scale?: number }) {
  return (
    <ul class="bars">
      {labels.map((label, index) => (
        <li key={index}>
          <span class="bar-name">{label.label}</span>
          <span class="bar-score">{label.score === undefined ? "" : scale === 1 ? `${(label.score * 100).toFixed(1)} %` : label.score.toFixed(4)}</span>
          {label.score !== undefined && <meter class="bar" min={0} max={1} value={Math.max(0, Math.min(1, label.score / scale))} aria-label={`${label.label}: ${label.score}`} />}
          {label.note && <span class="bar-note">{label.note}</span>}
        </li>
      ))}
    </ul>
  );
}

export function Picture({ file }: { file: string }) {
  const address = file.startsWith("data:") ? file : addressOf(file);
  return address ? <div class="picture"><img src={address} alt="The picture that was sent" /></div> : null;
}

/** Boxes in pixels of the picture, or as fractions of it. */
export function Boxes({ boxes, file, fractions, points = [] }: { boxes: Box[]; file: string | undefined; fractions: boolean; points?: { x: number; y: number }[] }) {
  const [natural, setNatural] = useState<[number, number] | undefined>();
  const [at, setAt] = useState<number | undefined>();
  const address = file?.startsWith("data:") ? file : file ? addressOf(file) : undefined;
  const [width, height] = natural ?? [1, 1];
  const [across, down] = fractions ? [width, height] : [1, 1];
  const line = Math.max(width, height) / 220;
  return (
    <div class="boxes">
      {address && (
        <div class="picture">
          <img src={address} alt="The picture that was sent" onLoad={(event) => setNatural([event.currentTarget.naturalWidth, event.currentTarget.naturalHeight])} />
          {natural && (
            <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true" preserveAspectRatio="none">
              {boxes.map((box, index) => (
                <rect key={index} class={at === index ? "at" : ""} x={box.xmin * across} y={box.ymin * down} width={(box.xmax - box.xmin) * across}
                  height={(box.ymax - box.ymin) * down} stroke-width={at === index ? line * 2 : line} rx={line * 1.5} />
              ))}
              {points.map((point, index) => <circle key={index} cx={point.x * across} cy={point.y * down} r={line * 3} stroke-width={line} />)}
            </svg>
          )}
        </div>
      )}
      {boxes.length === 0 && points.length === 0 && <p class="muted">Nothing was found.</p>}
      <ul class="bars">
        {boxes.map((box, index) => (
          <li key={index} onMouseEnter={() => setAt(index)} onMouseLeave={() => setAt(undefined)}>
            <span class="bar-name">{box.label}</span>
            <span class="bar-score">{box.score === undefined ? "" : `${(box.score * 100).toFixed(1)} %`}</span>
            {box.score !== undefined && <meter class="bar" min={0} max={1} value={box.score} aria-label={`${box.label}: ${box.score}`} />}
            <span class="bar-note">{fractions ? "" : "pixels "}{[box.xmin, box.ymin, box.xmax, box.ymax].map((edge) => Number(edge.toFixed(3))).join(", ")}</span>
          </li>
        ))}
        {points.map((point, index) => <li key={index}><span class="bar-name">point {index + 1}</span><span class="bar-note">{point.x.toFixed(3)}, {point.y.toFixed(3)}</span></li>)}
      </ul>
    </div>
  );
}
