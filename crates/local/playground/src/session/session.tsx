// Models that talk over WebSocket: where they are reached, and a session with those that speak.

import { useEffect, useMemo, useState } from "preact/hooks";
import { GrowingText } from "../field/text";
import { asText } from "../request/plan";
import { connectionIsOpen, everything, input, lacksCredentials, model, target, where } from "../state";
import { CopyButton } from "../ui/parts";
import { close, heard, open, speak } from "./speech";

/** The parameters of a session: the form's fields without what is said in it. */
function parameters(): string {
  const chosen = model.value;
  const said = new Set([chosen?.realtime?.content, ...(chosen?.forms ?? []).map((form) => form.body), "stream"]);
  const fields = Object.entries(input.value).filter(([name, value]) => !said.has(name) && value !== undefined);
  const query = new URLSearchParams(fields.map(([name, value]) => [name, asText(value)])).toString();
  return query ? `?${query}` : "";
}

const here = (): string => `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}`;

/** The address for a program, which can send headers. */
export function sessionAddress(): string {
  const elsewhere = where.value === "cloudflare";
  const account = elsewhere ? "$CLOUDFLARE_ACCOUNT_ID" : everything.value?.account ?? "";
  return `${elsewhere ? "wss://api.cloudflare.com" : here()}/client/v4/accounts/${account}/ai/run/${model.value?.id}${parameters()}`;
}

export function Session() {
  const chosen = model.value;
  useEffect(() => close, [chosen?.id]);
  if (!chosen?.realtime) return null;
  const address = sessionAddress();
  const speaks = chosen.realtime.content !== undefined;
  return (
    <div class="session">
      <h3>A session over WebSocket</h3>
      <p>
        {speaks ? "This model also talks in sessions: text goes in, sound comes out, on one connection that stays open."
          : chosen.forms.some((form) => form.body) ? "This model also listens in sessions: sound goes in as it is spoken, and what was said comes back meanwhile."
            : "This model talks in sessions only and takes no single request: sound goes in as it is spoken, and what was said comes back meanwhile."}
      </p>
      {speaks && where.value === "local" && <Speaking />}
      <h4>From a program</h4>
      <p class="muted">The form's parameters are part of the address; the token goes into the header <code>Authorization</code>.</p>
      <div class="code-block">
        <pre class="code" tabIndex={0} aria-label="Address of the session">{address}</pre>
        <CopyButton text={() => address} label="Copy the address" />
      </div>
    </div>
  );
}

function Speaking() {
  const [text, setText] = useState("Good morning! The kettle is on.");
  const { state, lines, sound, problem } = heard.value;
  const address = useMemo(() => (sound ? URL.createObjectURL(sound) : undefined), [sound]);
  useEffect(() => () => { if (address) URL.revokeObjectURL(address); }, [address]);
  const begin = () => {
    if (lacksCredentials.value) connectionIsOpen.value = true;
    else open(`${here()}/playground/sessions/${model.value?.id}${parameters()}`, target.value.token);
  };
  return (
    <div class="speaking nested">
      <div class="speaking-state">
        <span role="status"><i class={`dot ${state}`} aria-hidden="true" />{state === "open" ? "Session open" : state === "opening" ? "Opening…" : "No session"}</span>
        {state === "closed"
          ? <button type="button" class="button small primary" onClick={begin}>Open a session</button>
          : <button type="button" class="button small" onClick={close}>Close</button>}
      </div>
      {problem && <p class="complaint" role="alert">{problem}</p>}
      {state === "open" && (
        <form class="speaking-row" onSubmit={(event) => { event.preventDefault(); if (text.trim() !== "") speak(text); }}>
          <GrowingText ties={{ id: "session-text" }} label="Text to speak" rows={2} placeholder="Text to speak" value={text} set={setText} />
          <button class="button small">Speak</button>
        </form>
      )}
      {address && <audio src={address} controls autoplay aria-label="What the session spoke" />}
      {lines.length > 0 && (
        <ol class="session-lines" tabIndex={0} aria-label="Messages of the session">
          {lines.map((line) => <li key={line.id} class={line.from}><span aria-label={line.from === "page" ? "sent" : "received"}>{line.from === "page" ? "→" : "←"}</span> {line.text}</li>)}
        </ol>
      )}
    </div>
  );
}
