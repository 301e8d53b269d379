import * as v from 'valibot';
import type { Finding } from '../../evidence.ts';
import type { ToolSpec } from '../../providers/provider.ts';

/** A reviewer's answer as it wrote it: with the aliases, and places that nobody looked up yet. */
export interface SubmittedReview {
  readonly candidates: readonly SubmittedCandidate[];
  readonly preferences: readonly { readonly first: string; readonly second: string; readonly preferred: string }[];
  readonly none_is_mergeable: boolean;
}

export interface SubmittedCandidate {
  readonly candidate: string;
  readonly does_what_was_asked: boolean;
  readonly is_complete: boolean;
  readonly stays_in_scope: boolean;
  readonly would_merge: boolean;
  readonly findings: readonly Finding[];
}

const toolName = 'submit_review';
const neither = 'neither';
const severities = ['blocker', 'major', 'minor'] as const;
/** A longer answer is no review, whatever else it is. */
const limits = { arguments: 200_000, findings: 200, reason: 10_000, path: 1_000 };

const claim = (description: string) => ({ type: 'boolean', description });
const listOf = (properties: Readonly<Record<string, unknown>>, description: string) => ({
  type: 'array',
  description,
  items: { type: 'object', properties, required: Object.keys(properties), additionalProperties: false },
});

const findingProperties = {
  path: { type: 'string', description: 'The file, as the candidate has it.' },
  line: { type: 'integer', description: "The line in the candidate's file." },
  severity: { type: 'string', enum: severities },
  reason: {
    type: 'string',
    description: 'What is wrong, when it happens and what follows, in one to three sentences.',
  },
};
const candidateProperties = {
  candidate: { type: 'string', description: 'Its letter.' },
  findings: listOf(findingProperties, 'What is wrong with it; empty when nothing is.'),
  does_what_was_asked: claim('It does what the instruction asks.'),
  is_complete: claim('It does all of it.'),
  stays_in_scope: claim('It does nothing else.'),
  would_merge: claim('You would merge it as it is.'),
};
const preferenceProperties = {
  first: { type: 'string', description: 'The letter of one candidate of the pair.' },
  second: { type: 'string', description: 'The letter of the other.' },
  preferred: { type: 'string', description: `The letter of the better one, or "${neither}".` },
};
const properties = {
  candidates: listOf(candidateProperties, 'One entry for each candidate.'),
  preferences: listOf(preferenceProperties, 'One entry for each pair of candidates.'),
  none_is_mergeable: claim('True exactly when you would merge none of them.'),
};

/** The only tool a reviewer has: to hand in its review. */
export const submitReview: ToolSpec = {
  name: toolName,
  description: 'Hands in your review of all candidates. Call it exactly once.',
  parameters: { type: 'object', properties, required: Object.keys(properties), additionalProperties: false },
};

const boundedText = (maxLength: number) => v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(maxLength));

function schemaFor(aliases: readonly string[]) {
  const alias = v.pipe(v.string(), v.trim(), v.picklist(aliases));
  const finding = v.strictObject({
    path: boundedText(limits.path),
    line: v.pipe(v.number(), v.integer()),
    severity: v.picklist(severities),
    reason: boundedText(limits.reason),
  });
  const candidate = v.strictObject({
    candidate: alias,
    findings: v.pipe(v.array(finding), v.maxLength(limits.findings)),
    does_what_was_asked: v.boolean(),
    is_complete: v.boolean(),
    stays_in_scope: v.boolean(),
    would_merge: v.boolean(),
  });
  const preference = v.strictObject({
    first: alias,
    second: alias,
    preferred: v.pipe(v.string(), v.trim(), v.picklist([...aliases, neither])),
  });
  return v.strictObject({
    candidates: v.array(candidate),
    preferences: v.array(preference),
    none_is_mergeable: v.boolean(),
  });
}

/** Reads the arguments of a call. A string says what is wrong with them, for the model. */
export function readReview(argumentsJson: string, aliases: readonly string[]): SubmittedReview | string {
  if (argumentsJson.length > limits.arguments) return 'The review is too long. Keep to the findings that matter most.';
  let value: unknown;
  try {
    value = JSON.parse(argumentsJson);
  } catch (error) {
    return `The arguments are not valid JSON (${error instanceof Error ? error.message : 'unreadable'}).`;
  }
  const checked = v.safeParse(schemaFor(aliases), value);
  if (!checked.success) return checked.issues.slice(0, 10).map(describeIssue).join(' ');
  return whatIsMissing(checked.output, aliases) ?? checked.output;
}

/** What speaks against a review that has the right form: what is left out, said twice, or in contradiction to itself. */
function whatIsMissing(review: SubmittedReview, aliases: readonly string[]): string | undefined {
  const wrong: string[] = [];
  for (const alias of aliases) {
    const entries = review.candidates.filter(({ candidate }) => candidate === alias).length;
    if (entries !== 1) wrong.push(`candidates: ${entries} entries for ${alias}, not 1.`);
  }
  for (const [first, second] of pairsOf(aliases)) {
    const entries = review.preferences.filter((each) => isPair(each, first, second));
    if (entries.length !== 1) wrong.push(`preferences: ${entries.length} entries for ${first} and ${second}, not 1.`);
    const other = entries.find(({ preferred }) => ![first, second, neither].includes(preferred));
    if (other) wrong.push(`preferences: of ${first} and ${second}, ${other.preferred} can't be preferred.`);
  }
  if (review.preferences.some(({ first, second }) => first === second)) {
    wrong.push('preferences: a candidate is compared with itself.');
  }
  if (review.none_is_mergeable === review.candidates.some((each) => each.would_merge)) {
    wrong.push('none_is_mergeable must be true exactly when would_merge is false for every candidate.');
  }
  return wrong.length > 0 ? wrong.slice(0, 10).join(' ') : undefined;
}

/** Every two of the items. */
export function pairsOf<T>(items: readonly T[]): readonly (readonly [T, T])[] {
  return items.flatMap((first, index) => items.slice(index + 1).map((second) => [first, second] as const));
}

function isPair(each: { readonly first: string; readonly second: string }, a: string, b: string): boolean {
  return (each.first === a && each.second === b) || (each.first === b && each.second === a);
}

function describeIssue(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  return path === null ? `${issue.message}.` : `${path}: ${issue.message}.`;
}
