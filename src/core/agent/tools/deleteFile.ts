import * as v from 'valibot';
import { noSuchFile } from './noSuchFile.ts';
import { defineTool } from './tool.ts';

/** `delete_file`: removes one file. */
export const deleteFile = defineTool({
  name: 'delete_file',
  description: 'Deletes one file.',
  properties: { path: { type: 'string', description: 'Relative to the folder, with forward slashes.' } },
  required: ['path'],
  schema: v.object({ path: v.pipe(v.string(), v.nonEmpty('must not be empty')) }),
  target: ({ path }) => path,
  async run({ path }, { copy, signal }) {
    const wasThere = await copy.delete(path, signal);
    if (!wasThere) return noSuchFile(path, copy, signal);
    return { outcome: 'ok', content: `Deleted ${path}.`, detail: 'deleted', mutated: true };
  },
});
