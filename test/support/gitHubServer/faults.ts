/** What happens to a request instead of its being answered. */
export interface Fault {
  /** Any when not given. */
  readonly method?: string;
  /** Compared with the path without its query; any when not given. */
  readonly path?: RegExp;
  readonly answer: FaultAnswer;
  /** Requests that it fits and that pass before it begins; none when not given. */
  readonly after?: number;
  /** How many requests it is for; all when not given. */
  readonly times?: number;
  /** Called at each request it is for, once what is to be done has been done. */
  readonly onHeard?: () => void;
}

/**
 * `cut` breaks the connection before anything is done, `lose` after it, `half` in the middle of the answer; `hang` never answers,
 * `mute` neither, but it is done; `expire` ends the token that was sent, for ever, and answers 401.
 */
export type FaultAnswer =
  | 'cut'
  | 'lose'
  | 'half'
  | 'hang'
  | 'mute'
  | 'expire'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: unknown };

export class Faults {
  readonly #active: { readonly fault: Fault; after: number; left: number }[] = [];

  add(fault: Fault): void {
    this.#active.push({ fault, after: fault.after ?? 0, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#active.length = 0;
  }

  /** The fault that a request meets; it counts as met. */
  meet(method: string, path: string): Fault | undefined {
    for (const entry of this.#active) {
      const { fault } = entry;
      const fits = (fault.method ?? method) === method && (fault.path?.test(path) ?? true);
      if (!fits || entry.left <= 0) continue;
      if (entry.after > 0) {
        entry.after -= 1;
        continue;
      }
      entry.left -= 1;
      return fault;
    }
    return undefined;
  }
}

/** An answer in which GitHub refuses something. */
export function refused(
  status: number,
  message: string,
  errors?: unknown,
  headers: Readonly<Record<string, string>> = {},
) {
  const documentation_url = 'https://docs.github.com/rest';
  return {
    status,
    headers,
    body: { message, ...(errors !== undefined && { errors }), documentation_url, status: String(status) },
  };
}
