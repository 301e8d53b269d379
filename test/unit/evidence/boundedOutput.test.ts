import assert from 'node:assert/strict';
import { BoundedOutput } from '../../../src/core/evidence/command/boundedOutput.ts';

/** What is kept of a text that comes in pieces of a given size. */
function keep(text: string, headBytes: number, tailBytes: number, pieceBytes: number) {
  const output = new BoundedOutput({ headBytes, tailBytes });
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    output.push(bytes.subarray(start, start + pieceBytes));
  }
  return output.read();
}

describe('the output that is kept', () => {
  const digits = '0123456789abcdefghij';

  it('is the head and the tail, in whatever pieces it comes', () => {
    for (const pieceBytes of [1, 2, 3, 5, 7, 20, 100]) {
      assert.deepEqual(keep(digits, 4, 5, pieceBytes), { head: '0123', tail: 'fghij', omittedBytes: 11 });
    }
  });

  it('is everything, once, as long as it fits', () => {
    for (let length = 0; length <= 9; length++) {
      const text = digits.slice(0, length);
      const { head, tail, omittedBytes } = keep(text, 4, 5, 2);
      assert.equal(head + tail, text);
      assert.equal(omittedBytes, 0);
    }
  });

  it('cuts no character in two and counts what that leaves out', () => {
    const text = 'aä€😀'.repeat(20);
    const total = Buffer.byteLength(text);
    for (let headBytes = 0; headBytes < 12; headBytes++) {
      for (let tailBytes = 0; tailBytes < 12; tailBytes++) {
        const { head, tail, omittedBytes } = keep(text, headBytes, tailBytes, 3);
        assert.ok(text.startsWith(head) && text.endsWith(tail), `${head} … ${tail}`);
        assert.equal(Buffer.byteLength(head) + Buffer.byteLength(tail) + omittedBytes, total);
      }
    }
  });

  it('joins a character that stands on the border when nothing is left out', () => {
    for (let headBytes = 0; headBytes <= 10; headBytes++) {
      const { head, tail } = keep('aä€😀', headBytes, 10, 2);
      assert.equal(head + tail, 'aä€😀');
    }
  });

  it('shows bytes that are no text without losing the rest', () => {
    const output = new BoundedOutput({ headBytes: 4, tailBytes: 4 });
    output.push(Uint8Array.from([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x61]));
    const { tail, omittedBytes } = output.read();
    assert.equal(tail, 'a');
    assert.equal(omittedBytes, 5);
  });
});
