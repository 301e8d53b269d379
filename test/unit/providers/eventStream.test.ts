import assert from 'node:assert/strict';
import { valuesOf } from '../../../src/core/providers/eventStream.ts';

/** The values in a body that comes in pieces of so many bytes, and whether its end was told. */
async function read(text: string, size: number) {
  const bytes = Buffer.from(text);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.subarray(at, at + size));
      controller.close();
    },
  });
  const values: unknown[] = [];
  const reader = valuesOf(new Response(body));
  for (;;) {
    const next = await reader.next();
    if (next.done) return { values, isDone: next.value };
    values.push(next.value);
  }
}

describe('a stream of events', () => {
  const events = ': note\nevent: a\ndata: {"a":"Ünï 😀"}\n\nid: 1\ndata:{"b":\ndata: 2}\n\n\n';

  it('gives the same values however it is cut, and whatever ends its lines', async () => {
    for (const end of ['\n', '\r\n', '\r']) {
      for (const size of [1, 2, 3, 7, 1000]) {
        const { values, isDone } = await read(events.replaceAll('\n', end), size);
        assert.deepEqual([values, isDone], [[{ a: 'Ünï 😀' }, { b: 2 }], false], JSON.stringify([end, size]));
      }
    }
  });

  it('ends where it says so', async () => {
    assert.deepEqual(await read(`${events}data: [DONE]\n\ndata: {"c":3}\n\n`, 5), {
      values: [{ a: 'Ünï 😀' }, { b: 2 }],
      isDone: true,
    });
    assert.equal((await read('data: [DONE]', 5)).isDone, true);
  });

  it('has its last event also without the blank line, but not half of it', async () => {
    assert.deepEqual((await read('data: {"a":1}', 1)).values, [{ a: 1 }]);
    assert.deepEqual((await read('data: {"a":1', 1)).values, []);
  });

  it('that is one body of JSON is its value', async () => {
    for (const body of ['{"a":"data: x\\n"}', '\n [\n {"a": 1}\n]\n', '{"a"\r\n:1}']) {
      assert.deepEqual(await read(body, 2), { values: [JSON.parse(body)], isDone: true });
    }
  });

  it('with data that is no JSON fails', async () => {
    await assert.rejects(read('data: {"a"\n\n', 3), SyntaxError);
    await assert.rejects(read('{"a"', 3), SyntaxError);
  });
});
