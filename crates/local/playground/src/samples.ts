// Something to try with, for every kind of model: words of our own, a sound and a picture that are made here.

import type { Form, Model } from "./catalogue";
import { hold } from "./request/files";
import type { Input } from "./request/plan";

export interface Sample {
  label: string;
  /** A first message of a conversation, or fields of the form. */
  text?: string;
  fields?: () => Promise<Input>;
}

/** What can be tried with a model in this form. */
export function samples(model: Model, form: Form, isChat: boolean): Sample[] {
  const fields = (label: string, input: Input): Sample => ({ label, fields: async () => input });
  if (form.transport === "queue") return [{ label: "Two requests", fields: async () => ({ requests: await twoItems(model, form) }) }];
  if (isChat) return [
    { label: "Why is the sky blue?", text: "Why is the sky blue? Answer in two sentences." },
    { label: "A limerick", text: "Write a limerick about a lighthouse keeper who is afraid of the dark." },
    { label: "A table", text: "Compare tea and coffee in a small Markdown table." },
  ];
  const properties = form.schema?.properties ?? {};
  switch (model.modality) {
    case "text-generation":
      if (properties["input"]) return [fields("A question", { input: "Name three rivers that cross a border." })];
      return [fields("A story's beginning", { prompt: "The last train of the evening had already left when" }), fields("A question", { prompt: "Why do cats purr?" })];
    case "text-embeddings":
      if (properties["contexts"]) return [fields("Which answers best?", {
        query: "How do I keep bread fresh?",
        contexts: ["Wrap the loaf in a cloth.", "Trains leave every hour.", "Bread dries out in the fridge."].map((text) => ({ text })),
      })];
      return [fields("Six sentences", { [properties["text"] ? "text" : "documents"]: [
        "A cat sleeps on the sill.", "The kitten naps by the window.", "Stocks fell again on Friday.",
        "The market closed lower.", "She bakes bread at dawn.", "Fresh loaves come out of the oven.",
      ] })];
    case "text-classification":
      if (properties["contexts"]) return [fields("Which answers best?", {
        query: "What do bees make?", contexts: [{ text: "Bees turn nectar into honey." }, { text: "Wasps build nests of paper." }, { text: "The museum opens at ten." }],
      })];
      return [fields("A glad sentence", { text: "What a lovely morning this turned out to be!" }), fields("A cross one", { text: "The parcel came late, and broken." })];
    case "text-to-image":
      return [
        { label: "A lighthouse", fields: async () => ({ prompt: "A lighthouse on a cliff at dusk, soft watercolour", ...(await pictureFor(form)) }) },
        { label: "A paper fox", fields: async () => ({ prompt: "A fox folded from orange paper, studio light", ...(await pictureFor(form)) }) },
      ];
    case "text-to-speech":
      return [fields("A greeting", { [properties["prompt"] ? "prompt" : "text"]: "Good morning! The kettle is on, and there is no hurry at all." })];
    case "translation":
      return [properties["target_language"]
        ? fields("To Hindi", { text: "Where is the nearest bakery?", target_language: "hin_Deva" })
        : fields("To French", { text: "Where is the nearest bakery?", source_lang: "en", target_lang: "fr" })];
    case "summarization":
      return [fields("A paragraph", { input_text: "The old harbour was dredged last spring. Ferries, which had been moored outside for eleven years, could come in again. Cafés opened along the quay, and by August the town counted more visitors than in the three summers before." })];
    case "automatic-speech-recognition":
    case "voice-activity-detection":
      return properties["audio"] ? [{ label: "A sample sound", fields: async () => ({ audio: { $file: hold(sampleSound()) } }) }] : [];
    default:
      return properties["image"] ? [{ label: "A sample picture", fields: async () => ({ image: { $file: hold(await samplePicture()) } }) }] : [];
  }
}

/** Models that cannot draw without a picture are given one. */
async function pictureFor(form: Form): Promise<Input> {
  const required = form.schema?.required ?? [];
  const fields: Input = {};
  for (const name of ["image", "image_b64", "mask"]) if (required.includes(name)) fields[name] = { $file: hold(await samplePicture()) };
  return fields;
}

async function twoItems(model: Model, form: Form): Promise<Input[]> {
  const named = model.forms.find((other) => other.name === form.items?.[0]);
  if (named?.schema?.properties?.["messages"]) return ["Why is the sky blue?", "Why is the sea salty?"].map((content) => ({ messages: [{ role: "user", content }] }));
  const plain = named ?? { name: "item", transport: "json" as const, ...(form.schema ? { schema: form.schema } : {}) };
  const offered = samples(model, plain, false).slice(0, 2);
  const items = await Promise.all(offered.map((sample) => sample.fields?.() ?? Promise.resolve<Input>({})));
  const text = items[0]?.["text"];
  if (items.length === 1 && Array.isArray(text)) return [{ text: text.slice(0, 3) }, { text: text.slice(3) }];
  return items.length === 1 ? [items[0]!, items[0]!] : items;
}

/** Two seconds of a soft rising chord, as a WAV file. */
export function sampleSound(): File {
  const rate = 16_000;
  const length = rate * 2;
  const bytes = new DataView(new ArrayBuffer(44 + length * 2));
  const word = (at: number, text: string) => [...text].forEach((letter, index) => bytes.setUint8(at + index, letter.charCodeAt(0)));
  word(0, "RIFF");
  bytes.setUint32(4, 36 + length * 2, true);
  word(8, "WAVEfmt ");
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true);
  bytes.setUint16(22, 1, true);
  bytes.setUint32(24, rate, true);
  bytes.setUint32(28, rate * 2, true);
  bytes.setUint16(32, 2, true);
  bytes.setUint16(34, 16, true);
  word(36, "data");
  bytes.setUint32(40, length * 2, true);
  for (let index = 0; index < length; index += 1) {
    const time = index / rate;
    const fade = Math.min(1, time * 8) * Math.min(1, (2 - time) * 3);
    const tone = [220, 277.18, 329.63].reduce((sum, pitch, voice) => sum + (time > voice * 0.4 ? Math.sin(2 * Math.PI * pitch * time) : 0), 0);
    bytes.setInt16(44 + index * 2, tone * fade * 6000, true);
  }
  return new File([bytes.buffer], "sample.wav", { type: "audio/wav" });
}

/** A small landscape, as a PNG file. */
export async function samplePicture(): Promise<File> {
  const canvas = document.createElement("canvas");
  canvas.width = 384;
  canvas.height = 256;
  const draw = canvas.getContext("2d")!;
  const sky = draw.createLinearGradient(0, 0, 0, 180);
  sky.addColorStop(0, "#f3c98b");
  sky.addColorStop(1, "#fbeedb");
  draw.fillStyle = sky;
  draw.fillRect(0, 0, 384, 256);
  const shape = (colour: string, points: [number, number][]) => {
    draw.fillStyle = colour;
    draw.beginPath();
    for (const [x, y] of points) draw.lineTo(x, y);
    draw.fill();
  };
  draw.fillStyle = "#e2725b";
  draw.beginPath();
  draw.arc(286, 78, 30, 0, 7);
  draw.fill();
  shape("#7d9a8c", [[0, 190], [96, 92], [196, 190]]);
  shape("#4f7468", [[120, 200], [232, 112], [384, 214], [384, 220], [120, 220]]);
  shape("#2f5d54", [[0, 186], [384, 206], [384, 256], [0, 256]]);
  shape("#f7f3ea", [[64, 214], [64, 176], [84, 156], [104, 176], [104, 214]]);
  shape("#b5483a", [[58, 178], [84, 150], [110, 178]]);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  return new File([blob ?? new Blob()], "sample.png", { type: "image/png" });
}
