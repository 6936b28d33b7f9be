// A queued batch: its ticket, and its answers once they are there.

import { useEffect, useState } from "preact/hooks";
import type { Run } from "../request/run";
import { target } from "../state";
import { readWhole } from "../request/events";
import { Markdown } from "./markdown";
import { RawReply } from "./tree";

const PATIENCE = 20;

export function Ticket({ run, ticket }: { run: Run; ticket: string }) {
  const [status, setStatus] = useState("queued");
  const [answers, setAnswers] = useState<unknown>();
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (answers !== undefined || asked >= PATIENCE) return;
    let gone = false;
    const timer = setTimeout(async () => {
      try {
        const response = await fetch(`${target.value.address(run.model)}?queueRequest=true`, {
          method: "POST", headers: { authorization: `Bearer ${target.value.token}`, "content-type": "application/json" },
          body: JSON.stringify({ request_id: ticket }),
        });
        const envelope = await response.json();
        if (gone) return;
        if (envelope.result?.responses) {
          setStatus("done");
          setAnswers(envelope.result);
        } else setStatus(envelope.result?.status ?? envelope.errors?.[0]?.message ?? "unknown");
      } catch {
        if (!gone) setStatus("the server cannot be reached");
      }
      if (!gone) setAsked(asked + 1);
    }, Math.min(5000, 400 * 1.4 ** asked));
    return () => { gone = true; clearTimeout(timer); };
  }, [asked, answers, ticket]);
  return (
    <div class="ticket">
      <p class="large">{status === "done" ? "The batch is done." : `Waiting: ${status}`}</p>
      <p class="muted">Ticket <code>{ticket}</code></p>
      {answers !== undefined && <Answers result={answers} />}
      {answers === undefined && asked >= PATIENCE && <button type="button" class="button small" onClick={() => setAsked(0)}>Ask again</button>}
    </div>
  );
}

interface Response {
  id?: number;
  result?: unknown;
  success?: boolean;
  error?: string;
  external_reference?: string;
}

/** Each answer in its turn: what was said, or all of it where nothing was. */
function Answers({ result }: { result: unknown }) {
  const { responses = [], ...rest } = result as { responses?: Response[] };
  return (
    <>
      <ol class="responses">
        {responses.map((response, index) => {
          const { text } = readWhole(response.result);
          return (
            <li key={index}>
              <p class="who">request {(response.id ?? index) + 1}{response.external_reference ? `, ${response.external_reference}` : ""}</p>
              {response.success === false ? <p class="complaint">{response.error ?? "failed"}</p> : text !== "" ? <Markdown text={text} /> : <RawReply value={response.result} />}
            </li>
          );
        })}
      </ol>
      {Object.keys(rest).length > 0 && <RawReply value={rest} />}
    </>
  );
}
