const pattern = /\{(\w+)\}/g;

/** Fills `{name}` in a text with values. */
export function fill(text, values) {
  return text.replace(pattern, (_, name) => values[name]);
}

/** The names that a text asks for. */
export function namesIn(text) {
  return Array.from(text.matchAll(pattern), ([, name]) => name);
}
