import * as v from 'valibot';
import type { CopyFile } from '../../workspace/copy.ts';
import { boundedLine, counted, linesThatFit } from './bounded.ts';
import { decodeFile, linesOf } from './fileText.ts';
import { noSuchFile } from './noSuchFile.ts';
import { defineTool, failed, type ToolOutcome } from './tool.ts';

const maxLineLength = 2_000;
const lineNumber = v.pipe(v.number(), v.integer(), v.minValue(1));

/** `read_file`: a file's lines with their numbers, all of them or a range. */
export const readFile = defineTool({
  name: 'read_file',
  description:
    'Reads a text file. Each line comes as its number, a tab, and the line itself; number and tab are not in the file. A long file comes in parts.',
  properties: {
    path: { type: 'string', description: 'Relative to the folder, with forward slashes.' },
    startLine: { type: 'integer', minimum: 1, description: 'The first line to read. Default: 1.' },
    endLine: { type: 'integer', minimum: 1, description: 'The last line to read. Default: the end of the file.' },
  },
  required: ['path'],
  schema: v.object({
    path: v.pipe(v.string(), v.nonEmpty('must not be empty')),
    startLine: v.nullish(lineNumber),
    endLine: v.nullish(lineNumber),
  }),
  target: ({ path }) => path,
  async run({ path, startLine, endLine }, { copy, maxOutput, signal }) {
    const file = await copy.read(path, signal);
    if (file === undefined) return noSuchFile(path, copy, signal);
    const special = describeSpecial(file);
    if (special !== undefined) return special;
    const decoded = decodeFile(file.bytes);
    if (decoded.kind === 'binary') {
      const size = counted(file.bytes.length, 'byte');
      return { outcome: 'ok', content: `${path} is a binary file (${size}); it can't be shown.`, detail: 'binary' };
    }
    const notice =
      decoded.kind === 'not-utf8' ? '[not UTF-8: shown as Latin-1; edit_file does not work on this file]\n' : '';
    const shown = showLines(linesOf(decoded.text), startLine ?? 1, endLine ?? undefined, maxOutput);
    return shown.outcome === 'ok' ? { ...shown, content: notice + shown.content } : shown;
  },
});

function describeSpecial({ path, mode, bytes }: CopyFile): ToolOutcome | undefined {
  if (mode === '160000') {
    const content = `${path} is a submodule: another repository, whose files are not part of this folder.`;
    return { outcome: 'ok', content, detail: 'submodule' };
  }
  if (mode === '120000') {
    const target = new TextDecoder().decode(bytes);
    return { outcome: 'ok', content: `${path} is a symbolic link to ${target}`, detail: 'symbolic link' };
  }
  return undefined;
}

function showLines(lines: readonly string[], start: number, end: number | undefined, maxOutput: number): ToolOutcome {
  if (lines.length === 0) return { outcome: 'ok', content: '[the file is empty]', detail: '0 lines' };
  if (start > lines.length) {
    return failed('no such line', `The file has only ${counted(lines.length, 'line')}; startLine is ${start}.`);
  }
  if (end !== undefined && end < start) return failed('no such lines', `endLine ${end} is before startLine ${start}.`);
  const last = Math.min(end ?? lines.length, lines.length);
  // Even a single line must fit: a line can be a whole minified file.
  const lineLength = Math.max(1, Math.min(maxLineLength, maxOutput - 50));
  const numbered: string[] = [];
  for (let number = start; number <= last; number++) {
    numbered.push(`${number}\t${boundedLine(lines[number - 1] ?? '', lineLength)}`);
  }
  const fitting = Math.max(1, linesThatFit(numbered, maxOutput));
  const content = numbered.slice(0, fitting).join('\n');
  const lastShown = Math.min(last, start + fitting - 1);
  const isAll = start === 1 && lastShown === lines.length;
  const rest = lastShown < lines.length ? `; go on with startLine ${lastShown + 1}` : '';
  return {
    outcome: 'ok',
    content: isAll ? content : `${content}\n[lines ${start}–${lastShown} of ${lines.length}${rest}]`,
    detail: isAll ? counted(lines.length, 'line') : `lines ${start}–${lastShown} of ${lines.length}`,
  };
}
