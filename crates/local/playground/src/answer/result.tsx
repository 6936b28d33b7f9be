// Chooses how an answer is shown, by what it holds.

import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import type { Model } from "../catalogue";
import type { Input } from "../request/plan";
import type { Run } from "../request/run";
import { isFileMarker } from "../schema";
import { Icon } from "../ui/icons";
import { Bars, Boxes, Picture, type Box } from "./labels";
import { Embeddings } from "./embeddings";
import { Markdown } from "./markdown";
import { fromText, MediaView } from "./media";
import { Ticket } from "./ticket";
import { ToolCalls } from "./tools";
import { Transcript, type Word } from "./transcript";
import { RawReply } from "./tree";
import { shortName } from "../catalogue";

type Loose = Record<string, any>;

export function Result({ run, model }: { run: Run; model: Model | undefined }) {
  const { said, result, media } = run.progress.value;
  const made = useMemo(() => media ?? madeMedia(result), [media, result]);
  const title = typeof run.input["prompt"] === "string" ? run.input["prompt"] : typeof run.input["text"] === "string" ? run.input["text"] : shortName(run.model);
  if (made) return <MediaView media={made} name={shortName(run.model)} title={title} />;
  const special = structured(run, result as Loose, model);
  if (special) return <>{special}</>;
  if (said.text !== "" || said.reasoning !== "" || said.calls.length > 0) {
    return (
      <>
        <Reasoning text={said.reasoning} open={said.text === ""} />
        {said.text !== "" && <Markdown text={said.text} />}
        <ToolCalls calls={said.calls} />
      </>
    );
  }
  return result === undefined ? null : <RawReply value={result} />;
}

export function Reasoning({ text, open }: { text: string; open: boolean }) {
  if (text === "") return null;
  return (
    <details class="reasoning" open={open || undefined}>
      <summary><Icon name="chevron" size={13} />Reasoning</summary>
      <div class="reasoning-text">{text}</div>
    </details>
  );
}

function madeMedia(result: unknown) {
  const told = (result ?? {}) as Loose;
  if (typeof told["image"] === "string" && told["image"].length > 40) return fromText(told["image"], "image/png");
  if (typeof told["audio"] === "string" && told["audio"].length > 40) return fromText(told["audio"], "audio/mpeg");
  return undefined;
}

const isVectors = (value: unknown): value is number[][] =>
  Array.isArray(value) && value.length > 0 && value.every((row) => Array.isArray(row) && typeof row[0] === "number");

function structured(run: Run, result: Loose | undefined, model: Model | undefined): ComponentChildren {
  if (result === undefined || result === null) return null;
  const input = run.input;
  if (typeof result["request_id"] === "string" && typeof result["status"] === "string") return <Ticket run={run} ticket={result["request_id"]} />;
  if (Array.isArray(result)) {
    if (result.every((item) => item?.box)) return <Boxes boxes={result.map((item) => ({ label: item.label, score: item.score, ...item.box }))} file={fileIn(input)} fractions={false} />;
    if (result.every((item) => typeof item?.label === "string" && typeof item?.score === "number")) return <WithPicture input={input}><Bars labels={result} /></WithPicture>;
    return null;
  }
  const vectors = [result["data"], result["response"]].find(isVectors);
  if (vectors) return <Embeddings vectors={vectors} texts={textsIn(input)} />;
  if (Array.isArray(result["response"]) && result["response"].every((item: Loose) => typeof item?.["score"] === "number")) {
    const contexts = (input["contexts"] ?? []) as { text?: string }[];
    const ranked = [...result["response"]].sort((one, other) => other.score - one.score);
    return <Bars labels={ranked.map((item) => ({ label: contexts[item.id]?.text ?? `context ${item.id}`, score: item.score }))} scale={Math.max(1, ...ranked.map((item) => item.score)) === 1 ? 1 : ranked[0].score} />;
  }
  if (typeof result["text"] === "string" && model?.modality === "automatic-speech-recognition") return whisper(result, input);
  const heard = result["results"]?.channels?.[0]?.alternatives?.[0];
  if (heard) return <Transcript text={heard.transcript ?? ""} words={heard.words ?? []} file={fileIn(input)} notes={percent("confidence", heard.confidence)} vtt={undefined} />;
  if (typeof result["is_complete"] === "boolean") {
    return (
      <>
        <p class="large">{result["is_complete"] ? "The speaker has finished." : "The speaker is about to go on."}</p>
        <Bars labels={[{ label: "finished", score: result["probability"] }]} />
      </>
    );
  }
  if (Array.isArray(result["objects"]) || Array.isArray(result["points"])) return moondream(result, input);
  for (const name of ["translated_text", "summary", "description"]) if (typeof result[name] === "string") {
    return <WithPicture input={input}><p class="large" lang="">{result[name]}</p></WithPicture>;
  }
  if (Array.isArray(result["translations"])) return <ol class="large">{result["translations"].map((text: unknown, index: number) => <li key={index}>{String(text)}</li>)}</ol>;
  if (typeof result["response"]?.safe === "boolean") {
    return <p class="large">{result["response"].safe ? "Safe." : `Unsafe: ${(result["response"].categories ?? []).join(", ")}`}</p>;
  }
  return null;
}

function whisper(result: Loose, input: Input): ComponentChildren {
  const words: Word[] = result["words"] ?? (result["segments"] ?? []).flatMap((segment: Loose) => segment["words"] ?? [{ word: segment["text"], start: segment["start"], end: segment["end"] }]);
  const info = result["transcription_info"];
  const notes = [info?.language ? `language ${info.language}` : "", info?.duration ? `${Number(info.duration).toFixed(1)} seconds` : "", result["word_count"] ? `${result["word_count"]} words` : ""].filter(Boolean);
  return <Transcript text={result["text"]} words={words} file={fileIn(input)} notes={notes} vtt={result["vtt"]} />;
}

function moondream(result: Loose, input: Input): ComponentChildren {
  const label = typeof input["target"] === "string" ? input["target"] : "person";
  const boxes: Box[] = (result["objects"] ?? []).map((item: Loose) => ({ label, score: undefined, xmin: item["x_min"], ymin: item["y_min"], xmax: item["x_max"], ymax: item["y_max"] }));
  return <Boxes boxes={boxes} points={result["points"] ?? []} file={fileIn(input)} fractions />;
}

const percent = (name: string, value: unknown): string[] => (typeof value === "number" ? [`${name} ${(value * 100).toFixed(0)} %`] : []);

function WithPicture({ input, children }: { input: Input; children: ComponentChildren }) {
  const file = fileIn(input);
  return file && isFileMarker(input["image"]) ? <div class="beside"><Picture file={file} />{children}</div> : <>{children}</>;
}

/** The file that a request was about. */
function fileIn(input: Input): string | undefined {
  for (const name of ["image", "audio", "image_b64"]) {
    const value = input[name];
    if (isFileMarker(value)) return value.$file;
    if (typeof value === "string" && value.startsWith("data:")) return value;
  }
  return undefined;
}

function textsIn(input: Input): string[] {
  const texts = ["text", "queries", "documents", "contexts"].flatMap((name) => input[name] ?? []);
  return texts.map((text) => (typeof text === "string" ? text : (text as { text?: string })?.text ?? ""));
}
