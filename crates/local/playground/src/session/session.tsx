// Models that talk over WebSocket: where they are reached, and a conversation in sound where the page can hold one.

import { useState } from "preact/hooks";
import { everything, input, model, where } from "../state";
import { asText } from "../request/plan";
import { CopyButton } from "../ui/parts";

/** The address of a session, with the form's fields as parameters. */
export function sessionAddress(): string {
  const chosen = model.value;
  if (!chosen) return "";
  const said = new Set([chosen.realtime?.content, ...chosen.forms.map((form) => form.body), "stream"]);
  const fields = Object.entries(input.value).filter(([name, value]) => !said.has(name) && value !== undefined);
  const query = new URLSearchParams(fields.map(([name, value]) => [name, asText(value)])).toString();
  const host = where.value === "cloudflare" ? "wss://api.cloudflare.com" : `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}`;
  const account = where.value === "cloudflare" ? "$CLOUDFLARE_ACCOUNT_ID" : everything.value?.account ?? "";
  return `${host}/client/v4/accounts/${account}/ai/run/${chosen.id}${query ? `?${query}` : ""}`;
}

export function Session() {
  const [open] = useState(true);
  const chosen = model.value;
  if (!chosen?.realtime || !open) return null;
  const address = sessionAddress();
  return (
    <div class="session">
      <h3>A session over WebSocket</h3>
      <p>
        {chosen.realtime.content
          ? "This model also talks in sessions: text goes in, sound comes out, on one connection that stays open."
          : chosen.forms.some((form) => form.body) ? "This model also listens in sessions: sound goes in as it is spoken, and what was said comes back while it is said."
            : "This model talks in sessions only: sound goes in as it is spoken, and what was said comes back while it is said. It takes no single request."}
      </p>
      <p>The parameters of the form are part of the address. The token goes into the header <code>Authorization</code>.</p>
      <div class="code-block">
        <pre class="code" tabIndex={0} aria-label="Address of the session">{address}</pre>
        <CopyButton text={() => address} label="Copy the address" />
      </div>
    </div>
  );
}
