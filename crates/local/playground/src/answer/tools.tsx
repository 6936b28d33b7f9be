// Calls of tools: what the model wants done, and a place to say what came of it.

import { useState } from "preact/hooks";
import type { ToolCall } from "../request/events";
import { edit, input, isRunning, run } from "../state";

export function ToolCalls({ calls, answer }: { calls: ToolCall[]; answer?: boolean }) {
  const real = calls.filter(Boolean);
  if (real.length === 0) return null;
  return <div class="calls">{real.map((call, index) => <Call key={index} call={call} place={index} answer={answer === true && real.length === 1} />)}</div>;
}

function Call({ call, place, answer }: { call: ToolCall; place: number; answer: boolean }) {
  const [result, setResult] = useState("");
  const give = () => {
    const messages = (input.value["messages"] as unknown[]) ?? [];
    edit(["messages"], [...messages, { role: "tool", tool_call_id: call.id ?? `call_${place + 1}`, name: call.name, content: result }]);
    run();
  };
  return (
    <div class="call">
      <p class="call-name">calls <code>{call.name}</code></p>
      <pre class="code" tabIndex={0} aria-label={`Arguments of ${call.name}`}>{pretty(call.arguments)}</pre>
      {answer && (
        <form class="call-answer" onSubmit={(event) => { event.preventDefault(); give(); }}>
          <input type="text" value={result} onInput={(event) => setResult(event.currentTarget.value)} aria-label={`What ${call.name} gave back`} placeholder="What it gave back" />
          <button class="button small" disabled={result === "" || isRunning.value}>Give back</button>
        </form>
      )}
    </div>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
