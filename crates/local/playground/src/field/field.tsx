// One field of a form, drawn by what its schema says.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Schema } from "../catalogue";
import { elementId, pointer, type Path } from "../path";
import { armName, blank, complaint, fieldsOf, kindOf, looksLike, takes } from "../schema";
import { complaints, edit, everything, isChat } from "../state";
import { Icon } from "../ui/icons";
import { Segments } from "../ui/parts";
import { FileField } from "./file";
import { JsonField } from "./json";
import { ListField } from "./list";
import { MessagesField } from "./messages";
import { NumberField } from "./number";
import { StreamSwitch } from "./stream";
import { TextField } from "./text";

export interface FieldProps {
  schema: Schema;
  name: string;
  path: Path;
  value: unknown;
  required: boolean;
}

/** What ties a control to its label, its hint and what is wrong with it. */
export interface Ties {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": boolean | undefined;
  "aria-required": boolean | undefined;
  /** Where the label is none of the control's own. */
  "aria-labelledby": string | undefined;
}

const title = (name: string): string => name.replaceAll("_", " ");

/** The conversation itself is on the other side of the page. */
const heading = (name: string, kind: string): string => (kind === "messages" ? "system message" : title(name));

export function Field(props: FieldProps) {
  const { schema, name, path, value, required } = props;
  const kind = kindOf(schema, name);
  const id = elementId(path);
  const told = complaints.value.get(pointer(path));
  const wrong = told ?? (kind === "union" ? undefined : complaint(schema, value));
  const hint = kind === "messages" ? undefined : everything.value?.meanings[name];
  // Boxes for text and choices show their default themselves; a number in grey could be taken for a value.
  const isDefault = kind === "number" && schema.default !== undefined;
  const notes = [takes(schema), isDefault && value === undefined ? `default ${schema.default}` : ""].filter(Boolean).join(" · ");
  const isGroup = ["object", "list", "messages", "union", "flag"].includes(kind);
  const ties: Ties = {
    id,
    "aria-describedby": [hint ? `${id}-hint` : "", wrong ? `${id}-wrong` : ""].filter(Boolean).join(" ") || undefined,
    "aria-invalid": wrong ? true : undefined,
    "aria-required": required || undefined,
    "aria-labelledby": isGroup ? `${id}-label` : undefined,
  };
  const change = (next: unknown) => edit(path, next);
  const Label = isGroup ? "span" : "label";
  return (
    <div class={`field field-${kind}${wrong ? " wrong" : ""}`} role={isGroup ? "group" : undefined} aria-labelledby={isGroup ? `${id}-label` : undefined}>
      <div class="field-head">
        <Label id={`${id}-label`} {...(isGroup ? {} : { for: id })} class="field-name">
          {heading(name, kind)}
          {required && kind !== "messages" && <span class="required" aria-hidden="true" title="required">•</span>}
        </Label>
        {notes && <span class="field-notes">{notes}</span>}
        {value !== undefined && !required && kind !== "object" && (
          <button type="button" class="quiet icon-only unset" onClick={() => change(undefined)} aria-label={`Leave ${title(name)} out`} title="Leave out">
            <Icon name="undo" size={14} />
          </button>
        )}
      </div>
      <Control {...props} kind={kind} ties={ties} change={change} />
      {hint && <p class="hint" id={`${id}-hint`}>{withCode(hint)}</p>}
      {wrong && <p class="complaint" id={`${id}-wrong`} role="alert">{wrong}</p>}
    </div>
  );
}

/** Words between backticks are code. */
const withCode = (text: string): ComponentChildren => text.split("`").map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));

type ControlProps = FieldProps & { kind: ReturnType<typeof kindOf>; ties: Ties; change: (value: unknown) => void };

function Control(props: ControlProps): ComponentChildren {
  const { schema, name, path, value, required, kind, ties, change } = props;
  switch (kind) {
    case "choice":
      return (
        <select {...ties} value={value === undefined ? "" : String(value)} onChange={(event) => change(event.currentTarget.value || undefined)}>
          <option value="">{schema.default !== undefined ? `${schema.default} (default)` : required ? "choose…" : "not set"}</option>
          {schema.enum?.map((option) => <option key={String(option)} value={String(option)}>{String(option)}</option>)}
        </select>
      );
    case "flag": return <FlagControl schema={schema} name={name} id={ties.id} value={value} change={change} />;
    case "number": return <NumberField schema={schema} name={name} ties={ties} value={value} change={change} />;
    case "text": return <TextField schema={schema} name={name} ties={ties} value={value} required={required} change={change} />;
    case "file": return <FileField schema={schema} name={name} ties={ties} value={value} change={change} />;
    case "list": return <ListField schema={schema} name={name} path={path} value={value} id={ties.id} />;
    case "messages": return <MessagesField path={path} value={value} />;
    case "union": return <UnionField {...props} />;
    case "object": return <ObjectField schema={schema} path={path} value={value} required={required} change={change} name={name} />;
    case "tools": return <JsonField ties={ties} value={value} change={change} example={TOOLS} exampleLabel="A weather tool" rows={6} folded />;
    default: return <JsonField ties={ties} value={value} change={change} rows={3} folded={!required} />;
  }
}

const TOOLS = [{
  type: "function",
  function: {
    name: "get_weather", description: "The weather in a city",
    parameters: { type: "object", properties: { city: { type: "string", description: "Name of the city" } }, required: ["city"] },
  },
}];

function FlagControl({ schema, name, id, value, change }: { schema: Schema; name: string; id: string; value: unknown; change: (value: unknown) => void }) {
  const usual = schema.default === undefined ? "default" : `default (${schema.default ? "on" : "off"})`;
  const only = schema.enum?.length === 1 ? schema.enum[0] : undefined;
  const options = [
    { value: "unset" as const, label: usual },
    ...(only === false ? [] : [{ value: "on" as const, label: "on" }]),
    ...(only === true ? [] : [{ value: "off" as const, label: "off" }]),
  ];
  return (
    <Segments
      id={id} label={title(name)} options={options} chosen={value === true ? "on" : value === false ? "off" : "unset"}
      choose={(chosen) => change(chosen === "unset" ? undefined : chosen === "on")}
    />
  );
}

/** One of several shapes: which one, and then that one. */
function UnionField({ schema, name, path, value, required, ties, change }: ControlProps) {
  const arms = schema.anyOf ?? [];
  const fits = arms.findIndex((arm) => value !== undefined && looksLike(arm, value));
  const [picked, setPicked] = useState(0);
  const index = fits >= 0 ? fits : picked;
  const arm = arms[index] ?? arms[0];
  if (!arm) return null;
  const choose = (next: string) => {
    const chosen = arms[Number(next)];
    setPicked(Number(next));
    if (!chosen) return;
    // A text becomes the first of a list, and the other way round.
    if (typeof value === "string" && chosen.type === "array") change([value]);
    else if (Array.isArray(value) && chosen.type === "string") change(typeof value[0] === "string" ? value[0] : undefined);
    else change(chosen.type === "string" && !chosen.enum ? undefined : blank(chosen, name));
  };
  const kind = kindOf(arm, "");
  const inner = { schema: arm, name, path, value: fits >= 0 ? value : undefined, required, ties: { ...ties, id: `${ties.id}` }, change };
  return (
    <div class="union">
      <Segments
        id={`${ties.id}-shape`} label={`Shape of ${title(name)}`} chosen={String(index)} choose={choose}
        options={arms.map((one, place) => ({ value: String(place), label: armName(one, place) }))}
      />
      <Control {...inner} kind={kind} required={required || fits >= 0} />
    </div>
  );
}

function ObjectField({ schema, path, value, required, change, name }: {
  schema: Schema; path: Path; value: unknown; required: boolean; change: (value: unknown) => void; name: string;
}) {
  if (value === undefined && !required) {
    return (
      <button type="button" class="quiet add" id={elementId(path)} onClick={() => change(blank(schema, name))}>
        <Icon name="plus" size={15} /><span>Set {title(name)}</span>
      </button>
    );
  }
  return (
    <div class="nested">
      <FieldList schema={schema} path={path} value={value} />
      {!required && (
        <button type="button" class="quiet add" onClick={() => change(undefined)}><Icon name="minus" size={15} /><span>Leave out</span></button>
      )}
    </div>
  );
}

/** Fewer optional fields than this are not worth folding away. */
const FEW = 3;

/** All fields of an object: what matters in sight, the rest folded away until one of them is wanted, or wrong. */
export function FieldList({ schema, path, value }: { schema: Schema; path: Path; value: unknown }) {
  const [open, setOpen] = useState(false);
  const { shown, more } = fieldsOf(schema);
  const required = new Set(schema.required ?? []);
  const held = (value ?? {}) as Record<string, unknown>;
  const isWrong = more.some(([name]) => [...complaints.value.keys()].some((place) => `${place}/`.startsWith(`${pointer([...path, name])}/`)));
  useEffect(() => { if (isWrong) setOpen(true); }, [isWrong]);
  const one = ([name, inner]: [string, Schema]) => (
    <Field key={name} schema={inner} name={name} path={[...path, name]} value={held[name]} required={required.has(name)} />
  );
  const isShort = more.length <= FEW && path.length > 0;
  const visible = isShort ? [...shown, ...more] : shown.length === 0 ? more.slice(0, FEW) : shown;
  const folded = isShort ? [] : shown.length === 0 ? more.slice(FEW) : more;
  const set = folded.filter(([name]) => held[name] !== undefined).length;
  return (
    <>
      {visible.map(one)}
      {path.length === 0 && isChat.value && <StreamSwitch />}
      {folded.length > 0 && (
        <details class="more" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary><Icon name="chevron" size={15} />More <span class="muted">{folded.length} optional{set > 0 ? `, ${set} set` : ""}</span></summary>
          {open && <div class="more-fields">{folded.map(one)}</div>}
        </details>
      )}
    </>
  );
}
