/** What the stand-in models say when they review candidates. */

interface Shown {
  readonly alias: string;
  /** What it changes, as the reviewer sees it. */
  readonly changes: string;
}

interface StoryFinding {
  readonly path: string;
  /** In the line that it is about. */
  readonly at: string;
  readonly severity: 'blocker' | 'major' | 'minor';
  readonly reason: string;
}

interface Verdict {
  /** What only this candidate of the sample's story has. */
  readonly mark: string;
  /** More is better. */
  readonly worth: number;
  readonly wouldMerge: boolean;
  readonly findings: readonly StoryFinding[];
}

/** The candidates of the sample's story, known by what is in them. */
const verdicts: readonly Verdict[] = [
  {
    mark: 'File src/retry.ts',
    worth: 3,
    wouldMerge: true,
    findings: [
      {
        path: 'src/retry.ts',
        at: 'function isRetryable',
        severity: 'minor',
        reason: 'Nothing tells whoever writes an UploadTarget to mark errors as `retryable`. Say so at `send`.',
      },
    ],
  },
  {
    mark: 'const delays = [200',
    worth: 1,
    wouldMerge: false,
    findings: [
      {
        path: 'src/upload.ts',
        at: '} catch {',
        severity: 'major',
        reason:
          'Retries whatever fails, also what will never succeed: a refused file is sent four times. Retry only what failed for a moment.',
      },
      {
        path: 'src/upload.ts',
        at: 'setTimeout',
        severity: 'minor',
        reason: 'The wait is fixed to the real clock, so that no test can go without it.',
      },
    ],
  },
  {
    mark: '300 * 2 ** attempt',
    worth: 2,
    wouldMerge: false,
    findings: [
      {
        path: 'test/queue.test.js',
        at: "seen.includes('a.txt failed')",
        severity: 'major',
        reason: 'The test no longer looks at the order of the statuses, which is what it was for.',
      },
    ],
  },
];
/** What any other candidate gets. */
const plain: Verdict = { mark: '', worth: 2, wouldMerge: true, findings: [] };

/** The tool call that answers a request for a review, read from its first message. */
export function reviewAnswer(message: string): { readonly name: string; readonly arguments: string } {
  const shown = [...message.matchAll(/^Candidate (\w+):\n\nbegin (\w+)\n([\s\S]*?)\nend \2$/gm)].map(
    ([, alias = '', , changes = '']): Shown => ({ alias, changes }),
  );
  const judged = shown.map((one) => ({
    ...one,
    verdict: verdicts.find(({ mark }) => one.changes.includes(mark)) ?? plain,
  }));
  const review = {
    candidates: judged.map(({ alias, changes, verdict: { wouldMerge, findings } }) => ({
      candidate: alias,
      findings: findings.map(({ at, ...finding }) => ({ ...finding, line: lineOf(changes, finding.path, at) })),
      ...{ does_what_was_asked: true, is_complete: wouldMerge, stays_in_scope: true, would_merge: wouldMerge },
    })),
    preferences: judged.flatMap((first, index) =>
      judged.slice(index + 1).map((second) => ({
        ...{ first: first.alias, second: second.alias },
        preferred: better(first, second),
      })),
    ),
    none_is_mergeable: judged.every(({ verdict }) => !verdict.wouldMerge),
  };
  return { name: 'submit_review', arguments: JSON.stringify(review) };
}

type Judged = Pick<Shown, 'alias'> & { readonly verdict: Verdict };

function better(first: Judged, second: Judged): string {
  const difference = first.verdict.worth - second.verdict.worth;
  if (difference === 0) return 'neither';
  return difference > 0 ? first.alias : second.alias;
}

/** The number that an added line has in the candidate's file. */
function lineOf(changes: string, path: string, text: string): number {
  const file = changes.slice(changes.indexOf(`File ${path} `));
  const line = file.split('\n').find((one) => /^ *\d+ \+/.test(one) && one.includes(text));
  return Number(/\d+/.exec(line ?? '1')?.[0]);
}
