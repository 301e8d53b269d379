import { Sandboxes } from '../evidence/sandbox/availability.ts';
import { chooseIsolation } from '../evidence/sandbox/chooseIsolation.ts';
import type { Sandbox } from '../evidence/sandbox/sandbox.ts';
import type { Isolation } from '../evidence.ts';
import { UserError } from '../problem.ts';
import type { EngineHost } from './engineHost.ts';

/** What keeps checks to their copies, or why nothing does. */
export type FoundSandbox = { readonly isolation: Isolation } | { readonly problem: string };

interface Question {
  /** The settings that it was asked for. */
  readonly source: string;
  answer?: FoundSandbox;
}

/** The sandbox that the settings ask for. Each is tried once. */
export class EvidenceSandbox {
  readonly #host: Pick<EngineHost, 'settings' | 'log'>;
  readonly #onFound: () => void;
  readonly #sandboxes: Sandboxes;
  #asked: Question | undefined;

  /** `onFound` is told when there is another answer. */
  constructor(host: Pick<EngineHost, 'settings' | 'log'>, onFound: () => void) {
    this.#host = host;
    this.#onFound = onFound;
    this.#sandboxes = new Sandboxes(host.log);
  }

  /** Undefined until it is found out, which begins with the first question. */
  get found(): FoundSandbox | undefined {
    if (this.#asked?.source !== this.#source) this.choose().catch(() => {});
    return this.#asked?.answer;
  }

  /** Throws `UserError` (`no-sandbox`). */
  async choose(): Promise<Sandbox> {
    const source = this.#source;
    const question: Question = this.#asked?.source === source ? this.#asked : { source };
    this.#asked = question;
    const { sandbox, sandboxImage } = this.#host.settings().evidence;
    try {
      const chosen = chooseIsolation(sandbox, await this.#sandboxes.available(sandboxImage));
      this.#answer(question, { isolation: chosen.isolation });
      return chosen;
    } catch (error) {
      if (error instanceof UserError) this.#answer(question, { problem: error.message });
      throw error;
    }
  }

  /** Tries again where there was none: the user may have installed one. */
  lookAgain(): void {
    if (!this.#asked?.answer || 'isolation' in this.#asked.answer) return;
    this.#asked = undefined;
    this.#sandboxes.forget();
  }

  #answer(question: Question, answer: FoundSandbox): void {
    const isNew = JSON.stringify(question.answer) !== JSON.stringify(answer);
    question.answer = answer;
    if (isNew) this.#onFound();
  }

  get #source(): string {
    const { sandbox, sandboxImage } = this.#host.settings().evidence;
    return JSON.stringify([sandbox, sandboxImage]);
  }
}
