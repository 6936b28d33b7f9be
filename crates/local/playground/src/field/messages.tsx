// The conversation as a form: the instructions, and every message that can be put right.

import { elementId, type Path } from "../path";
import { edit } from "../state";
import { Icon } from "../ui/icons";
import { JsonField } from "./json";
import { GrowingText } from "./text";

export interface Message {
  role?: string;
  content?: unknown;
  tool_calls?: unknown[];
  tool_call_id?: string;
  name?: string;
}

const ROLES = ["user", "assistant", "system", "tool"];

export function MessagesField({ path, value }: { path: Path; value: unknown }) {
  const messages = (Array.isArray(value) ? value : []) as Message[];
  const first = messages[0]?.role === "system" ? messages[0] : undefined;
  const system = typeof first?.content === "string" ? first.content : "";
  const setSystem = (text: string) => {
    const rest = first ? messages.slice(1) : messages;
    const next = text === "" ? rest : [{ role: "system", content: text }, ...rest];
    edit(path, next.length === 0 ? undefined : next);
  };
  const id = elementId(path);
  const remove = (index: number) => edit(path, messages.length === 1 ? undefined : messages.filter((_, place) => place !== index));
  return (
    <div class="messages-field" id={id} tabIndex={-1}>
      <GrowingText ties={{ id: `${id}-system` }} label="System message" rows={2} value={system} set={setSystem}
        placeholder="Who the model is, how it answers (optional)" />
      <details class="fold">
        <summary><Icon name="chevron" size={14} />{messages.length === 0 ? "No messages yet" : `Edit ${messages.length} message${messages.length === 1 ? "" : "s"}`}</summary>
        <div class="nested">
          {messages.map((message, index) => (
            <div class="message-row" key={index}>
              <div class="message-row-head">
                <select aria-label={`Role of message ${index + 1}`} value={message.role ?? "user"} onChange={(event) => edit([...path, index, "role"], event.currentTarget.value)}>
                  {[...new Set([...ROLES, message.role ?? "user"])].map((role) => <option key={role} value={role}>{role}</option>)}
                </select>
                <button type="button" class="quiet icon-only" onClick={() => remove(index)} aria-label={`Remove message ${index + 1}`} title="Remove"><Icon name="close" size={15} /></button>
              </div>
              {typeof message.content === "string" || message.content === undefined
                ? <GrowingText ties={{ id: `${id}-${index}` }} label={`Message ${index + 1}`} rows={1} placeholder="" value={message.content ?? ""} set={(text) => edit([...path, index, "content"], text)} />
                : <JsonField ties={{ id: `${id}-${index}` }} label={`Message ${index + 1}`} rows={3} value={message.content} change={(next) => edit([...path, index, "content"], next ?? "")} />}
            </div>
          ))}
          <button type="button" class="quiet add" onClick={() => edit([...path, messages.length], { role: messages.at(-1)?.role === "user" ? "assistant" : "user", content: "" })}>
            <Icon name="plus" size={15} /><span>Add message</span>
          </button>
        </div>
      </details>
    </div>
  );
}
