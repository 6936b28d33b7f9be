// Whether the answer is to come as it is written.

import { edit, form, input, model } from "../state";

export function StreamSwitch() {
  const reply = model.value?.reply;
  if (!reply?.stream || form.value?.transport === "queue") return null;
  const on = input.value["stream"] === undefined ? reply.streams_by_default === true : input.value["stream"] === true;
  return (
    <label class="switch">
      <input type="checkbox" role="switch" checked={on} onChange={(event) => edit(["stream"], event.currentTarget.checked ? true : reply.streams_by_default ? false : undefined)} />
      <span class="track" aria-hidden="true" />
      <span>Stream<span class="stream-what"> the answer</span></span>
    </label>
  );
}
