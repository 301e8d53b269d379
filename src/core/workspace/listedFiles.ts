import type { FileMode, ObjectName } from '../domain.ts';
import type { FileEntry, Files, NamedEntry } from './files.ts';
import type { RawName } from './gitNames.ts';

const tab = 0x09;

/**
 * The output of `git ls-files --stage -z` or `git ls-tree -r -z` as it came, looked up in place: a folder of 100,000 files costs
 * about as much memory as git's own index of it. Both list names in the order of their bytes.
 */
export class ListedFiles implements Files {
  readonly #output: Buffer;
  /** Where each record begins; one more at the end. */
  readonly #starts: Uint32Array;
  readonly length: number;

  constructor(output: Buffer) {
    this.#output = output;
    let starts = new Uint32Array(1024);
    let count = 0;
    for (let at = 0; at !== 0 || count === 0; at = output.indexOf(0, at) + 1) {
      if (count === starts.length) {
        const longer = new Uint32Array(count * 2);
        longer.set(starts);
        starts = longer;
      }
      starts[count++] = at;
    }
    this.#starts = starts.slice(0, count);
    this.length = count - 1;
  }

  get(name: RawName): FileEntry | undefined {
    const bytes = Buffer.from(name, 'latin1');
    const at = this.#firstFrom(bytes);
    const isNamed = (record: number) => record < this.length && this.#compare(record, bytes) === 0;
    if (!isNamed(at)) return undefined;
    // Of an unmerged file git prefers what it was on this side (stage 2), then the common ancestor (stage 1).
    const isOursNext = this.fields(at)[2] === '1' && isNamed(at + 1) && this.fields(at + 1)[2] === '2';
    return this.#entry(isOursNext ? at + 1 : at);
  }

  *below(folder: RawName): Iterable<NamedEntry> {
    const start = Buffer.from(folder === '' ? '' : `${folder}/`, 'latin1');
    for (let at = this.#firstFrom(start); at < this.length; at++) {
      const name = this.#nameStart(at);
      if (start.compare(this.#output, name, Math.min(name + start.length, this.#end(at))) !== 0) {
        return;
      }
      yield [this.name(at), this.#entry(at)];
    }
  }

  /** The name of a record, by its position. */
  name(at: number): RawName {
    return this.#output.toString('latin1', this.#nameStart(at), this.#end(at));
  }

  /** What stands before the name of a record: mode, object and stage (of `ls-files`) or mode, type and object (of `ls-tree`). */
  fields(at: number): readonly string[] {
    return this.#output.toString('latin1', this.#starts[at], this.#nameStart(at) - 1).split(' ');
  }

  #entry(at: number): FileEntry {
    const [mode = '', second = '', third = ''] = this.fields(at);
    // A stage is one digit.
    return { mode: mode as FileMode, blob: (third.length > 1 ? third : second) as ObjectName };
  }

  #nameStart(at: number): number {
    return this.#output.indexOf(tab, this.#starts[at]) + 1;
  }

  #end(at: number): number {
    return (this.#starts[at + 1] ?? 1) - 1;
  }

  #compare(at: number, name: Buffer): number {
    return -name.compare(this.#output, this.#nameStart(at), this.#end(at));
  }

  /** The first record whose name is not before this one. */
  #firstFrom(name: Buffer): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(middle, name) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
