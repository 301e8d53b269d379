/** Where GitHub looks for a template, the first first: https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests */
export const templatePaths: readonly string[] = ['.github/', '', 'docs/'].flatMap((folder) => [
  `${folder}pull_request_template.md`,
  `${folder}pull_request_template.txt`,
]);

/** The paths of `existing` that are templates, the one that GitHub takes first. GitHub doesn't care about capital letters. */
export function templatesAmong(existing: readonly string[]): readonly string[] {
  return templatePaths.flatMap((path) => existing.filter((candidate) => candidate.toLowerCase() === path));
}

/** What is filled in. Each is Markdown that is fit for a pull request; empty for none. */
export interface TemplateContent {
  readonly asked: string;
  readonly changed: string;
}

const longestTemplate = 20_000;
const aboutChange =
  /^(?:(?:short|brief)\s+)?(?:description|summary|overview|what(?:['’]?s| is| does| did| has)?\b.*|changes?(?: made)?|proposed changes?|this (?:pr|pull request))\W*$/i;
const aboutReason =
  /^(?:why\b.*|motivation(?: and context)?|context|background|problem|reason|purpose|issue|related issue)\W*$/i;

/**
 * A repository's template with what there is to say under the headings that ask for it. Boxes stay unticked: only a person can say
 * that something was done. What has no heading of its own comes first. An empty or overlong template is none: undefined.
 */
export function fillTemplate(template: string, { asked, changed }: TemplateContent): string | undefined {
  const lines = template
    .replace(/^\uFEFF/, '')
    .replace(/^---\n[\s\S]*?\n---\n/, '')
    .trim()
    .split(/\r\n|\n|\r/);
  if (template.length > longestTemplate || lines.join('').trim() === '') return undefined;
  const left = new Map([
    [aboutChange, changed],
    [aboutReason, asked],
  ]);
  const filled: string[] = [];
  for (const [index, line] of lines.entries()) {
    filled.push(line);
    const heading = /^#{1,6}\s+(.+?)\s*#*$/.exec(line)?.[1] ?? /^\*\*(.+?):?\*\*:?$/.exec(line)?.[1];
    const key = heading && [...left.keys()].find((pattern) => pattern.test(plain(heading)));
    const text = key && left.get(key);
    if (!key || !text) continue;
    filled.push('', text, ...(lines[index + 1]?.trim() ? [''] : []));
    left.delete(key);
  }
  const unplaced = [left.get(aboutChange) ?? '', left.get(aboutReason) ?? ''].filter((text) => text !== '');
  return [...unplaced, filled.join('\n')].join('\n\n').trim();
}

/** Without emoji and marks around the words. */
function plain(heading: string): string {
  return heading
    .replace(/[*_`]/g, '')
    .replace(/^[^\p{L}]+/u, '')
    .trim();
}
