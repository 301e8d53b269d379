import type { CommandOutput } from '../../evidence.ts';

/** How much of a command's output is kept, in bytes. */
export interface OutputLimits {
  readonly headBytes: number;
  readonly tailBytes: number;
}

/** A failure mostly stands at the end, and what was run at the beginning. */
export const usualLimits: OutputLimits = { headBytes: 32 * 1024, tailBytes: 96 * 1024 };

/** Keeps both ends of a stream in memory that doesn't grow with it. */
export class BoundedOutput {
  readonly #head: Buffer;
  /** A ring: the next byte goes to `#tailCount % #tail.length`. */
  readonly #tail: Buffer;
  #headCount = 0;
  #tailCount = 0;

  constructor(limits: OutputLimits = usualLimits) {
    this.#head = Buffer.alloc(limits.headBytes);
    this.#tail = Buffer.alloc(limits.tailBytes);
  }

  push(chunk: Uint8Array): void {
    const forHead = Math.min(chunk.length, this.#head.length - this.#headCount);
    this.#head.set(chunk.subarray(0, forHead), this.#headCount);
    this.#headCount += forHead;
    const rest = chunk.subarray(forHead);
    const kept = rest.subarray(Math.max(0, rest.length - this.#tail.length));
    this.#tailCount += rest.length - kept.length;
    if (kept.length === 0) return;
    const start = this.#tailCount % this.#tail.length;
    const untilEnd = kept.subarray(0, this.#tail.length - start);
    this.#tail.set(untilEnd, start);
    this.#tail.set(kept.subarray(untilEnd.length), 0);
    this.#tailCount += kept.length;
  }

  /** What is kept so far. Where something was dropped, no character is cut in two. */
  read(): CommandOutput {
    const head = this.#head.subarray(0, this.#headCount);
    const tail = this.#readTail();
    const dropped = this.#tailCount - tail.length;
    if (this.#tailCount === 0) return { head: head.toString(), tail: '', omittedBytes: 0 };
    const end = wholeLength(head);
    const whole = head.subarray(0, end).toString();
    const cut = head.subarray(end);
    if (dropped === 0) return { head: whole, tail: Buffer.concat([cut, tail]).toString(), omittedBytes: 0 };
    const skipped = leadingContinuations(tail);
    return {
      head: whole,
      tail: tail.subarray(skipped).toString(),
      omittedBytes: dropped + cut.length + skipped,
    };
  }

  #readTail(): Buffer {
    const { length } = this.#tail;
    if (this.#tailCount <= length) return this.#tail.subarray(0, this.#tailCount);
    const start = this.#tailCount % length;
    return Buffer.concat([this.#tail.subarray(start), this.#tail.subarray(0, start)]);
  }
}

const isContinuation = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;

/** Bytes up to the end of the last character that is all there. */
function wholeLength(bytes: Uint8Array): number {
  const most = Math.min(3, bytes.length);
  for (let back = 1; back <= most; back++) {
    const byte = bytes[bytes.length - back];
    if (isContinuation(byte) || byte === undefined) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function leadingContinuations(bytes: Uint8Array): number {
  let count = 0;
  while (count < 3 && isContinuation(bytes[count])) count++;
  return count;
}
