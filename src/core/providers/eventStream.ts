/**
 * Reads an HTTP answer as the values in it, one by one as they come: the data of server-sent events, or, where a gateway
 * doesn't stream, its one JSON body. Returns true when the service said `[DONE]`, or sent one whole body. Throws `SyntaxError`
 * for data that is not JSON.
 */
export async function* valuesOf(response: Response): AsyncGenerator<unknown, boolean> {
  const reader = new LineReader();
  let data: string[] = [];
  let body = '';
  // What isn't a field of the protocol at the very beginning can only be a body.
  let isBody: boolean | undefined;
  for await (const lines of linesOf(response, reader)) {
    for (const line of lines) {
      isBody ??= line.trim() === '' ? undefined : /^\s*[[{]/.test(line);
      if (isBody) {
        body += `${line}\n`;
      } else if (line.startsWith('data:')) {
        data.push(line.slice(5));
      } else if (line === '' && data.length > 0) {
        const text = data.join('\n').trim();
        data = [];
        if (text === '[DONE]') {
          return true;
        }
        if (text !== '') {
          yield JSON.parse(text);
        }
      }
    }
  }
  if (body !== '') {
    yield JSON.parse(body);
    return true;
  }
  const last = data.join('\n').trim();
  yield* lastOf(last);
  return last === '[DONE]';
}

/** The last event of a stream that ended without the blank line after it; half of one is nothing. */
function* lastOf(text: string): Generator<unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return;
  }
  yield value;
}

async function* linesOf(response: Response, reader: LineReader): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    yield reader.add(decoder.decode(chunk, { stream: true }));
  }
  yield reader.add(`${decoder.decode()}\n`);
}

/** Cuts text that comes in any pieces into lines; they end in `\n`, `\r\n` or `\r`. */
class LineReader {
  #rest: string[] = [];
  #endsInReturn = false;

  add(text: string): readonly string[] {
    // The second half of a line end whose first half has ended a line already.
    const fresh = this.#endsInReturn && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') {
      this.#endsInReturn = text.endsWith('\r');
    }
    const [first = '', ...others] = fresh.split(/\r\n|\n|\r/);
    this.#rest.push(first);
    if (others.length === 0) {
      return [];
    }
    const lines = [this.#rest.join(''), ...others.slice(0, -1)];
    this.#rest = [others.at(-1) ?? ''];
    return lines;
  }
}
