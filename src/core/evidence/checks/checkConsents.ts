import type { Check } from '../../evidence.ts';
import { UserError } from '../../problem.ts';
import { consentOf, consentsIn } from './checkIdentity.ts';

/** Where the user's consents are kept, outside of every folder: what a folder can write, it could agree to itself. */
export interface ConsentMemory {
  read(): readonly string[];
  write(consents: readonly string[]): Promise<void>;
}

/** The oldest are forgotten, and asked for again. */
const mostKept = 2000;

/** What the user agreed to be run, command by command and folder by folder. */
export class CheckConsents {
  readonly #memory: ConsentMemory;

  constructor(memory: ConsentMemory) {
    this.#memory = memory;
  }

  /** Those of the checks that the user has to be asked about. */
  missing(taskFolder: string, checks: readonly Check[]): readonly Check[] {
    const agreed = new Set(this.#memory.read());
    return checks.filter((check) => !agreed.has(consentOf(taskFolder, check)));
  }

  /** Remembers that the user agreed to these, having seen what `consentOf` covers. */
  async agree(taskFolder: string, checks: readonly Check[]): Promise<void> {
    const agreed = checks.map((check) => consentOf(taskFolder, check));
    await this.#memory.write([...new Set([...this.#memory.read(), ...agreed])].slice(-mostKept));
  }

  /** How many consents there are in a folder, or everywhere, also those to checks that are no longer set. */
  count(taskFolder?: string): number {
    return this.#memory.read().filter((consent) => isIn(consent, taskFolder)).length;
  }

  /** Takes back what was agreed to in a folder, or everywhere. */
  async revoke(taskFolder?: string): Promise<void> {
    await this.#memory.write(this.#memory.read().filter((consent) => !isIn(consent, taskFolder)));
  }

  /** To be called right before a check runs. Throws `UserError` (`check-not-agreed`). */
  assertAgreed(taskFolder: string, check: Check): void {
    if (this.missing(taskFolder, [check]).length === 0) return;
    throw new UserError({
      code: 'check-not-agreed',
      message: `The check “${check.name}” was not run: you have not agreed to run \`${check.command}\` in ${taskFolder}. Look at the command, agree to it, then run the checks again.`,
    });
  }
}

const isIn = (consent: string, taskFolder: string | undefined) =>
  taskFolder === undefined || consent.startsWith(consentsIn(taskFolder));
