// A conversation: what was said, what is being said, and where the next thing is typed.

import { useEffect, useRef } from "preact/hooks";
import { flag } from "../catalogue";
import { GrowingText } from "../field/text";
import type { Message } from "../field/messages";
import { addressOf, hold } from "../request/files";
import type { ToolCall } from "../request/events";
import type { Run } from "../request/run";
import { isFileMarker } from "../schema";
import { current, draft, edit, form, input, isRunning, missing, model, run, schema, writtenBy } from "../state";
import { samples } from "../samples";
import { Icon } from "../ui/icons";
import { CopyButton } from "../ui/parts";
import { Markdown } from "./markdown";
import { Failed, Meter } from "./meter";
import { Reasoning } from "./result";
import { ToolCalls } from "./tools";

export function Chat() {
  const messages = (Array.isArray(input.value["messages"]) ? input.value["messages"] : []) as Message[];
  const running = current.value;
  const progress = running?.progress.value;
  const end = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const isLive = progress?.state === "running";
  const length = progress?.said.text.length ?? 0;
  useEffect(() => {
    // The newest words stay in sight, unless somebody has scrolled up to read.
    const box = scroller.current;
    if (box && (box.scrollHeight - box.scrollTop - box.clientHeight < 160)) box.scrollTop = box.scrollHeight;
  }, [length, messages.length, progress?.state]);
  const spoken = messages.filter((message) => message.role !== "system");
  return (
    <div class="chat">
      <div class="conversation" ref={scroller} tabIndex={0} role="region" aria-label="Conversation">
        {spoken.length === 0 && !running && <Welcome />}
        {messages.map((message, index) => message.role === "system" ? null : (
          <Bubble key={index} message={message} run={writtenBy.get(message)} isLast={index === messages.length - 1} />
        ))}
        {isLive && running && <Live run={running} />}
        {progress?.state === "stopped" && running && !messages.some((message) => writtenBy.get(message) === running) && <p class="muted">Stopped.</p>}
        {progress?.state === "failed" && running && <Failed run={running} />}
        <div ref={end} />
      </div>
      <Composer />
    </div>
  );
}

function Welcome() {
  const chosen = model.value;
  const shape = form.value;
  if (!chosen || !shape) return null;
  return (
    <div class="empty">
      <h3>Say something</h3>
      <p>The answer appears here as it is written. Try one of these, or type below.</p>
      <div class="chips">
        {samples(chosen, shape, true).map((sample) => (
          <button key={sample.label} type="button" class="chip" onClick={() => { draft.value = { text: sample.text ?? "", images: [] }; run(); }}>{sample.label}</button>
        ))}
      </div>
    </div>
  );
}

function Bubble({ message, run: by, isLast }: { message: Message; run: Run | undefined; isLast: boolean }) {
  const { text, images } = parts(message.content);
  const mine = message.role === "user";
  const calls = (message.tool_calls ?? []).map((call) => toolCall(call));
  if (message.role === "tool") {
    return <div class="said tool"><p class="who">{message.name ?? "tool"} gave back</p><pre class="code">{text}</pre></div>;
  }
  return (
    <article class={mine ? "said mine" : "said"} aria-label={mine ? "You" : "Model"}>
      {images.length > 0 && <div class="said-images">{images.map((image) => <img key={image} src={image} alt="Attached picture" />)}</div>}
      {by && <Reasoning text={by.progress.value.said.reasoning} open={false} />}
      {text !== "" && (mine ? <p class="plain">{text}</p> : <Markdown text={text} />)}
      <ToolCalls calls={calls} answer={isLast} />
      {!mine && (
        <footer>
          {by && <Meter run={by} />}
          {text !== "" && <CopyButton text={() => text} label="Copy the answer" />}
        </footer>
      )}
    </article>
  );
}

function Live({ run: by }: { run: Run }) {
  const { said } = by.progress.value;
  const begun = said.text !== "" || said.reasoning !== "" || said.calls.length > 0;
  return (
    <article class="said live" aria-label="Model" aria-busy="true">
      <Reasoning text={said.reasoning} open={said.text === ""} />
      {said.text !== "" && <Markdown text={said.text} />}
      <ToolCalls calls={said.calls} />
      {!begun && <p class="dots" aria-hidden="true"><i /><i /><i /></p>}
    </article>
  );
}

function Composer() {
  const picker = useRef<HTMLInputElement>(null);
  const chosen = model.value;
  const sees = (chosen && flag(chosen, "vision")) || schema.value?.properties?.["messages"]?.["x-kind"] === "messages_with_images";
  const { text, images } = draft.value;
  const waits = missing.value.has("messages");
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };
  const attach = (files: FileList | null | undefined) => {
    const names = [...(files ?? [])].filter((file) => file.type.startsWith("image/")).map(hold);
    draft.value = { ...draft.value, images: [...images, ...names] };
  };
  return (
    <form class="composer" onSubmit={(event) => { event.preventDefault(); run(); }}
      onDragOver={(event) => { if (sees) event.preventDefault(); }} onDrop={(event) => { if (sees) { event.preventDefault(); attach(event.dataTransfer?.files); } }}>
      {images.length > 0 && (
        <div class="said-images">
          {images.map((name) => (
            <span key={name} class="attached">
              <img src={addressOf(name)} alt={name} />
              <button type="button" class="quiet icon-only" aria-label={`Remove ${name}`} onClick={() => { draft.value = { ...draft.value, images: images.filter((other) => other !== name) }; }}><Icon name="close" size={13} /></button>
            </span>
          ))}
        </div>
      )}
      <div class="composer-row">
        {sees && (
          <>
            <input ref={picker} type="file" accept="image/*" multiple class="picker" id="composer-picture" onChange={(event) => { attach(event.currentTarget.files); event.currentTarget.value = ""; }} />
            <label for="composer-picture" class="quiet icon-only attach" title="Add a picture"><Icon name="text-to-image" /><span class="hidden">Add a picture</span></label>
          </>
        )}
        <GrowingText ties={{ id: "composer", "aria-invalid": waits || undefined }} label="Message" rows={1} placeholder="Message" value={text}
          set={(next) => { draft.value = { ...draft.value, text: next }; if (waits) missing.value = new Set(); }} onKeyDown={onKeyDown} />
        {isRunning.value
          ? <button type="button" class="button round" onClick={() => current.value?.stop()} aria-label="Stop" title="Stop (Esc)"><Icon name="stop" /></button>
          : <button class="button primary round" aria-label="Send" title="Send (Enter)"><Icon name="send" /></button>}
      </div>
      <div class="composer-foot">
        {waits ? <span class="complaint" role="alert">Type a message first.</span> : <span class="muted">Enter sends, Shift + Enter breaks the line</span>}
        {Array.isArray(input.value["messages"]) && input.value["messages"].length > 0 && !isRunning.value && (
          <button type="button" class="quiet" onClick={() => { edit(["messages"], kept()); current.value = undefined; document.getElementById("composer")?.focus(); }}>Start over</button>
        )}
      </div>
    </form>
  );
}

/** The system message outlives a conversation. */
function kept(): Message[] | undefined {
  const first = ((input.value["messages"] as Message[]) ?? [])[0];
  return first?.role === "system" ? [first] : undefined;
}

function parts(content: unknown): { text: string; images: string[] } {
  if (typeof content === "string") return { text: content, images: [] };
  const list = (Array.isArray(content) ? content : content === undefined || content === null ? [] : [content]) as Record<string, any>[];
  const images = list.map((part) => part["image_url"]?.url).map((url) => (isFileMarker(url) ? addressOf(url.$file) : url));
  return {
    text: list.map((part) => part["text"] ?? "").join("\n").trim(),
    images: images.filter((url): url is string => typeof url === "string" && /^(data:image\/|blob:)/.test(url)),
  };
}

function toolCall(call: unknown): ToolCall {
  const told = call as Record<string, any>;
  const named = told["function"] ?? told;
  return { id: told["id"], name: String(named.name ?? ""), arguments: typeof named.arguments === "string" ? named.arguments : JSON.stringify(named.arguments ?? {}) };
}
