import * as v from 'valibot';
import { globMatcher } from '../../workspace/globMatch.ts';
import { pathspecsOf } from '../../workspace/treeSearch.ts';
import { fileLine, listFolder } from '../listing.ts';
import { counted, linesThatFit } from './bounded.ts';
import { plainFolder } from './plainFolder.ts';
import { defineTool, failed } from './tool.ts';

const maxLines = 1_000;

/** `list_files`: the files of a folder, or those whose path fits a glob. */
export const listFiles = defineTool({
  name: 'list_files',
  description:
    'Lists files by path. Large folders are folded ("src/deep/ … 134 files"): list the sub-folder to see more. With a glob, lists the files that match it instead.',
  properties: {
    path: { type: 'string', description: 'Only files in this folder, for example "src/parser". Default: everything.' },
    glob: {
      type: 'string',
      description: 'Only files that match, for example "*.ts" (in any folder) or "src/**/*.test.ts".',
    },
  },
  required: [],
  schema: v.object({ path: v.nullish(v.string()), glob: v.nullish(v.string()) }),
  target: ({ path, glob }) => [path, glob].filter(Boolean).join(' ') || '.',
  async run({ path, glob }, { copy, maxOutput, signal }) {
    const folder = plainFolder(path ?? '');
    const all = await copy.list(signal);
    const within = folder === '' ? all : all.filter((entry) => entry.path.startsWith(`${folder}/`));
    if (within.length === 0 && folder !== '') {
      // Nothing is listed there; where policy is why, this throws what it says.
      await copy.read(path ?? folder, signal);
      return all.some((entry) => entry.path === folder)
        ? failed('not a folder', `${folder} is a file, not a folder. Use read_file to read it.`)
        : failed('no such folder', `There is no folder ${folder}.`);
    }
    if (!glob) {
      const content = listFolder(within, { maxLines, maxCharacters: maxOutput }, folder);
      return {
        outcome: 'ok',
        content: content === '' ? 'The folder is empty.' : content,
        detail: counted(within.length, 'file'),
      };
    }
    const matchers = matchersOf(glob);
    const lines = within.filter(({ path }) => matchers.some((matches) => matches(path))).map(fileLine);
    if (lines.length === 0) return { outcome: 'ok', content: `No file matches ${glob}.`, detail: 'no match' };
    const kept = lines.slice(0, Math.min(maxLines, linesThatFit(lines, maxOutput)));
    const cut = lines.length - kept.length;
    if (cut > 0) kept.push(`[cut: ${cut} more files; use a narrower glob]`);
    return { outcome: 'ok', content: kept.join('\n'), detail: counted(lines.length, 'file') };
  },
});

/** The same as `search` takes a glob to mean: a name stands for any folder's, a folder for all that is in it. */
function matchersOf(glob: string): readonly ((path: string) => boolean)[] {
  return pathspecsOf(glob).map((pathspec) => globMatcher(pathspec.replace(':(glob)', '')));
}
