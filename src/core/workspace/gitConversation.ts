import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { cleanEnvironment, GitError, gitMissing, isNotFound } from './gitProcess.ts';

/** One answer at the front of what git has said so far and how many bytes it is, or how many bytes there must be to know more. */
export type Answer<T> = { readonly value: T; readonly length: number } | { readonly needed: number };
export type AnswerReader<T> = (output: Buffer) => Answer<T>;

interface Question {
  readonly take: (output: Buffer) => Answer<unknown>;
  readonly fail: (error: unknown) => void;
}

/** A long-lived git that answers questions one after another, such as `cat-file --batch-command`. Ends by itself when git does. */
export class GitConversation {
  readonly #args: readonly string[];
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #questions: Question[] = [];
  readonly #onIdle = new Set<() => void>();
  readonly #closed: Promise<void>;
  #chunks: Buffer[] = [];
  /** Bytes in `#chunks`, and how many must be there before it is worth looking at them. */
  #size = 0;
  #needed = 1;
  #stderr = '';
  #isOpen = true;

  constructor(folder: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    this.#args = args;
    this.#child = spawn('git', ['-C', folder, ...args], {
      cwd: tmpdir(),
      env: { ...cleanEnvironment(), ...env },
      stdio: 'pipe',
      windowsHide: true,
    });
    this.#child.stdout.on('data', (chunk: Buffer) => this.#hear(chunk));
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr = `${this.#stderr}${chunk.toString('utf8')}`.slice(-4000);
    });
    // It may end before it has read everything; the exit code says what that means.
    this.#child.stdin.on('error', () => {});
    this.#closed = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.#end(isNotFound(error) ? gitMissing(error.message) : error);
        resolve();
      });
      this.#child.once('close', (code) => {
        this.#end(new GitError(this.#args, code ?? -1, this.#stderr.trim() || 'ended in the middle of a conversation'));
        resolve();
      });
    });
  }

  /** Whether it can be asked something. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  get isIdle(): boolean {
    return this.#questions.length === 0;
  }

  /** Resolves when no question is open. */
  whenIdle(): Promise<void> {
    return this.isIdle ? Promise.resolve() : new Promise((resolve) => this.#onIdle.add(resolve));
  }

  /** Rejects with the signal's reason when aborted; the answer is then thrown away when it comes. */
  ask<T>(question: Buffer | string, read: AnswerReader<T>, signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const leave = () => reject(signal?.reason);
      signal?.addEventListener('abort', leave, { once: true });
      const fail = (error: unknown) => {
        signal?.removeEventListener('abort', leave);
        reject(error);
      };
      this.#questions.push({
        take: (output) => {
          const answer = read(output);
          if ('value' in answer) {
            signal?.removeEventListener('abort', leave);
            resolve(answer.value);
          }
          return answer;
        },
        fail,
      });
      this.#child.stdin.write(question);
    });
  }

  /** Lets git end. Resolves when it has; whoever still waits for an answer is told that there is none. */
  async close(): Promise<void> {
    this.#isOpen = false;
    if (this.isIdle) {
      this.#child.stdin.end();
    } else {
      this.#child.kill();
    }
    await this.#closed;
  }

  #hear(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size < this.#needed) {
      return;
    }
    let output = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    this.#needed = 1;
    for (let question = this.#questions[0]; question; question = this.#questions[0]) {
      const answer = this.#answer(question, output);
      if ('needed' in answer) {
        this.#needed = answer.needed;
        break;
      }
      output = output.subarray(answer.length);
      this.#questions.shift();
    }
    this.#chunks = output.length === 0 ? [] : [output];
    this.#size = output.length;
    if (this.isIdle) {
      this.#tellIdle();
    }
  }

  #answer(question: Question, output: Buffer): Answer<unknown> {
    try {
      return question.take(output);
    } catch (error) {
      // What can't be understood can't be told from what comes after it.
      question.fail(error);
      this.#child.kill();
      return { needed: Number.POSITIVE_INFINITY };
    }
  }

  #end(error: unknown): void {
    this.#isOpen = false;
    for (const { fail } of this.#questions.splice(0)) {
      fail(error);
    }
    this.#tellIdle();
  }

  #tellIdle(): void {
    for (const tell of this.#onIdle) {
      tell();
    }
    this.#onIdle.clear();
  }
}

/** Reads one line without its end. */
export function readLine(output: Buffer): Answer<string> {
  const end = output.indexOf(0x0a);
  return end === -1 ? { needed: output.length + 1 } : { value: output.toString('latin1', 0, end), length: end + 1 };
}
