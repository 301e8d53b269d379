import { UserError } from '../problem.ts';
import { failureOf } from './classify.ts';
import type { Asked } from './failure.ts';
import type { ModelInfo } from './provider.ts';

/** Names of models that don't hold a conversation with tools. */
const otherPurpose =
  /embed|tts|whisper|dall-e|image|audio|realtime|moderation|transcribe|translate|sora|babbage|davinci|instruct|search-preview|search-api|deep-research|\blive\b|robotics/i;

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
    return models
      .filter((model) => model.id !== '' && !otherPurpose.test(model.id))
      .toSorted((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0))
      .map(({ id, label }) => ({ id, label: label || id }));
  } catch (error) {
    signal.throwIfAborted();
    throw new UserError(failureOf(error, asked).problem);
  }
}
