import * as v from 'valibot';
import { quoteMarkdown } from '../core/github/quoting.ts';

const candidate = v.object({
  label: v.string(),
  problem: v.optional(v.string()),
  reason: v.optional(v.string()),
  files: v.optional(v.number(), 0),
  dollars: v.optional(v.number()),
});

/** What `dursor pick --json` said, or why it said nothing else. */
export const pickSchema = v.object({
  recommended: v.optional(v.string()),
  why: v.optional(v.string(), ''),
  candidates: v.optional(v.array(candidate), []),
  problems: v.optional(v.array(v.string()), []),
  evidence: v.optional(v.string(), ''),
  error: v.optional(v.object({ message: v.string() })),
});

/** What `dursor pr --json` said. */
export const pullSchema = v.object({
  number: v.optional(v.number()),
  isUpdate: v.optional(v.boolean(), false),
  warnings: v.optional(v.array(v.string()), []),
  error: v.optional(v.object({ message: v.string() })),
});

export interface AnswerFacts {
  readonly pick: v.InferOutput<typeof pickSchema>;
  readonly pull?: v.InferOutput<typeof pullSchema> | undefined;
  /** Where the issue or pull request is that the answer goes to. */
  readonly number: number;
  readonly runUrl?: string;
}

const longest = 60_000;

/** What came of the work, as Markdown. Nobody is notified by what a model wrote. Pure. */
export function answerText({ pick, pull, number, runUrl }: AnswerFacts): string {
  const { candidates, evidence } = pick;
  const costs = candidates.flatMap(({ dollars }) => dollars ?? []);
  const sum = costs.reduce((total, cost) => total + cost, 0);
  const failed = [
    ...candidates.flatMap(({ label, problem }) => (problem ? [`- ${inline(label)}: ${inline(problem)}`] : [])),
    ...pick.problems.map((problem) => `- ${inline(problem)}`),
  ];
  const parts = [
    headline({ pick, pull, number }),
    ...(failed.length > 0 ? [failed.join('\n')] : []),
    ...(evidence !== '' && pull?.number === undefined ? [quoteMarkdown(evidence, { mayClose: false })] : []),
    ...(pull?.warnings.map(inline) ?? []),
    [
      `${candidates.length === 1 ? '1 model' : `${candidates.length} models`} ran`,
      ...(costs.length > 0
        ? [`for about $${sum.toFixed(2)}${costs.length < candidates.length ? ' or more' : ''}`]
        : []),
    ].join(' ') + (runUrl ? `. [The run](${runUrl}) has the details.` : '.'),
  ];
  const text = parts.filter((part) => part !== '').join('\n\n');
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}

function headline({ pick, pull, number }: Pick<AnswerFacts, 'pick' | 'pull' | 'number'>): string {
  const { recommended, candidates, why, error } = pick;
  if (error) return `There is no pull request: ${inline(error.message)}`;
  if (recommended === undefined) return `There is no pull request. ${inline(why)}`;
  if (pull?.number === undefined)
    return `There is a patch, and no pull request: ${inline(pull?.error?.message ?? 'it could not be opened.')}`;
  const best = candidates.length > 1 ? `, the best of ${candidates.length} candidates` : '';
  const done = pull.isUpdate && pull.number === number ? 'The branch has a new commit' : `Opened #${pull.number}`;
  return `${done}${best}. ${inline(why)}`;
}

/** One line of text that came from elsewhere. */
function inline(text: string): string {
  return quoteMarkdown(text.replace(/\s+/g, ' ').slice(0, 2_000), { mayClose: false });
}
