import * as v from 'valibot';
import { applyEdits, type Edit } from './editMatch.ts';
import { decodeFile, encodeFile } from './fileText.ts';
import { lineDelta } from './lineDelta.ts';
import { noSuchFile } from './noSuchFile.ts';
import { notAFile } from './notAFile.ts';
import { defineTool, failed } from './tool.ts';

const text = v.string();
const edit = v.object({ oldText: text, newText: text });

/** `edit_file`: exact replacements in one file, all of them or none. */
export const editFile = defineTool({
  name: 'edit_file',
  description:
    'Replaces text in a file. Each oldText must be in the file exactly once, copied as it is there, indentation included, without line numbers. The edits are made one after another; if one can\'t be made, none is. Give either "edits", or "oldText" and "newText" for a single edit.',
  properties: {
    path: { type: 'string', description: 'Relative to the folder, with forward slashes.' },
    edits: {
      type: 'array',
      items: {
        type: 'object',
        properties: { oldText: { type: 'string' }, newText: { type: 'string' } },
        required: ['oldText', 'newText'],
        additionalProperties: false,
      },
    },
    oldText: { type: 'string', description: 'The text to replace, when there is a single edit.' },
    newText: { type: 'string', description: 'What stands there afterwards; empty to remove the text.' },
  },
  required: ['path'],
  schema: v.pipe(
    v.object({
      path: v.pipe(text, v.nonEmpty('must not be empty')),
      edits: v.nullish(v.array(edit)),
      oldText: v.nullish(text),
      newText: v.nullish(text),
    }),
    v.rawTransform(({ dataset, addIssue, NEVER }): { path: string; edits: readonly Edit[] } => {
      const { path, edits, oldText, newText } = dataset.value;
      if (edits && edits.length > 0) return { path, edits };
      if (typeof oldText === 'string' && typeof newText === 'string') return { path, edits: [{ oldText, newText }] };
      addIssue({ message: 'Give "edits" with at least one edit, or "oldText" and "newText"' });
      return NEVER;
    }),
  ),
  target: ({ path }) => path,
  async run({ path, edits }, { copy, signal }) {
    const file = await copy.read(path, signal);
    if (file === undefined) return noSuchFile(path, copy, signal);
    const special = notAFile(file);
    if (special !== undefined) return special;
    const before = decodeFile(file.bytes);
    if (before.kind !== 'text') {
      const what = before.kind === 'binary' ? 'binary' : 'not UTF-8';
      return failed(what, `${path} is ${what}, so it can't be edited.`);
    }
    const result = applyEdits(before.text, edits);
    if (!result.ok) return failed(result.detail, result.message);
    signal.throwIfAborted();
    await copy.write(path, encodeFile(result.text, before.bom), signal);
    const detail = lineDelta(before.text, result.text);
    return { outcome: 'ok', content: `Edited ${path} (${detail}).`, detail, mutated: true };
  },
});
