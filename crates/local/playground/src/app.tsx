// The page as a whole.

import { useEffect, useState } from "preact/hooks";
import { AnswerPane } from "./answer/pane";
import { RequestPane } from "./request/pane";
import { colours, connectionIsOpen, current, everything, historyIsOpen, isChat, isRunning, lacksCredentials, model, modelsAreOpen, run, runs, trouble, where, type Colours } from "./state";
import { announcement, spoken } from "./ui/announcer";
import { Connection } from "./ui/connection";
import { History } from "./ui/history";
import { Icon } from "./ui/icons";
import { ModelHead } from "./ui/modelhead";
import { ModelList } from "./ui/modellist";
import { Dialog } from "./ui/parts";

const WIDE = "(min-width: 1080px)";
const BESIDE = "(min-width: 820px)";

export function App() {
  const isWide = useMedia(WIDE);
  const isBeside = useMedia(BESIDE);
  useEffect(() => {
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
  const chosen = model.value;
  return (
    <>
      <a class="skip" href="#request" onClick={(event) => { event.preventDefault(); focusRequest(); }}>Skip to the request</a>
      <TopBar />
      <div class="shell">
        {isWide && everything.value && <aside class="sidebar" aria-label="Models"><ModelList id="side" /></aside>}
        <main>
          {trouble.value && <div class="empty"><h2>The models did not arrive</h2><p>{trouble.value}</p><button type="button" class="button" onClick={() => location.reload()}>Try again</button></div>}
          {!everything.value && !trouble.value && <p class="dots waiting" aria-label="Loading"><i /><i /><i /></p>}
          {chosen && (
            <>
              <ModelHead model={chosen} />
              <div class="work">
                {/* Below each other, a conversation comes before its settings. */}
                {!isBeside && isChat.value ? <><AnswerPane /><RequestPane /></> : <><RequestPane /><AnswerPane /></>}
              </div>
            </>
          )}
        </main>
      </div>
      <Dialog open={modelsAreOpen.value && !isWide} close={() => { modelsAreOpen.value = false; }} title="Models" side="left"><ModelList id="sheet" /></Dialog>
      <History />
      <Connection />
      <div class="hidden" role="status" aria-live="polite">{announcement.value}</div>
      <div class="hidden" role="log" aria-live="polite" aria-label="Answer as it arrives">{spoken.value.map((sentence, index) => <p key={index}>{sentence}</p>)}</div>
    </>
  );
}

const NEXT: Record<Colours, Colours> = { system: "light", light: "dark", dark: "system" };

function TopBar() {
  const icon = { system: "system", light: "sun", dark: "moon" }[colours.value];
  const elsewhere = where.value === "cloudflare";
  return (
    <header class="top">
      <a class="brand" href="/">
        <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="9" /><path d="M8 11l3.500 10L16 12l4.500 9L24 11" /></svg>
        <span><b>Workers AI</b> <span class="brand-side">local playground</span></span>
      </a>
      <span class="spring" />
      <button type="button" class={`quiet where${lacksCredentials.value ? " lacks" : ""}`} onClick={() => { connectionIsOpen.value = true; }} title="Where to run">
        <i class={elsewhere ? "dot elsewhere" : "dot"} aria-hidden="true" />
        <span>{elsewhere ? "Cloudflare" : "Local"}{lacksCredentials.value ? ", token needed" : ""}</span>
      </button>
      <button type="button" class="quiet runs" onClick={() => { historyIsOpen.value = true; }} title="Runs">
        <Icon name="clock" /><span class="wide-only">Runs</span> {runs.value.length > 0 && <span class="count">{runs.value.length}</span>}
      </button>
      <button type="button" class="quiet icon-only" onClick={() => { colours.value = NEXT[colours.value]; }} aria-label={`Colours: ${colours.value}. Change`} title={`Colours: ${colours.value}`}><Icon name={icon} /></button>
    </header>
  );
}

function onKeyDown(event: KeyboardEvent): void {
  if (document.querySelector("dialog[open]")) return;
  const inField = (event.target as HTMLElement).closest?.("input, textarea, select") !== null;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    run();
  } else if (event.key === "Escape" && isRunning.value) current.value?.stop();
  else if (event.key === "/" && !inField) {
    const search = document.getElementById("side-search");
    event.preventDefault();
    if (search) search.focus();
    else modelsAreOpen.value = true;
  }
}

function focusRequest(): void {
  const first = document.querySelector<HTMLElement>("#request-view textarea, #request-view input:not([type=range]), #request-view select");
  (first ?? document.querySelector<HTMLElement>("#request button"))?.focus();
}

function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const change = () => setMatches(list.matches);
    list.addEventListener("change", change);
    return () => list.removeEventListener("change", change);
  }, [query]);
  return matches;
}

