// Reading and writing inside a JSON value without changing the old one.

export type Path = readonly (string | number)[];

export function getIn(value: unknown, path: Path): unknown {
  let found: unknown = value;
  for (const key of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as Record<string | number, unknown>)[key];
  }
  return found;
}

/** The value with another one at the path; `undefined` takes a field away. */
export function setIn(value: unknown, path: Path, replacement: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return replacement;
  if (typeof key === "number") {
    const list = Array.isArray(value) ? [...value] : [];
    if (rest.length === 0 && replacement === undefined) list.splice(key, 1);
    else list[key] = setIn(list[key], rest, replacement);
    return list;
  }
  const object: Record<string, unknown> = { ...(typeof value === "object" && !Array.isArray(value) ? value : {}) };
  if (rest.length === 0 && replacement === undefined) delete object[key];
  else object[key] = setIn(object[key], rest, replacement);
  return object;
}

/** The path as a JSON pointer, which is how the server names a place. */
export const pointer = (path: Path): string => path.map((key) => `/${key}`).join("");

/** An id for an element that belongs to a path. */
export const elementId = (path: Path): string => `field-${path.join("-")}`;
