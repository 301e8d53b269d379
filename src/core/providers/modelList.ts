import { UserError } from '../problem.ts';
import { failureOf } from './classify.ts';
import type { Asked } from './failure.ts';
import type { ModelInfo } from './provider.ts';

/** Names of models that don't hold a conversation with tools. */
const otherPurpose =
  /embed|tts|whisper|dall-e|image|audio|realtime|moderation|transcribe|translate|sora|babbage|davinci|turbo-instruct|search-preview|search-api|deep-research|\blive\b|robotics/i;

/** The same among the names of everybody's models, where `instruct` is what holds a conversation best. */
const otherPurposeAnywhere = /embed|rerank|whisper|\btts\b|moderation|dall-e|stable-diffusion/i;

/** A model as a provider lists it, and when it came out, in any unit, if known. */
export interface ListedModel extends ModelInfo {
  readonly createdAt?: number;
}

/** Runs one listing: models for conversations only, newest first. Rejects with `UserError`, or as the signal says when aborted. */
export async function listModels(
  asked: Asked,
  signal: AbortSignal,
  list: () => Promise<readonly ListedModel[]>,
): Promise<readonly ModelInfo[]> {
  try {
    signal.throwIfAborted();
    const models = await list();
    const excluded = asked.provider === 'openai-compatible' ? otherPurposeAnywhere : otherPurpose;
    return models
      .filter((model) => model.id !== '' && !excluded.test(model.id))
      .toSorted((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0))
      .map(({ createdAt: _createdAt, label, ...model }) => ({ ...model, label: label || model.id }));
  } catch (error) {
    signal.throwIfAborted();
    throw new UserError(failureOf(error, asked).problem);
  }
}
