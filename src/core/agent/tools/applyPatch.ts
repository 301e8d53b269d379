import * as v from 'valibot';
import { readChanges } from '../edits/readChanges.ts';
import { changeFiles } from './changeFiles.ts';
import { defineTool } from './tool.ts';

/** `apply_patch`: changes of several files, all of them or none, in the forms models are trained to write. */
export const applyPatch = defineTool({
  name: 'apply_patch',
  description:
    'Changes several files at once, all or none. The patch is "*** Begin Patch", then "*** Update File: PATH" (with "*** Move to: PATH" to move it), "*** Add File: PATH" or "*** Delete File: PATH", and "*** End Patch". Hunks begin with "@@"; their lines with a space, "-" or "+". A unified diff or SEARCH/REPLACE blocks with the path in front will do too.',
  properties: { patch: { type: 'string' } },
  required: ['patch'],
  schema: v.pipe(
    v.unknown(),
    v.transform((input) => (isRecord(input) ? { patch: input.patch ?? input.input ?? input.diff } : input)),
    v.object({ patch: v.string() }),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const read = readChanges(dataset.value.patch);
      if (read.ok) return read.changes;
      addIssue({ message: read.message.replace(/\.$/, '') });
      return NEVER;
    }),
  ),
  target: (changes) => [...new Set(changes.map(({ names }) => names[0]))].join(', '),
  run: (changes, { copy, signal }) => changeFiles(changes, copy, signal),
});

function isRecord(input: unknown): input is Readonly<Record<string, unknown>> {
  return typeof input === 'object' && input !== null;
}
