import { type PatchSecret, placeOf, type Run } from '../../src/core/domain.ts';
import { countText } from './figures.ts';

/** What may have added secrets. */
export type WithSecrets = Pick<Run, 'secretsInPatch'>;

/** The secrets of a patch that are in one file. */
export function secretsInFile({ secretsInPatch = [] }: WithSecrets, path: string): readonly PatchSecret[] {
  return secretsInPatch.filter((secret) => secret.path === path);
}

/** Where the secrets are, a line for each. */
export function secretPlaces(secrets: readonly PatchSecret[]): string {
  return secrets.map(placeOf).join('\n');
}

/** "2 secrets kept back"; empty for none. */
export function withheldText({ secretsWithheld = 0 }: Run): string {
  return secretsWithheld === 0 ? '' : `${countText(secretsWithheld, 'secret')} kept back`;
}

/** What it means that secrets were kept back. */
export const withheldTitle =
  'Text that has the form of a key, token or password was replaced by a marker before anything was sent to the model. Your files are as they were.';
