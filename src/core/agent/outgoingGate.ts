import type { RunEvent } from '../domain.ts';
import type { ModelRequest, Turn } from '../providers/provider.ts';
import type { SecretMask } from '../secrets/secretMask.ts';

/**
 * What every request passes on its way to a model: secrets in it are replaced by markers, and counted. A turn is looked at once and
 * then sent the same each time. A model's own answers are played back as they came.
 */
export class OutgoingGate {
  readonly #mask: SecretMask;
  readonly #emit: (event: RunEvent) => void;
  readonly #cleared = new WeakMap<Turn, Turn>();
  readonly #withheld = new Set<string>();
  #system: { readonly from: string; readonly to: string } = { from: '', to: '' };

  constructor(mask: SecretMask, emit: (event: RunEvent) => void) {
    this.#mask = mask;
    this.#emit = emit;
  }

  /** The request as it may be sent. */
  async clear(request: ModelRequest): Promise<ModelRequest> {
    const before = this.#withheld.size;
    if (this.#system.from !== request.system) {
      this.#system = { from: request.system, to: await this.#hide(request.system) };
    }
    const turns: Turn[] = [];
    for (const turn of request.turns) {
      const cleared = this.#cleared.get(turn) ?? (await this.#clearTurn(turn));
      this.#cleared.set(turn, cleared);
      turns.push(cleared);
    }
    const count = this.#withheld.size;
    if (count > before) this.#emit({ type: 'secrets-withheld', count });
    return { ...request, system: this.#system.to, turns };
  }

  async #clearTurn(turn: Turn): Promise<Turn> {
    switch (turn.role) {
      case 'user':
        return { ...turn, text: await this.#hide(turn.text) };
      case 'assistant':
        return turn;
      case 'tool':
        return {
          ...turn,
          results: await Promise.all(
            turn.results.map(async (result) => ({ ...result, content: await this.#hide(result.content) })),
          ),
        };
      default:
        return turn satisfies never;
    }
  }

  async #hide(text: string): Promise<string> {
    const hidden = await this.#mask.hide(text);
    for (const secret of this.#mask.secretsIn(hidden)) this.#withheld.add(secret);
    return hidden;
  }
}
