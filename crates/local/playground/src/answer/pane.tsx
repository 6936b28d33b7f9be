// The side of the page that shows the answer.

import { useEffect, useState } from "preact/hooks";
import { sessionOnly } from "../catalogue";
import { current, edit, form, input, isChat, isRunning, model, run } from "../state";
import { samples } from "../samples";
import { follow, startOver } from "../ui/announcer";
import { Tabs } from "../ui/parts";
import { Session } from "../session/session";
import { Chat } from "./chat";
import { Failed, Meter } from "./meter";
import { Result } from "./result";
import { RawReply } from "./tree";

export function AnswerPane() {
  const [tab, setTab] = useState("answer");
  const shown = current.value;
  const progress = shown?.progress.value;
  const chosen = model.value;
  useEffect(() => {
    // Below the form, an answer would begin out of sight.
    if (shown && !isChat.value && !matchMedia("(min-width: 820px)").matches) {
      document.getElementById("answer")?.scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    }
    startOver();
    setTab((now) => (now === "session" ? now : "answer"));
  }, [shown?.id]);
  useEffect(() => {
    if (progress) follow(progress.said.text, progress.state !== "running");
  }, [progress?.said.text, progress?.state]);
  if (!chosen) return null;
  const onlySession = sessionOnly(chosen);
  const tabs = [
    ...(onlySession ? [] : [{ name: "answer", label: isChat.value ? "Conversation" : "Answer" }]),
    ...(chosen.realtime ? [{ name: "session", label: "Session" }] : []),
    ...(progress && progress.state !== "running" && (progress.result !== undefined || progress.events.length > 0) ? [{ name: "reply", label: progress.events.length > 0 ? "Events" : "Reply as JSON" }] : []),
    ...(progress && Object.keys(progress.headers).length > 0 ? [{ name: "headers", label: "Headers" }] : []),
  ];
  const open = tabs.some((one) => one.name === tab) ? tab : tabs[0]?.name ?? "answer";
  return (
    <section class="pane answer-pane" id="answer" aria-labelledby="answer-title">
      <header class="pane-head">
        <h2 id="answer-title" class="hidden">Answer</h2>
        <Tabs tabs={tabs} chosen={open} choose={setTab} label="Views of the answer" panel="answer-panel" />
      </header>
      <div class={`pane-body view-${open}${isChat.value && open === "answer" ? " is-chat" : ""}`} id="answer-panel" role="tabpanel" aria-labelledby={`answer-panel-tab-${open}`}>
        {open === "answer" && (isChat.value ? <Chat /> : <Single />)}
        {open === "session" && <Session />}
        {open === "reply" && progress && <RawReply value={progress.events.length > 0 ? progress.events : progress.result} />}
        {open === "headers" && progress && (
          <dl class="headers">
            {Object.entries(progress.headers).map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
          </dl>
        )}
      </div>
      {shown && !isChat.value && open === "answer" && (progress?.state === "done" || progress?.state === "stopped") && <footer class="pane-foot"><Meter run={shown} /></footer>}
    </section>
  );
}

/** An answer that is no conversation. */
function Single() {
  const shown = current.value;
  const progress = shown?.progress.value;
  if (!shown || !progress) return <Empty />;
  if (progress.state === "failed") return <Failed run={shown} />;
  if (progress.state === "running" && progress.said.text === "" && progress.said.reasoning === "") {
    return <p class="dots" aria-label="Waiting for the answer"><i /><i /><i /></p>;
  }
  return (
    <div class={progress.state === "running" ? "result live" : "result"} aria-busy={progress.state === "running"}>
      <Result run={shown} model={model.value} />
      {progress.state === "stopped" && <p class="muted">Stopped.</p>}
      {progress.failure && progress.state === "done" && <p class="muted">{progress.failure.message}</p>}
    </div>
  );
}

function Empty() {
  const [chosen, shape] = [model.value, form.value];
  if (!chosen || !shape) return <div class="empty"><h3>No form</h3><p>{chosen?.problem ?? "Nothing is known about how this model is called."}</p></div>;
  const offered = samples(chosen, shape, false);
  const use = async (index: number) => {
    const fields = (await offered[index]?.fields?.()) ?? {};
    for (const [name, value] of Object.entries(fields)) edit([name], value);
    run();
  };
  return (
    <div class="empty">
      <h3>{chosen.task}</h3>
      <p>Fill in the form and run it; the answer appears here.{offered.length > 0 ? " Or begin with an example." : ""}</p>
      <div class="chips">
        {offered.map((sample, index) => <button key={sample.label} type="button" class="chip" disabled={isRunning.value} onClick={() => void use(index)}>{sample.label}</button>)}
      </div>
      {Object.keys(input.value).length > 1 && <p class="muted">Ctrl + Enter runs the form.</p>}
    </div>
  );
}
