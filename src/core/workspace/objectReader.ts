import type { ObjectName } from '../domain.ts';
import { type Answer, type GitConversation, readLine } from './gitConversation.ts';
import { Limit } from './limit.ts';

/** An object as git has it; undefined when no store that can be seen has one of that name. */
export interface ObjectInfo {
  readonly type: string;
  /** Bytes. */
  readonly size: number;
}

export interface StoredObject extends ObjectInfo {
  readonly bytes: Uint8Array;
}

/** An idle git still has the user's packs open, which keeps Windows from deleting them. */
const idleMilliseconds = 2000;
const maxOpen = 4;

// Shared by every task and every run, as the processes of one machine are.
const open = new Map<ObjectReader, GitConversation>();
/** One is begun at a time, so that they can be counted. */
const opening = new Limit(1);

/** Reads objects through one long-lived git that is started when it is needed and ended when it isn't any more. */
export class ObjectReader {
  readonly #start: () => Promise<GitConversation>;
  #starting: Promise<GitConversation> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `start` begins a `cat-file --batch-command`. */
  constructor(start: () => Promise<GitConversation>) {
    this.#start = start;
  }

  info(name: ObjectName, signal?: AbortSignal): Promise<ObjectInfo | undefined> {
    return this.#ask(`info ${name}\n`, readInfo, signal);
  }

  read(name: ObjectName, signal?: AbortSignal): Promise<StoredObject | undefined> {
    return this.#ask(`contents ${name}\n`, readContents, signal);
  }

  /** Ends git as soon as it has answered; questions from now on go to another one, which sees what has changed since. */
  async renew(): Promise<void> {
    await this.#starting?.catch(() => {});
    const conversation = open.get(this);
    open.delete(this);
    while (conversation && !conversation.isIdle) await conversation.whenIdle();
    await conversation?.close();
  }

  /** Ends git; the next question starts another one. */
  async close(): Promise<void> {
    await this.#starting?.catch(() => {});
    await end(this, open.get(this));
  }

  async #ask<T>(question: string, read: (output: Buffer) => Answer<T>, signal: AbortSignal | undefined): Promise<T> {
    signal?.throwIfAborted();
    let conversation = await this.#conversation();
    while (!conversation.isOpen) {
      conversation = await this.#conversation();
    }
    const asked = conversation;
    clearTimeout(this.#timer);
    try {
      return await asked.ask(question, read, signal);
    } finally {
      if (asked.isIdle && open.get(this) === asked) {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => end(this, asked).catch(() => {}), idleMilliseconds);
        this.#timer.unref();
      }
    }
  }

  #conversation(): Promise<GitConversation> | GitConversation {
    const known = open.get(this);
    if (known?.isOpen) {
      return known;
    }
    this.#starting ??= opening
      .run(() => this.#open())
      .finally(() => {
        this.#starting = undefined;
      });
    return this.#starting;
  }

  async #open(): Promise<GitConversation> {
    open.delete(this);
    while (open.size >= maxOpen) {
      await closeOne();
    }
    const conversation = await this.#start();
    open.set(this, conversation);
    return conversation;
  }
}

async function end(reader: ObjectReader, conversation: GitConversation | undefined): Promise<void> {
  if (open.get(reader) === conversation) open.delete(reader);
  await conversation?.close();
}

/** Ends the reader that has been open longest of those that nobody waits for; waits for one when all are busy. */
async function closeOne(): Promise<void> {
  for (const [reader, conversation] of open) {
    if (conversation.isIdle) {
      await end(reader, conversation);
      return;
    }
  }
  await Promise.race([...open.values()].map((conversation) => conversation.whenIdle()));
}

function readInfo(output: Buffer): Answer<ObjectInfo | undefined> {
  const line = readLine(output);
  return 'needed' in line ? line : { value: parseInfo(line.value), length: line.length };
}

function readContents(output: Buffer): Answer<StoredObject | undefined> {
  const line = readLine(output);
  if ('needed' in line) {
    return line;
  }
  const info = parseInfo(line.value);
  if (!info) {
    return { value: undefined, length: line.length };
  }
  const length = line.length + info.size + 1;
  // A copy, so that a small file doesn't keep everything else that came with it in memory.
  return output.length < length
    ? { needed: length }
    : { value: { ...info, bytes: Uint8Array.from(output.subarray(line.length, length - 1)) }, length };
}

/** Git writes `NAME TYPE SIZE`, or the name and `missing`. */
function parseInfo(line: string): ObjectInfo | undefined {
  const found = /^[0-9a-f]+ (\w+) (\d+)$/.exec(line);
  return found?.[1] === undefined ? undefined : { type: found[1], size: Number(found[2]) };
}
