// A list: every item has its own controls.

import type { Schema } from "../catalogue";
import { elementId, type Path } from "../path";
import { blank, kindOf } from "../schema";
import { edit } from "../state";
import { Icon } from "../ui/icons";
import { Field, FieldList } from "./field";
import { GrowingText } from "./text";

export function ListField({ schema, name, path, value, id }: { schema: Schema; name: string; path: Path; value: unknown; id: string }) {
  const items = Array.isArray(value) ? value : [];
  const item = schema.items ?? {};
  const kind = kindOf(item, "");
  const one = name.replace(/ies$/, "y").replace(/s$/, "").replaceAll("_", " ");
  const single = item.properties && Object.keys(item.properties).length === 1 ? Object.entries(item.properties)[0] : undefined;
  const isText = (inner: Schema) => inner.type === "string" && !inner.enum;
  const add = () => {
    const fresh = kind === "text" ? "" : single && isText(single[1]) ? { [single[0]]: "" } : blank(item);
    edit([...path, items.length], fresh);
    // The new item is drawn before the next frame, and typing goes on there.
    requestAnimationFrame(() => {
      const place = single ? [...path, items.length, single[0]] : [...path, items.length];
      document.getElementById(elementId(place))?.focus();
    });
  };
  const remove = (index: number) => edit(path, items.length === 1 ? undefined : items.filter((_, place) => place !== index));
  return (
    <div class="list" id={id} tabIndex={-1}>
      {items.map((entry, index) => {
        const place = [...path, index];
        const button = (
          <button type="button" class="quiet icon-only" onClick={() => remove(index)} aria-label={`Remove ${one} ${index + 1}`} title="Remove">
            <Icon name="close" size={15} />
          </button>
        );
        const textAt = kind === "text" ? place : single && isText(single[1]) ? [...place, single[0]] : undefined;
        if (textAt) {
          const text = kind === "text" ? entry : (entry as Record<string, unknown>)?.[single![0]];
          return (
            <div class="list-row" key={index}>
              <GrowingText ties={{ id: elementId(textAt) }} label={`${one} ${index + 1}`} rows={1} placeholder="" value={String(text ?? "")}
                set={(next) => edit(textAt, next)} />
              {button}
            </div>
          );
        }
        return (
          <fieldset class="nested" key={index}>
            <legend>{one} {index + 1}</legend>
            <div class="nested-remove">{button}</div>
            {kind === "object"
              ? <FieldList schema={item} path={place} value={entry} />
              : <Field schema={item} name={one} path={place} value={entry} required />}
          </fieldset>
        );
      })}
      <button type="button" class="quiet add" onClick={add}><Icon name="plus" size={15} /><span>Add {one}</span></button>
    </div>
  );
}
