import { GitError, runGit } from './gitProcess.ts';

/** Who a commit is by. */
export interface CommitAuthor {
  readonly name: string;
  readonly email: string;
}

/** What a folder's repository tells about how its commits and pull requests are written. Empty for a folder without commits. */
export interface CommitFacts {
  /** Of the newest commits, newest first; merges are left out. */
  readonly subjects: readonly string[];
  /** Whether commits say more than their subject. */
  readonly haveBodies: boolean;
  /** As git is configured for the folder; absent where name or address is missing. */
  readonly author?: CommitAuthor;
  /** Files at HEAD in the folders where a template for pull requests may be, relative to the top. */
  readonly templateFiles: readonly string[];
}

const most = 40;
/** Whatever the user's configuration makes of `git log`. */
const plain = ['--no-show-signature', '--encoding=UTF-8', '--format=%s%x1f%b%x1e'];
const recordEnd = '\x1e';
/** What a template may have at most; more is none. */
const largestTemplate = 100_000;

/** Reads the facts. Only reads. */
export async function readCommitFacts(folder: string, signal?: AbortSignal): Promise<CommitFacts> {
  const list = ['ls-tree', '--full-tree', '--name-only', '-z', 'HEAD'];
  const [log, top, below, name, email] = await Promise.all([
    ask(folder, ['log', `--max-count=${most}`, '--no-merges', ...plain, 'HEAD', '--'], signal),
    ask(folder, list, signal),
    ask(folder, [...list, '--', '.github/', 'docs/'], signal),
    ask(folder, ['config', '--get', 'user.name'], signal),
    ask(folder, ['config', '--get', 'user.email'], signal),
  ]);
  const commits = log.split(recordEnd).flatMap((record) => {
    const [subject = '', body = ''] = record.trim().split('\x1f');
    return subject === '' ? [] : [{ subject, body: body.replace(/^[\w-]+: .*$/gm, '').trim() }];
  });
  const author = { name: oneLine(name), email: oneLine(email) };
  return {
    subjects: commits.map(({ subject }) => subject),
    haveBodies: commits.length === 0 || commits.filter(({ body }) => body !== '').length > commits.length * 0.3,
    ...(author.name !== '' && author.email !== '' && { author }),
    templateFiles: `${top}${below}`.split('\0').filter((path) => path !== ''),
  };
}

/** A file at HEAD as text; undefined where it is no text, or too large for a template. */
export async function readFileAtHead(folder: string, path: string, signal?: AbortSignal): Promise<string | undefined> {
  const text = await ask(folder, ['cat-file', 'blob', `HEAD:${path}`], signal);
  return text === '' || text.length > largestTemplate || text.includes('\0') ? undefined : text;
}

/** What git says; nothing where it has no answer, such as for a repository without commits. */
async function ask(folder: string, args: readonly string[], signal?: AbortSignal): Promise<string> {
  try {
    const { stdout } = await runGit(args, { folder, signal });
    return stdout.toString('utf8');
  } catch (error) {
    if (error instanceof GitError) return '';
    throw error;
  }
}

/** GitHub refuses angle brackets and line ends in names and addresses. */
function oneLine(text: string): string {
  return text.replace(/[<>\p{Cc}]/gu, '').trim();
}
