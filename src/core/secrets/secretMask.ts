import { createHmac } from 'node:crypto';
import { setImmediate as pause } from 'node:timers/promises';
import { findSecrets, mergeSpans, type SecretSpan } from './findSecrets.ts';
import { privateKey } from './privateKeys.ts';

/** How many known secrets are looked for, milliseconds in the largest text, before others get their turn. */
const piecesAtOnce = 100;

/** A text with markers in it as this file writes them. */
const markerShape = /\[secret removed: [^\]\n]{1,60} #[0-9a-f]{8}\]/g;
/** Other lines of a private key (its last one, its headers) are hidden only in their key, as they may stand in any text by chance. */
const tellingKeyLine = /[A-Za-z0-9+/]{16}/;

/** The text without its markers; what stood before and after one is not joined. */
export function withoutMarkers(text: string): string {
  return text.replace(markerShape, '\0');
}

/** One line of a secret; most secrets have only one. */
interface Piece {
  readonly text: string;
  readonly kind: string;
  readonly marker: string;
  /** Names the whole secret without telling anything of it. */
  readonly secret: string;
  /** The files it was found in. */
  readonly homes: Set<string>;
}

type PieceSpan = SecretSpan & { readonly secret: string };

/**
 * Puts markers in the place of secrets, line by line so that line numbers stay, and secrets back in the place of their markers.
 * It remembers what it hid: a secret that is once known stays hidden also where nothing of its format is left around it.
 */
export class SecretMask {
  readonly #key: string;
  readonly #byText = new Map<string, Piece>();
  readonly #byMarker = new Map<string, Piece>();

  /** Equal secrets get equal markers under one key, which no model may know. */
  constructor(key: string) {
    this.#key = key;
  }

  /** The text with a marker for every secret. `home` is the file it is the text of, if it is a file's. */
  async hide(text: string, home?: string): Promise<string> {
    const found = (await findSecrets(text)).flatMap((span) => this.#linesOf(text, span));
    for (const span of found) this.#remember(text, span);
    const spans = mergeSpans([...found, ...(await this.#known(text))]);
    let hidden = '';
    let position = 0;
    for (const span of spans) {
      const piece = this.#remember(text, span);
      if (home !== undefined) piece.homes.add(home);
      hidden += text.slice(position, span.start) + piece.marker;
      position = span.end;
    }
    return position === 0 ? text : hidden + text.slice(position);
  }

  /** The text with the secrets that were found in the file `home` put back in the place of their markers. */
  reveal(text: string, home: string): string {
    return text.replace(markerShape, (marker) => {
      const piece = this.#byMarker.get(marker);
      return piece?.homes.has(home) ? piece.text : marker;
    });
  }

  /** Names of the secrets that markers in the text stand for. */
  secretsIn(text: string): readonly string[] {
    return (text.match(markerShape) ?? []).flatMap((marker) => this.#byMarker.get(marker)?.secret ?? []);
  }

  #linesOf(text: string, { start, end, kind }: SecretSpan): readonly PieceSpan[] {
    const whole = text.slice(start, end);
    const secret = this.#digest(whole);
    return Array.from(whole.matchAll(/\S(?:.*\S)?/g), ({ index, 0: line }) => ({
      start: start + index,
      end: start + index + line.length,
      kind,
      secret,
    }));
  }

  #remember(text: string, { start, end, kind, secret }: PieceSpan): Piece {
    const hidden = text.slice(start, end);
    const known = this.#byText.get(hidden);
    if (known) return known;
    const marker = `[secret removed: ${kind} #${this.#digest(hidden).slice(0, 8)}]`;
    const piece = { text: hidden, kind, marker, secret, homes: new Set<string>() };
    this.#byText.set(hidden, piece);
    this.#byMarker.set(marker, piece);
    return piece;
  }

  /** Where pieces that are known already are in the text. */
  async #known(text: string): Promise<readonly PieceSpan[]> {
    const spans: PieceSpan[] = [];
    let count = 0;
    for (const { text: piece, kind, secret } of this.#byText.values()) {
      // A file made of nothing but secrets must not keep everything else in this process waiting.
      if (++count % piecesAtOnce === 0) await pause();
      if (kind === privateKey && !tellingKeyLine.test(piece)) continue;
      for (let at = text.indexOf(piece); at >= 0; at = text.indexOf(piece, at + piece.length)) {
        spans.push({ start: at, end: at + piece.length, kind, secret });
      }
    }
    return spans;
  }

  #digest(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('hex');
  }
}
