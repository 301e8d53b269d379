import { cut } from '../words.ts';
import { attempt, isRequestFailure } from './attempt.ts';
import { target } from './client.ts';
import { hideSecrets } from './secrets.ts';
import type { SeenCheck } from './statusChecks.ts';
import type { PullPlace } from './statusPlace.ts';

/** Of a log only its end is kept, in bytes, and of that what a person would look at, in lines and characters. */
const keptBytes = 256 * 1024;
const mostLines = 80;
const mostCharacters = 6000;
const mostSummary = 2000;
const mostAnnotations = 20;

/** What a failed check says of itself: its title and summary, what it says of lines, and the end of its log. Rejects with what Octokit threw. */
export async function describeFailure(place: PullPlace, check: SeenCheck, signal: AbortSignal): Promise<string> {
  const { title, summary, run } = check;
  const parts = [title, cut(summary, mostSummary)];
  if (run) {
    parts.push((await readAnnotations(place, run.id, signal)).join('\n'));
    if (run.isJob) parts.push(logTail(await readLog(place, run.id, signal)));
  }
  return hideSecrets(
    parts
      .map(plain)
      .filter((part) => part !== '')
      .join('\n\n'),
  );
}

async function readAnnotations(
  { octokit, repository }: PullPlace,
  run: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const annotations = await orNothing(async () => {
    const about = { ...target(repository), check_run_id: run, per_page: 50 };
    return (await attempt((request) => octokit.checks.listAnnotations({ ...about, request }), signal)).data;
  });
  return (annotations ?? [])
    .filter(({ annotation_level: level }) => level !== 'notice')
    .slice(0, mostAnnotations)
    .map(({ path, start_line: line, message }) => `${path}:${line}: ${cut(message ?? '', 500)}`);
}

async function readLog({ octokit, repository }: PullPlace, job: number, signal: AbortSignal): Promise<string> {
  const found = await orNothing(async () => {
    const answer = await attempt(async (request) => {
      const about = { ...target(repository), job_id: job };
      const { status, data } = await octokit.actions.downloadJobLogsForWorkflowRun({
        ...about,
        request: { ...request, fetch: fetchEnd },
      });
      return { status, data: { text: data } };
    }, signal);
    return answer.data;
  });
  return typeof found?.text === 'string' ? found.text : '';
}

/** `fetch` that keeps only the end of a good answer: logs may be as long as they like. */
const fetchEnd: typeof fetch = async (input, options) => {
  const response = await fetch(input, options);
  if (!response.ok || !response.body) return response;
  let kept = Buffer.alloc(0);
  for await (const chunk of response.body) {
    kept = Buffer.concat([kept, chunk]);
    if (kept.length > 2 * keptBytes) kept = kept.subarray(-keptBytes);
  }
  const { status, headers } = response;
  return new Response(kept.subarray(-keptBytes), {
    status,
    headers: { 'content-type': headers.get('content-type') ?? 'text/plain' },
  });
};

/** Logs go after a while, and a sign-in may not see them. */
async function orNothing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isRequestFailure(error) && [403, 404, 410].includes(error.status)) return undefined;
    throw error;
  }
}

/** The end of a job's log, up to the last error that it tells of: what comes after is tidying up. */
export function logTail(log: string): string {
  const lines = log
    .split(/\r\n|\n|\r/)
    .map((line) => plain(line.replace(/^\ufeff?\d{4}-\d\d-\d\dT[\d:.]+Z ?/, '')).trimEnd());
  const last = lines.findLastIndex((line) => line.startsWith('##[error]'));
  const upTo = last === -1 ? lines : lines.slice(0, last + 1);
  const tail = upTo.slice(-mostLines).join('\n').trim();
  return tail.length <= mostCharacters ? tail : `…${tail.slice(-mostCharacters).replace(/^[\udc00-\udfff]/, '')}`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are controlled by them
const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-_])/g;

/** Text without what controls a terminal, and without what doesn't show. */
export function plain(text: string): string {
  return text
    .replace(escapes, '')
    .replace(/(?![\n\t])\p{Cc}|[\p{Cf}\u2028\u2029]/gu, '')
    .trim();
}
