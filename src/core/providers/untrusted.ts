/** Reading JSON that came over the wire: a wrong type reads as absent, so that no answer can crash an adapter. */

export type JsonObject = { readonly [key: string]: unknown };

/** The value as an object whose fields can be asked for; undefined for anything else, arrays included. */
export function objectOf(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** The objects in an array; empty for anything else. */
export function objectsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter((item) => objectOf(item) !== undefined) : [];
}

/** The value as text; empty for anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The value as a count of tokens; zero for anything else. */
export function countOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}

/** True for text that is JSON. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Tool arguments as an object, for the formats that want one. Broken JSON is shown to the model as it wrote it. */
export function argumentsAsObject(json: string): JsonObject {
  try {
    return objectOf(JSON.parse(json || '{}')) ?? { INVALID_JSON: json };
  } catch {
    return { INVALID_JSON: json };
  }
}
