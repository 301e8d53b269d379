import * as v from 'valibot';
import { misreadBackslashes } from './backslashes.ts';
import { noSuchFile } from './noSuchFile.ts';
import { defineTool } from './tool.ts';

const path = v.pipe(v.string(), v.nonEmpty('must not be empty'));

/** `move_file`: gives one file another path. */
export const moveFile = defineTool({
  name: 'move_file',
  description: 'Moves or renames one file, with its content as it is. Does not replace a file that is there already.',
  properties: {
    from: { type: 'string', description: 'Where the file is, relative to the folder, with forward slashes.' },
    to: { type: 'string', description: 'Where it is to be, with its name.' },
  },
  required: ['from', 'to'],
  schema: v.object({ from: path, to: path }),
  target: ({ from, to }) => `${from} → ${to}`,
  async run({ from, to }, { copy, signal }) {
    const misread = await misreadBackslashes(to, copy, signal);
    if (misread) return misread;
    const wasThere = await copy.move(from, to, signal);
    if (!wasThere) return noSuchFile(from, copy, signal);
    return { outcome: 'ok', content: `Moved ${from} to ${to}.`, detail: 'moved', mutated: true };
  },
});
