import type { ProblemCode } from '../core/problem.ts';
import { failureOf } from '../core/providers/classify.ts';
import { type Asked, failure } from '../core/providers/failure.ts';
import type { ProviderFailure } from '../core/providers/provider.ts';
import { objectOf, textOf } from '../core/providers/untrusted.ts';

/** What a failed request to one of VS Code's language models means. The sentences name no key, since there is none. */
export function languageModelFailure(thrown: unknown, asked: Asked): ProviderFailure {
  const found = classify(thrown, asked);
  const say = sentences[found.problem.code];
  if (!say) return found;
  const { action: _setKey, ...problem } = found.problem;
  return { ...found, problem: { ...problem, message: say(asked.model ?? 'the model'), action: { type: 'retry' } } };
}

function classify(thrown: unknown, asked: Asked): ProviderFailure {
  const error = objectOf(thrown);
  // The code of a LanguageModelError; Copilot says more in the name.
  const names = `${textOf(error?.code)} ${textOf(error?.name)}`;
  const detail = textOf(error?.message);
  if (/\bNotFound\b/.test(names)) return failure('model-not-found', asked, detail);
  if (/\bNoPermissions\b/.test(names)) return failure('permission', asked, detail);
  if (/\bBlocked\b|Quota/.test(names)) return failure('out-of-quota', asked, detail);
  if (/RateLimit/.test(names)) return failure('rate-limited', asked, detail);
  if (/exceeds (the )?token limit/i.test(detail)) return failure('context-too-long', asked, detail);
  const found = failureOf(error?.cause ?? thrown, asked);
  // What the providing extension threw is its fault, not ours, even where nothing else is known of it.
  return found.problem.code === 'internal' ? failure('server-error', asked, detail || String(thrown)) : found;
}

const sentences: Partial<Readonly<Record<ProblemCode, (model: string) => string>>> = {
  authentication: (model) =>
    `VS Code is not signed in to the service of ${model}. Sign in with the extension that provides it, then run again.`,
  permission: (model) =>
    `dursor may not use ${model}. Run again and allow it when VS Code asks, or allow it in Manage Language Model Access.`,
  'model-not-found': (model) =>
    `VS Code has no language model ${model} now. Sign in to or install the extension that provides it, then run again.`,
  'rate-limited': (model) =>
    `The service of ${model} accepts no more requests now. Wait, check its quota, or choose another model.`,
  overloaded: (model) => `The service of ${model} had an error of its own. Run again in a moment.`,
  network: (model) => `The service of ${model} can't be reached. Check the network, then run again.`,
  'malformed-answer': (model) => `${model} sent an answer that can't be read. Run again.`,
};
