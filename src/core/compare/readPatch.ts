import type { LineEdit } from '../comparison.ts';
import { nameInHeader, plainName } from './patchNames.ts';

/** What a patch says of one file. */
export interface PatchPart {
  /** Where the file is afterwards, or where it was when it is gone. */
  readonly path: string;
  /** Edits of the base's lines; absent where the content is written as bytes. */
  readonly edits?: readonly LineEdit[];
}

/** So many lines are read at a stretch. */
const linesAtOnce = 2000;
/** Headers of hunks are cut off here: what follows the numbers may be a long line of the file. */
const hunkHeaderLength = 100;
const hunkHeader = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;
/** What else stands above the hunks. */
const headerLine =
  /^(?:old mode|new mode|deleted file mode|new file mode|similarity index|dissimilarity index|index|---|\+\+\+) /;

/** A patch that isn't one that git wrote. It must not be guessed at. */
export class UnreadablePatch extends Error {
  override readonly name = 'UnreadablePatch';
  constructor(what: string, line: string) {
    super(`The patch can't be read: ${what}, at "${line.slice(0, 100)}".`);
  }
}

/** The files of git's own unified diff, in its order. Yields now and then, so that a long one can be read in turns. */
export function* readPatch(text: string): Generator<undefined, readonly PatchPart[]> {
  const reader = new PatchReader(text);
  const parts: PatchPart[] = [];
  while (!reader.isAtEnd) parts.push(yield* reader.part());
  return parts;
}

class PatchReader {
  readonly #text: string;
  #at = 0;
  #lines = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  *part(): Generator<undefined, PatchPart> {
    const header = this.#line();
    if (!header.startsWith('diff --git ')) throw new UnreadablePatch('a file was expected', header);
    let path = nameInHeader(header.slice('diff --git '.length));
    const edits: LineEdit[] = [];
    let isBinary = false;
    let shift = 0;
    while (!this.isAtEnd && !this.#sees('diff --git ')) {
      if (this.#sees('@@ ')) {
        shift = yield* this.#hunk(edits, shift);
        continue;
      }
      const line = this.#line();
      if (line.startsWith('rename to ')) path = plainName(line.slice('rename to '.length));
      else if (line === 'GIT binary patch') {
        this.#skipBytes();
        isBinary = true;
      } else if (line.startsWith('Binary files ')) isBinary = true;
      else if (edits.length > 0 || !(headerLine.test(line) || line.startsWith('rename from '))) {
        throw new UnreadablePatch('an unknown line', line);
      }
    }
    if (path === undefined) throw new UnreadablePatch('a file without a name', header);
    return isBinary ? { path } : { path, edits };
  }

  /** Two blocks, the new content and the old, each with an empty line below it. Their lines are never empty. */
  #skipBytes(): void {
    for (let block = 0; block < 2; block++) {
      const end = this.#text.indexOf('\n\n', this.#at);
      if (end === -1) throw new UnreadablePatch('it ends too soon', 'GIT binary patch');
      this.#at = end + 2;
    }
  }

  /** Adds a hunk's edits. `shift`: how many lines more the file has afterwards up to there; gives the shift after it. */
  *#hunk(edits: LineEdit[], shift: number): Generator<undefined, number> {
    const header = this.#line(hunkHeaderLength);
    const numbers = hunkHeader.exec(header);
    if (!numbers) throw new UnreadablePatch('a hunk without line numbers', header);
    const [, oldStart, oldCount = '1', newStart, newCount = '1'] = numbers;
    let [oldLeft, newLeft] = [Number(oldCount), Number(newCount)];
    // A hunk without lines on one side names the line before it.
    let line = Number(oldStart) - (oldLeft > 0 ? 1 : 0);
    const isMoved = Number(newStart) - (newLeft > 0 ? 1 : 0) !== line + shift;
    const last = edits.at(-1);
    if (isMoved || (last && line <= last.start + last.removed.length)) {
      throw new UnreadablePatch('a hunk at another place than those before it', header);
    }
    const total = newLeft - oldLeft;
    let change = new OpenEdit(line);
    let latest: string[] | undefined;
    while (oldLeft > 0 || newLeft > 0 || this.#sees('\\')) {
      if (this.isAtEnd) throw new UnreadablePatch('it ends too soon', header);
      if (++this.#lines % linesAtOnce === 0) yield;
      switch (this.#text.charCodeAt(this.#at)) {
        case 0x2d: // -
          change.removed.push(this.#content());
          latest = change.removed;
          oldLeft--;
          line++;
          break;
        case 0x2b: // +
          change.added.push(this.#content());
          latest = change.added;
          newLeft--;
          break;
        case 0x20: // a line that stays
        case 0x0a: // the same when it is empty, with diff.suppressBlankEmpty
          change.closeInto(edits);
          this.#skipLine();
          oldLeft--;
          newLeft--;
          change = new OpenEdit(++line);
          latest = undefined;
          break;
        case 0x5c: // "\ No newline at end of file"
          this.#skipLine();
          if (latest) latest.push(latest.pop()?.slice(0, -1) ?? '');
          break;
        default:
          throw new UnreadablePatch('an unknown line in a hunk', this.#line());
      }
    }
    if (oldLeft < 0 || newLeft < 0) throw new UnreadablePatch('a hunk longer than it says', header);
    change.closeInto(edits);
    return shift + total;
  }

  #sees(start: string): boolean {
    return this.#text.startsWith(start, this.#at);
  }

  /** A line without its end. */
  #line(maxLength = Number.POSITIVE_INFINITY): string {
    const start = this.#at;
    this.#skipLine();
    const end = this.#text[this.#at - 1] === '\n' ? this.#at - 1 : this.#at;
    return this.#text.slice(start, Math.min(end, start + maxLength));
  }

  /** A line of the file, with its end. */
  #content(): string {
    const start = this.#at + 1;
    this.#skipLine();
    return this.#text.slice(start, this.#at);
  }

  #skipLine(): void {
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end === -1 ? this.#text.length : end + 1;
  }
}

/** An edit that is being read. */
class OpenEdit implements LineEdit {
  readonly start: number;
  readonly removed: string[] = [];
  readonly added: string[] = [];

  constructor(start: number) {
    this.start = start;
  }

  closeInto(edits: LineEdit[]): void {
    const { start, removed, added } = this;
    if (removed.length > 0 || added.length > 0) edits.push({ start, removed, added });
  }
}
