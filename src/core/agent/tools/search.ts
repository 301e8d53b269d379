import * as v from 'valibot';
import { boundedLine, counted, linesThatFit } from './bounded.ts';
import { plainFolder } from './plainFolder.ts';
import { searchContext } from './searchContext.ts';
import { defineTool } from './tool.ts';

const maxHits = 200;
const maxLineLength = 300;
const maxContext = 20;

/** `search`: the lines of all files that hold a text or match a regular expression. */
export const search = defineTool({
  name: 'search',
  description:
    'Searches the content of all files, line by line. Each hit comes as path:number: line, lines around it as path-number- line. By default the pattern is literal text and case counts.',
  properties: {
    pattern: { type: 'string', description: 'The text to look for; must be within one line.' },
    isRegex: { type: 'boolean', description: 'The pattern is a regular expression.' },
    glob: { type: 'string', description: 'Only files that match, for example "*.ts" or "src/**/*.css".' },
    ignoreCase: { type: 'boolean', description: 'Upper and lower case are the same.' },
    context: { type: 'integer', minimum: 0, description: 'Lines to show before and after each hit. Default: 0.' },
  },
  required: ['pattern'],
  schema: v.object({
    pattern: v.pipe(
      v.string(),
      v.nonEmpty('must not be empty'),
      v.check((text) => !/[\n\r]/.test(text), 'must be within one line; a search looks at single lines'),
      v.check((text) => !text.includes('\0'), 'must not hold a NUL character'),
    ),
    isRegex: v.nullish(v.boolean()),
    glob: v.nullish(
      v.pipe(
        v.string(),
        v.check((text) => !text.includes('\0'), 'must not hold a NUL character'),
      ),
    ),
    ignoreCase: v.nullish(v.boolean()),
    context: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0))),
  }),
  target: ({ pattern, glob }) => (glob ? `${pattern} in ${glob}` : pattern),
  async run({ pattern, isRegex, glob, ignoreCase, context }, { copy, maxOutput, signal }) {
    const query = { pattern, isRegex: isRegex ?? false, ignoreCase: ignoreCase ?? false, maxHits };
    const hits = await copy.search(glob ? { ...query, glob } : query, signal);
    if (hits.length === 0) {
      // Where policy is why nothing there is found, this throws what it says.
      if (glob && !/[*?[{]/.test(glob) && plainFolder(glob) !== '') await copy.read(glob, signal);
      return { outcome: 'ok', content: 'No line matches.', detail: 'no match' };
    }
    const lineLength = Math.max(1, Math.min(maxLineLength, maxOutput - 200));
    const shown = await searchContext(hits, Math.min(context ?? 0, maxContext), copy, signal);
    const lines = shown.map((line) => boundedLine(line.trimEnd(), lineLength));
    const kept = lines.slice(0, Math.max(1, linesThatFit(lines, maxOutput)));
    const isCapped = hits.length >= maxHits;
    const cut = lines.length - kept.length;
    if (cut > 0 || isCapped) {
      const rest = isCapped ? 'more hits than can be listed' : counted(cut, context ? 'more line' : 'more hit');
      kept.push(`[cut: ${rest}; use a narrower pattern or glob]`);
    }
    const files = counted(new Set(hits.map((hit) => hit.path)).size, 'file');
    const count = isCapped ? `${hits.length}+ hits` : counted(hits.length, 'hit');
    return { outcome: 'ok', content: kept.join('\n'), detail: `${count} in ${files}` };
  },
});
