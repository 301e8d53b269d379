import type { ToolSpec } from '../../providers/provider.ts';
import { type BlockStart, blockEnd, blockStart, blocksCall, callOf, type WrittenCall } from './readBlock.ts';

/** Characters of a line after which it is text: a longer one names no file, and is looked at again with every piece of it. */
const maxHeld = 4_000;

interface OpenBlock {
  readonly start: BlockStart;
  readonly lines: string[];
  readonly above: readonly string[];
}

/** Reads an answer as it comes: hands on what is text, and keeps the calls written into it. */
export class CallReader {
  readonly #tools: readonly ToolSpec[];
  readonly #calls: WrittenCall[] = [];
  /** Of the line that is not complete yet. */
  #line = '';
  /** How much of that line was handed on. */
  #shown = 0;
  /** Lines that may belong to a block that comes: a path, the fence around it. */
  #held: string[] = [];
  #open: OpenBlock | undefined;
  /** Fences among the lines that were handed on: with an odd number of them one is open. */
  #fences = 0;
  /** The line before was the end of a block. */
  #isAfterBlock = false;

  constructor(tools: readonly ToolSpec[]) {
    this.#tools = tools;
  }

  /** Takes a piece of the answer and gives the text there is to show. */
  push(delta: string): string {
    let shown = '';
    let rest = delta;
    for (let at = rest.indexOf('\n'); at !== -1; at = rest.indexOf('\n')) {
      this.#line += rest.slice(0, at);
      rest = rest.slice(at + 1);
      shown += this.#endLine('\n');
    }
    this.#line += rest;
    // Whatever may open a block, or be a path, is held until the line is complete.
    const isText = this.#shown > 0 || this.#line.length > maxHeld || /^[^\s<>`~*\-+=#]\S*\s+\S/.test(this.#line);
    if (!this.#open && isText) {
      shown += this.#flushHeld() + this.#line.slice(this.#shown);
      this.#shown = this.#line.length;
      this.#isAfterBlock = false;
    }
    return shown;
  }

  /** The rest of the text, and the calls. `isCutOff`: the answer reached its limit, so that a block that is open is not whole. */
  end(isCutOff: boolean): { readonly text: string; readonly calls: readonly WrittenCall[] } {
    let text = this.#line === '' ? '' : this.#endLine('');
    if (this.#open) {
      if (!isCutOff) text += this.#close(this.#open, false);
      this.#open = undefined;
    }
    return { text: text + this.#flushHeld(), calls: this.#calls.map((call) => this.#withPlainArguments(call)) };
  }

  #endLine(lineEnd: string): string {
    const line = this.#line.endsWith('\r') ? this.#line.slice(0, -1) : this.#line;
    const shown = this.#shown;
    this.#line = '';
    this.#shown = 0;
    if (this.#open) return this.#takeInBlock(this.#open, line);
    if (shown > 0) return line.slice(shown) + lineEnd;
    const start = blockStart(line);
    if (start) return this.#openBlock(start);
    // The fence that was around a block.
    if (this.#isAfterBlock && /^\s*(?:`{3,}|~{3,})?\s*$/.test(line)) return '';
    this.#isAfterBlock = false;
    if (mayNameFile(line)) {
      this.#held.push(line + lineEnd);
      return '';
    }
    return this.#flushHeld() + this.#show([line + lineEnd]);
  }

  #openBlock(start: BlockStart): string {
    const lines = this.#held;
    this.#held = [];
    const isSearch = start.kind === 'search';
    this.#open = { start, lines: [], above: isSearch ? lines.map((each) => each.replace(/\n$/, '')) : [] };
    const rest = 'rest' in start ? start.rest : '';
    // Only a search block has its file above it; anything else was text.
    const shown = isSearch ? '' : this.#show(this.#withoutLastFence(lines));
    return rest === '' ? shown : shown + this.#takeInBlock(this.#open, rest);
  }

  #takeInBlock(open: OpenBlock, line: string): string {
    const end = blockEnd(open.start, line);
    if (!end) {
      open.lines.push(line);
      return '';
    }
    if (end.last !== undefined) open.lines.push(end.last);
    return this.#close(open, true);
  }

  #close({ start, lines, above }: OpenBlock, isClosed: boolean): string {
    this.#open = undefined;
    const call = callOf(start, lines, isClosed, above);
    const isKnown =
      call !== undefined && (start.kind !== 'json-fence' || this.#tools.some(({ name }) => name === call.name));
    if (!isKnown) {
      const fence = 'fence' in start ? start.fence : '';
      return `${[`${fence}json`, ...lines, ...(isClosed ? [fence] : [])].join('\n')}\n`;
    }
    this.#isAfterBlock = true;
    this.#add(call);
    return '';
  }

  /** Blocks for one file that follow each other are one call, so that they are made all or not at all. */
  #add(call: WrittenCall): void {
    const [before, now] = [this.#calls.at(-1)?.blocks, call.blocks];
    const isSameFile =
      before !== undefined && now !== undefined && (/^\s*<{3}/.test(now) || firstLine(now) === firstLine(before));
    if (isSameFile) this.#calls[this.#calls.length - 1] = blocksCall(`${before}\n${now}`);
    else this.#calls.push(call);
  }

  #flushHeld(): string {
    const held = this.#show(this.#held);
    this.#held = [];
    return held;
  }

  #show(lines: readonly string[]): string {
    this.#fences += fencesIn(lines);
    return lines.join('');
  }

  /** The lines before a block, without the opening fence that models put around it. */
  #withoutLastFence(lines: readonly string[]): readonly string[] {
    const last = lines.findLastIndex((line) => line.trim() !== '');
    const opens = fencesIn(lines.slice(last, last + 1)) === 1 && (this.#fences + fencesIn(lines)) % 2 === 1;
    return opens ? lines.slice(0, last) : lines;
  }

  /** What is not JSON is the argument itself, where the tool needs just one text. */
  #withPlainArguments(call: WrittenCall): WrittenCall {
    const given = call.arguments.trim();
    if (given === '' || given.startsWith('{')) return call;
    const parameters = this.#tools.find(({ name }) => name === call.name)?.parameters;
    const required = Array.isArray(parameters?.required) ? parameters.required : [];
    const [only] = required;
    return typeof only === 'string' && required.length === 1
      ? { ...call, arguments: JSON.stringify({ [only]: given }) }
      : call;
  }
}

/** A line without a space that could be a path, an empty line, or the fence that models put around a block. */
function mayNameFile(line: string): boolean {
  return /^\s*(?:[`~]{3,}[\w+-]*|(?:#+ |\*\*|File: ?|Path: ?)?`?[^\s<>]*`?(?:\*\*)?:?)\s*$/.test(line);
}

function fencesIn(lines: readonly string[]): number {
  return lines.filter((line) => /^\s*(?:`{3}|~{3})/.test(line)).length;
}

function firstLine(text: string): string {
  return text.trimStart().split('\n', 1)[0] ?? '';
}
