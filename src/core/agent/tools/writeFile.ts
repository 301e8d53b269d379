import * as v from 'valibot';
import { misreadBackslashes } from './backslashes.ts';
import { counted } from './bounded.ts';
import { contentFor } from './changeFiles.ts';
import { decodeFile, linesOf } from './fileText.ts';
import { lineDelta } from './lineDelta.ts';
import { notAFile } from './notAFile.ts';
import { defineTool, failed } from './tool.ts';

/** `write_file`: a new file, or the whole content of one that is there. */
export const writeFile = defineTool({
  name: 'write_file',
  description:
    'Makes a file with this content, folders included, or replaces all of an existing file. For changes within a file use edit_file.',
  properties: {
    path: { type: 'string', description: 'Relative to the folder, with forward slashes.' },
    content: { type: 'string', description: 'All of the content.' },
  },
  required: ['path', 'content'],
  schema: v.object({ path: v.pipe(v.string(), v.nonEmpty('must not be empty')), content: v.string() }),
  target: ({ path }) => path,
  async run({ path, content }, { copy, signal }) {
    const file = await copy.read(path, signal);
    const special = file === undefined ? await misreadBackslashes(path, copy, signal) : notAFile(file);
    if (special !== undefined) return special;
    const before = file === undefined ? undefined : decodeFile(file.bytes);
    const bytes = contentFor(file?.bytes, content);
    if (file !== undefined && Buffer.compare(file.bytes, bytes) === 0) {
      return failed('no change', `${path} already has this content.`);
    }
    signal.throwIfAborted();
    await copy.write(path, bytes, signal);
    if (file === undefined) {
      const size = counted(linesOf(content).length, 'line');
      return { outcome: 'ok', content: `Made ${path} (${size}).`, detail: `new, ${size}`, mutated: true };
    }
    const detail = before?.kind === 'text' ? lineDelta(before.text, content) : 'replaced';
    return { outcome: 'ok', content: `Replaced all of ${path} (${detail}).`, detail, mutated: true };
  },
});
