import type { Octokit } from '@octokit/rest';
import type { TreeChange } from '../workspace/workspace.ts';
import { attempt, isRequestFailure } from './attempt.ts';

/** Characters: GitHub's limits for a pull request's title and body. */
export const longestTitle = 256;
export const longestBody = 65_536;
/** Bytes: https://docs.github.com/en/repositories/working-with-files/managing-large-files/about-large-files-on-github */
const largestFile = 100 * 1024 * 1024;
/** Bytes. The API says no number, and that the input is too large to process: seen from 61 MB on, see https://github.com/simplerisk/code/pull/60 */
const largestUpload = 50 * 1024 * 1024;
/** So few files are uploaded without asking how many requests are left. */
const fewFiles = 500;
/** Requests for all but the files. */
const otherRequests = 50;

/** The files of a patch that GitHub takes in no way, as `path has 101 MB`. */
export function filesOverLimit(changes: readonly TreeChange[]): readonly string[] {
  return filesOver(changes, largestFile);
}

/** Why GitHub's API would not take a patch that `git push` can bring there, in sentences; empty where it does. Rejects with what Octokit threw. */
export async function apiRefusals(
  octokit: Octokit,
  changes: readonly TreeChange[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const reasons = filesOver(changes, largestUpload).map((file) => `${file}, more than the API takes in one file.`);
  const files = changes.filter(({ version }) => version !== undefined && version.mode !== '160000').length;
  if (files <= fewFiles) return reasons;
  const left = await requestsLeft(octokit, signal);
  if (files + otherRequests > left) {
    const [needed, most] = [files, left].map((count) => count.toLocaleString('en'));
    reasons.push(`The patch has ${needed} files to upload one by one, and the API takes ${most} requests for now.`);
  }
  return reasons;
}

/** https://docs.github.com/en/rest/rate-limit/rate-limit. An enterprise server without limits has no such address. */
async function requestsLeft(octokit: Octokit, signal: AbortSignal): Promise<number> {
  try {
    const { data } = await attempt((request) => octokit.rateLimit.get({ request }), signal);
    return data.resources.core.remaining;
  } catch (error) {
    if (isRequestFailure(error) && error.status === 404) return Number.POSITIVE_INFINITY;
    throw error;
  }
}

function filesOver(changes: readonly TreeChange[], most: number): string[] {
  return changes.flatMap(({ path, version }) =>
    version && version.bytes.length > most ? [`${path} has ${megabytes(version.bytes.length)}`] : [],
  );
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024)} MB`;
}
