import { type JsonObject, objectOf, objectsOf, textOf } from './untrusted.ts';

/** What a thrown error says, whichever SDK or socket threw it. */
export interface Fault {
  /** The HTTP status, where there was an answer. */
  readonly status?: number;
  /** Every code, type and reason given: the provider's (`overloaded_error`) and the system's (`ECONNREFUSED`). */
  readonly codes: ReadonlySet<string>;
  readonly message: string;
  readonly retryAfterMs?: number;
}

/** Reads a thrown value without knowing its class: a bundled SDK may be there twice, and its class names are minified. */
export function readFault(thrown: unknown): Fault {
  const error = objectOf(thrown) ?? { message: String(thrown) };
  const body = innermost(error);
  const causes = causesOf(error);
  const details = [...objectsOf(error.errorDetails), ...objectsOf(body.details)];
  const status = statusOf(error, body);
  const message = [
    textOf(body.message) || textOf(error.error) || textOf(error.message),
    ...causes.map((cause) => textOf(cause.message)),
  ]
    .filter((part, index, all) => part !== '' && all.indexOf(part) === index)
    .join(': ');
  const retryAfterMs = retryAfter(error.headers, details, message);
  return {
    ...(status === undefined ? {} : { status }),
    codes: new Set(
      [error, body, ...causes].flatMap(codesOf).concat(
        details.flatMap((detail) => codesOf(detail)),
        details.flatMap((detail) => objectsOf(detail.violations)).map((violation) => textOf(violation.quotaId)),
      ),
    ),
    message,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** The answer's status; inside a stream, where that is 200, some gateways give it as the error's code. */
function statusOf(error: JsonObject, body: JsonObject): number | undefined {
  return [error.status, error.code, body.code, body.status].find(
    (status): status is number => typeof status === 'number' && status >= 400 && status < 600,
  );
}

/** OpenAI's SDK hands over the inner error object, Anthropic's the whole body around it. */
function innermost(error: JsonObject): JsonObject {
  let body = error;
  for (let depth = 0; depth < 3; depth++) {
    const inner = objectOf(body.error);
    if (!inner) {
      break;
    }
    body = inner;
  }
  return body;
}

/** What lies behind an error: its causes, and the attempts of a connection that was tried on several addresses. */
function causesOf(error: JsonObject): readonly JsonObject[] {
  const found: JsonObject[] = [];
  let next = objectOf(error.cause);
  while (next && found.length < 5) {
    found.push(next, ...objectsOf(next.errors));
    next = objectOf(next.cause);
  }
  return found;
}

function codesOf(source: JsonObject): readonly string[] {
  return [source.code, source.type, source.status, source.reason, source.name]
    .map(textOf)
    .filter((code) => code !== '');
}

/** How long the provider asks to wait, in milliseconds: from the headers, Google's RetryInfo, or its sentence. */
function retryAfter(headers: unknown, details: readonly JsonObject[], message: string): number | undefined {
  if (headers instanceof Headers) {
    const milliseconds = Number.parseFloat(headers.get('retry-after-ms') ?? '');
    if (milliseconds >= 0) {
      return milliseconds;
    }
    const header = headers.get('retry-after') ?? '';
    // The header is either a number of seconds or a date.
    const wait = /^[\d.]+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
    if (Number.isFinite(wait)) {
      return Math.max(0, wait);
    }
  }
  for (const detail of details) {
    const seconds = /^([\d.]+)s$/.exec(textOf(detail.retryDelay))?.[1];
    if (seconds !== undefined) {
      return Number(seconds) * 1000;
    }
  }
  const said = /(?:try again|retry) in ((?:[\d.]+\s*(?:ms|s|m|h)[a-z]*\s*)+)/i.exec(message)?.[1];
  return said === undefined ? undefined : durationOf(said);
}

/** A duration as sentences give it, `1m2.5s` or `174ms`, in milliseconds. */
function durationOf(text: string): number | undefined {
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  const amounts = [...text.matchAll(/([\d.]+)\s*(ms|s|m|h)/gi)].map(
    ([, amount = '', unit = '']) => Number.parseFloat(amount) * (units[unit.toLowerCase()] ?? Number.NaN),
  );
  const sum = amounts.reduce((total, amount) => total + amount, 0);
  return Number.isFinite(sum) ? sum : undefined;
}
