// The present request as something to copy.

import { useEffect, useState } from "preact/hooks";
import { everything, form, model, request, where } from "../state";
import { CopyButton, Tabs } from "../ui/parts";
import { curl, javascript } from "./code";
import { askForRust, rust, rustIsOffered } from "./rust";

const CLOUDFLARE = "https://api.cloudflare.com/client/v4/accounts/$CLOUDFLARE_ACCOUNT_ID/ai/run/";

export function CodeView() {
  const [language, setLanguage] = useState("rust");
  const [chosen, shape, sent] = [model.value, form.value, request.value];
  useEffect(() => {
    if (!chosen || shape?.transport === "queue" || rustIsOffered.value === false) return;
    const timer = setTimeout(() => void askForRust(chosen.id, sent), 150);
    return () => clearTimeout(timer);
  }, [chosen, shape, sent]);
  if (!chosen || !shape) return null;
  const offersRust = rustIsOffered.value === true && shape.transport !== "queue";
  const languages = [...(offersRust ? [{ name: "rust", label: "Rust" }] : []), { name: "curl", label: "curl" }, { name: "javascript", label: "JavaScript" }];
  const open = languages.some((one) => one.name === language) ? language : "curl";
  const base = where.value === "cloudflare" ? CLOUDFLARE : `${location.origin}/client/v4/accounts/${everything.value?.account}/ai/run/`;
  const takesAny = where.value === "local" && everything.value?.wants_token === false;
  const place = { base, usualToken: takesAny ? "local" : undefined };
  const written = rust.value;
  const failed = open === "rust" && written && "error" in written ? written.error : undefined;
  const text = open === "rust" ? (written && "code" in written ? written.code : "")
    : open === "javascript" ? javascript(chosen, shape, sent, place) : curl(chosen, shape, sent, place);
  const environment = where.value === "cloudflare" ? "CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN" : "CLOUDFLARE_API_TOKEN";
  return (
    <div class="code-view">
      <div class="code-head">
        <Tabs small tabs={languages} chosen={open} choose={setLanguage} label="Language" panel="code-panel" />
        <CopyButton text={() => text} label={`Copy as ${languages.find((one) => one.name === open)?.label ?? open}`} />
      </div>
      <div id="code-panel" role="tabpanel" aria-labelledby={`code-panel-tab-${open}`}>
        {failed ? <p class="complaint">{failed}</p> : <pre class="code" tabIndex={0} aria-label="Code of the request">{text}</pre>}
      </div>
      <p class="hint">Reads {environment} from the environment{takesAny ? ", where any text will do" : ""}.</p>
    </div>
  );
}
