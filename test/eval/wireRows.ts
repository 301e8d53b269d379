import { existsSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { ProviderId } from '../../src/core/providerId.ts';
import { type JsonObject, objectOf, objectsOf, textOf } from '../../src/core/providers/untrusted.ts';
import { UnreadableFile } from './report.ts';

/** The wires that recordings are of, and who speaks them; the folders of the recordings have these names. */
const wires = {
  anthropic: { provider: 'anthropic', model: 'claude-sonnet-4-5' },
  gemini: { provider: 'google', model: 'gemini-3-pro' },
  'openai-chat': { provider: 'openai-compatible', model: 'gpt-4o' },
  'openai-compatible': { provider: 'openai-compatible', model: 'qwen3-coder' },
  'openai-responses': { provider: 'openai', model: 'gpt-5' },
} as const satisfies Record<string, { provider: ProviderId; model: string }>;

/** A recorded answer of a service. */
export interface WireRow {
  readonly name: string;
  /** The manifest's word for the service. */
  readonly folder: string;
  readonly provider: ProviderId;
  /** The model that was asked, where the request was recorded too. */
  readonly model: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A row that can't be played, and why. */
export interface UnplayableRow {
  readonly name: string;
  readonly folder: string;
  readonly reason: string;
}

/** Reads a folder of recordings by its MANIFEST.json. Throws `UnreadableFile` where there is none. */
export function readRows(folder: string): readonly (WireRow | UnplayableRow)[] {
  const path = resolve(folder, 'MANIFEST.json');
  if (!existsSync(path)) throw new UnreadableFile(`${folder} has no MANIFEST.json: it is no folder of recordings.`);
  const rows: unknown = parse(readFileSync(path, 'utf8'));
  if (!Array.isArray(rows)) throw new UnreadableFile(`${path} is not a list.`);
  return rows.map((row: unknown, index) => rowOf(folder, objectOf(row) ?? {}, index));
}

function rowOf(folder: string, row: JsonObject, index: number): WireRow | UnplayableRow {
  const name = textOf(row.name) || `row ${index + 1}`;
  const kind = textOf(row.provider);
  const wire = Object.hasOwn(wires, kind) ? wires[kind as keyof typeof wires] : undefined;
  const bad = (reason: string): UnplayableRow => ({ name, folder: kind, reason });
  if (!wire) return bad(`Unknown provider ${JSON.stringify(row.provider)}.`);
  const { status } = row;
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 599)
    return bad('No HTTP status.');
  const body = bytesOf(folder, row.response);
  if (!body) return bad(`The response ${JSON.stringify(row.response)} is not a file of the folder.`);
  const request = objectOf(parse(bytesOf(folder, row.request)?.toString() ?? ''));
  const type = textOf(row.response).endsWith('.sse') ? 'text/event-stream' : 'application/json';
  return {
    name,
    folder: kind,
    provider: wire.provider,
    model: textOf(request?.model) || wire.model,
    status,
    headers: { 'content-type': type, ...headersOf(objectOf(row.headers) ?? {}) },
    body,
  };
}

function bytesOf(folder: string, name: unknown): Buffer | undefined {
  const path = resolve(folder, textOf(name));
  const isInside = textOf(name) !== '' && !relative(folder, path).startsWith('..');
  try {
    return isInside ? readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}

/** What belongs to the connection it was recorded on is not repeated. */
const ofConnection = /^(connection|content-length|content-encoding|transfer-encoding|keep-alive|date)$/i;

function headersOf(headers: JsonObject): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) => {
    const [first] = Array.isArray(value) ? value : [value];
    return typeof first === 'string' && !ofConnection.test(name) ? [[name.toLowerCase(), first] as const] : [];
  });
  return Object.fromEntries(entries);
}

/** The JSON, or undefined for anything else. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The values of a recorded body: the data of its events up to `[DONE]`, or its one value, or the values of its list. */
export function recordedValues(body: Buffer): readonly JsonObject[] {
  const text = body.toString();
  const whole = parse(text);
  if (whole !== undefined) return Array.isArray(whole) ? objectsOf(whole) : objectsOf([whole]);
  const data = [...text.matchAll(/^data:[ ]?(.*)$/gm)].map(([, value = '']) => value.trim());
  const end = data.indexOf('[DONE]');
  return objectsOf((end < 0 ? data : data.slice(0, end)).map(parse));
}
