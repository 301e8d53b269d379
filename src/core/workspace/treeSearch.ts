import type { ObjectName } from '../domain.ts';
import { UserError } from '../problem.ts';
import type { SearchHit, SearchQuery } from './copy.ts';
import { decodeExactName } from './gitNames.ts';
import { GitError } from './gitProcess.ts';
import type { ObjectStore } from './objectStore.ts';

/** How often files that may not be shown are left out and the search is done again, before what is left of it has to do. */
const maxSearches = 3;

const maxLength = 2000;

/**
 * Searches all files of a tree; ends git as soon as there are enough hits. `isVisible` says at once which files may be shown,
 * and `isFitting` does so for the files with hits.
 */
export async function searchTree(
  store: ObjectStore,
  tree: ObjectName,
  query: SearchQuery,
  isVisible: (path: string) => boolean,
  isFitting: (path: string) => Promise<boolean>,
  signal?: AbortSignal,
): Promise<readonly SearchHit[]> {
  assertSayable(query);
  const unfit = new Set<string>();
  for (let search = 1; ; search++) {
    const hits = await searchOnce(store, tree, query, (path) => !unfit.has(path) && isVisible(path), signal);
    const known = unfit.size;
    for (const path of new Set(hits.map((hit) => hit.path))) {
      if (!(await isFitting(path))) unfit.add(path);
    }
    // Their hits may have taken the place of others.
    if (unfit.size === known || hits.length < query.maxHits || search === maxSearches) {
      return hits.filter(({ path }) => !unfit.has(path));
    }
  }
}

async function searchOnce(
  store: ObjectStore,
  tree: ObjectName,
  query: SearchQuery,
  isVisible: (path: string) => boolean,
  signal: AbortSignal | undefined,
): Promise<readonly SearchHit[]> {
  if (!query.isRegex) return grep(store, tree, query, '-F', isVisible, signal);
  if (!isPerlish(query.pattern)) return grep(store, tree, query, '-E', isVisible, signal);
  try {
    return await grep(store, tree, query, '-P', isVisible, signal);
  } catch (error) {
    // A Git that was built without them says so when it is asked.
    if (!(error instanceof GitError) || !/USE_LIBPCRE|not compiled with/.test(error.stderr)) throw error;
    const translated = { ...query, pattern: withoutPerl(query.pattern) };
    return grep(store, tree, translated, '-E', isVisible, signal);
  }
}

/** Whether an expression has something that only Perl's have, or all but POSIX ones. */
function isPerlish(pattern: string): boolean {
  return /\\[a-zA-Z]|\(\?|[*+?}][?+]/.test(pattern);
}

/** The classes that models write most, as POSIX extended expressions have them. */
export function withoutPerl(pattern: string): string {
  const inSet: Readonly<Record<string, string>> = { d: '0-9', w: '[:alnum:]_', s: '[:space:]' };
  const alone: Readonly<Record<string, string>> = { D: '[^0-9]', W: '[^[:alnum:]_]', S: '[^[:space:]]' };
  let isInSet = false;
  return pattern.replace(/\[:\w+:\]|\\(.)|\(\?:|([*+?}])\?|[[\]]/gs, (found, escaped?: string, quantifier?: string) => {
    if (escaped !== undefined) {
      const set = inSet[escaped];
      if (set !== undefined) return isInSet ? set : `[${set}]`;
      return isInSet ? found : (alone[escaped] ?? found);
    }
    if (quantifier !== undefined) return isInSet ? found : quantifier;
    if (isInSet && found.startsWith('[:')) return found;
    if (found === '[') isInSet = true;
    if (found === ']') isInSet = false;
    return found === '(?:' && !isInSet ? '(' : found;
  });
}

async function grep(
  store: ObjectStore,
  tree: ObjectName,
  query: SearchQuery,
  kind: '-F' | '-E' | '-P',
  isVisible: (path: string) => boolean,
  signal: AbortSignal | undefined,
): Promise<readonly SearchHit[]> {
  const hits: SearchHit[] = [];
  if (query.pattern === '' || query.maxHits <= 0) {
    return hits;
  }
  const args = ['grep', '-z', '-n', '-I', '--full-name', '--no-color', kind];
  if (query.ignoreCase) {
    args.push('-i');
  }
  // Git reads the lines of a pattern as alternatives, and no line holds a line break.
  args.push('-e', query.pattern, tree, '--', ...(query.glob === undefined ? [] : pathspecsOf(query.glob)));

  const chunks: Buffer[] = [];
  try {
    await store.run(args, {
      objects: 'all',
      // In the C locale a letter outside ASCII would be several characters, none with an upper case.
      env: { LC_ALL: 'C.UTF-8' },
      okCodes: [1],
      signal,
      onOutput: (chunk) => {
        chunks.push(chunk);
        // A line may come in very many pieces.
        if (!chunk.includes(0x0a)) {
          return false;
        }
        let rest = Buffer.concat(chunks);
        let hit = takeHit(rest);
        while (hit && hits.length < query.maxHits) {
          rest = rest.subarray(hit.end);
          // Git writes the tree and a colon in front of each name.
          const path = decodeExactName(hit.name.slice(tree.length + 1));
          if (path !== undefined && isVisible(path)) {
            hits.push({ path, line: hit.line, text: hit.text });
          }
          hit = takeHit(rest);
        }
        chunks.splice(0, chunks.length, rest);
        return hits.length >= query.maxHits;
      },
    });
  } catch (error) {
    throw error instanceof GitError && kind !== '-F' && !/USE_LIBPCRE|not compiled with/.test(error.stderr)
      ? asBadRequest(error, query)
      : error;
  }
  return hits;
}

/** One record of `git grep -z -n`: name NUL line NUL text LF. */
function takeHit(output: Buffer): { name: string; line: number; text: string; end: number } | undefined {
  const nameEnd = output.indexOf(0);
  const lineEnd = output.indexOf(0, nameEnd + 1);
  const end = output.indexOf(0x0a, lineEnd + 1);
  // A name may hold a line break, so the end of the text is looked for behind both NULs.
  if (nameEnd === -1 || lineEnd === -1 || end === -1) {
    return undefined;
  }
  const text = output.toString('utf8', lineEnd + 1, end);
  return {
    name: output.toString('latin1', 0, nameEnd),
    line: Number(output.toString('latin1', nameEnd + 1, lineEnd)),
    text: text.endsWith('\r') ? text.slice(0, -1) : text,
    end: end + 1,
  };
}

/** `*.ts` means any depth, `src` everything below it, and `{a,b}` either, as models expect of a glob. */
export function pathspecsOf(glob: string): string[] {
  return expandBraces(glob).flatMap((written) => {
    const path = written.replace(/^(\.?\/)+/, '').replace(/\/+$/, '');
    if (path === '' || path === '.') {
      return [':(glob)**'];
    }
    if (path.split('/').includes('..')) {
      throw refused(`The glob ${JSON.stringify(glob)} leads out of the folder; use one inside it.`);
    }
    const anyDepth = path.includes('/') ? path : `**/${path}`;
    return [`:(glob)${anyDepth}`, `:(glob)${anyDepth}/**`];
  });
}

/** At most a hundred alternatives, so that no pattern grows without bound. */
function expandBraces(glob: string): string[] {
  let open = [glob];
  for (let round = 0; round < 8 && open.length < 100; round++) {
    const next = open.flatMap((text) => {
      const braces = /^(.*?)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(text);
      const [, before = '', inside = '', after = ''] = braces ?? [];
      return braces ? inside.split(',').map((choice) => before + choice + after) : [text];
    });
    if (next.length === open.length) {
      return next;
    }
    open = next;
  }
  return open;
}

/** What can be handed to a program: Windows takes 32,767 characters in all, and no system takes a NUL. */
function assertSayable({ pattern, glob = '' }: SearchQuery): void {
  if ([pattern, glob].some((text) => text.includes('\0') || text.length > maxLength)) {
    const message = `A search takes a pattern and a glob of at most ${maxLength} characters each, without a NUL character. Search for less.`;
    throw new UserError({ code: 'bad-request', message });
  }
}

function refused(message: string): UserError {
  return new UserError({ code: 'refused-by-policy', refusal: 'outside the folder', message });
}

function asBadRequest(error: GitError, query: SearchQuery): unknown {
  const reason = /^fatal: (?:-e option, '.*?': |command line, '.*?': )?(.*)$/ms.exec(error.stderr)?.[1];
  if (!query.isRegex || error.code !== 128 || reason === undefined || !/option|command line/.test(error.stderr)) {
    return error;
  }
  return new UserError({
    code: 'bad-request',
    message: `${JSON.stringify(query.pattern)} is not a regular expression that can be searched for: ${reason}. Correct it or search for literal text.`,
    detail: error.stderr,
  });
}
