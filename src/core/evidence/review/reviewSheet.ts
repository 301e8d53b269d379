import type { ModelProfile } from '../../domain.ts';
import type { Problem } from '../../problem.ts';
import { SecretMask } from '../../secrets/secretMask.ts';
import { boundaryFor } from './aliases.ts';
import type { ReviewRequest } from './askForReview.ts';
import { type BaseFile, baseContext } from './baseContext.ts';
import type { NamedGroup } from './mapReview.ts';
import { type ReadBlob, type ReviewedGroup, type ReviewMaterial, readCandidates } from './readCandidates.ts';
import type { ReviewInput } from './reviewCandidates.ts';
import * as problems from './reviewProblems.ts';
import { reviewMessage, reviewSystemPrompt, type ShownCandidate } from './reviewPrompt.ts';
import { showChanges } from './showChanges.ts';
import { StyleTells } from './styleTells.ts';

/** What all reviewers get to see, without secrets and without what tells whose a change is. */
export interface ReviewSheet extends ReviewMaterial {
  readonly instruction: string;
  readonly earlier: readonly string[];
  /** What each group changes, as text. */
  readonly changes: ReadonlyMap<ReviewedGroup, string>;
  readonly boundary: string;
  readonly hide: (text: string) => Promise<string>;
}

/** The base as a reviewer gets to see it: none where it has no room for it. */
export type FittingBase =
  | { readonly ok: true; readonly base: readonly BaseFile[] | undefined }
  | { readonly ok: false; readonly problem: Problem };

/** Tokens of a byte of code, as nobody knows the model's own measure. */
const tokensPerByte = 0.3;
/** Tokens of a model that tells nothing of itself. */
const usualContext = 128_000;
const usualOutput = 16_000;
/** The share of a context that is used, as the measure is rough. */
const usable = 0.9;
/** Tokens of the base that are shown at most. */
const maxBase = 40_000;

/** Reads all that is reviewed and makes it fit to be sent. */
export async function makeSheet(input: ReviewInput, readBlob: ReadBlob, signal: AbortSignal): Promise<ReviewSheet> {
  const { candidates, names, seed, markerKey, replacedTexts = [] } = input;
  const mask = new SecretMask(markerKey);
  const hide = (text: string) => mask.hide(text);
  const hideEach = (texts: readonly string[]) => Promise.all(texts.map(hide));
  for (const text of replacedTexts) await hide(text);
  const material = await readCandidates(candidates, { readBlob, hide, signal });
  const [instruction, ...earlier] = await hideEach([input.instruction, ...(input.earlier ?? [])]);
  const baseTexts = [...material.base.values()].map((lines) => lines.join('\n'));
  const instructions = [instruction ?? '', ...earlier];
  const tells = new StyleTells(names, [...instructions, ...baseTexts]);
  const changes = new Map<ReviewedGroup, string>();
  for (const group of material.groups) {
    // Once more, as a secret that is known from one file hides in others; file by file, so that no text can hide another's.
    changes.set(group, (await hideEach(showChanges(group.files, tells))).join('\n\n'));
  }
  const boundary = boundaryFor([...instructions, ...baseTexts, ...changes.values()], seed);
  return { ...material, instruction: instruction ?? '', earlier, changes, boundary, hide };
}

/** As much of the base as fits beside the changes. The changes themselves are shown as a whole or not at all. */
export async function fitBase(
  sheet: ReviewSheet,
  profile: ModelProfile,
  contextTokens = usualContext,
): Promise<FittingBase> {
  const answer = Math.min(profile.options.maxOutputTokens ?? usualOutput, contextTokens / 4);
  const room = contextTokens * usable - answer;
  const named = sheet.groups.map((group) => ({ alias: '', group }));
  const { system, message } = requestFor(sheet, profile, named, undefined);
  const needed = Buffer.byteLength(system + message) * tokensPerByte;
  if (needed > room) return { ok: false, problem: problems.doesNotFit(profile, needed, room) };
  const base = baseContext(sheet, Math.min(maxBase, room - needed) / tokensPerByte);
  const hidden = base?.map(async ({ path, text }) => ({ path: await sheet.hide(path), text: await sheet.hide(text) }));
  return { ok: true, base: hidden && (await Promise.all(hidden)) };
}

/** What one reviewer is asked about one order of the candidates. */
export function requestFor(
  { boundary, instruction, earlier, changes }: ReviewSheet,
  profile: ModelProfile,
  named: readonly NamedGroup[],
  base: readonly BaseFile[] | undefined,
): ReviewRequest {
  const candidates = named.map(({ alias, group }): ShownCandidate => ({ alias, changes: changes.get(group) ?? '' }));
  return {
    profile,
    system: reviewSystemPrompt(boundary),
    message: reviewMessage({ boundary, instruction, earlier, base, candidates }),
    aliases: named.map(({ alias }) => alias),
  };
}
