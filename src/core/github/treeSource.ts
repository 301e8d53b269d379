import type { Octokit } from '@octokit/rest';
import type { ObjectName } from '../domain.ts';
import type { RepositoryName } from '../pullRequest.ts';
import type { SourceEntry, TreeSource } from '../workspace/workspace.ts';
import { attempt, CutAnswer, type RequestOption } from './attempt.ts';
import { contextOf, explaining } from './failure.ts';

/** The objects of a repository on GitHub, one request each. Nobody has checked what comes. Rejects with `UserError` and aborts. */
export function gitHubTreeSource(octokit: Octokit, repository: RepositoryName, signal: AbortSignal): TreeSource {
  const place = { owner: repository.owner, repo: repository.name };
  const ask = async <T extends object>(call: (request: RequestOption) => Promise<T>): Promise<T> => {
    const asking = async (request: RequestOption) => ({ status: 200, data: await call(request) });
    return explaining(contextOf(octokit, repository), async () => (await attempt(asking, signal)).data);
  };
  return {
    readTree: (tree) =>
      ask(async (request) => {
        const { data } = await octokit.git.getTree({ ...place, tree_sha: tree, request });
        const entries: unknown = data?.tree;
        if (!Array.isArray(entries)) throw new CutAnswer('a tree without its entries');
        return entries.map(entryOf);
      }),
    readBlob: (blob) =>
      ask(async (request) => {
        const { data } = await octokit.git.getBlob({ ...place, file_sha: blob, request });
        const { content, encoding }: { content?: unknown; encoding?: unknown } = data ?? {};
        if (typeof content !== 'string' || encoding !== 'base64') throw new CutAnswer('a blob without its content');
        return Buffer.from(content, 'base64');
      }),
  };
}

function entryOf(entry: unknown): SourceEntry {
  const { mode, path, sha } = (entry ?? {}) as Readonly<Record<string, unknown>>;
  return { mode: String(mode), name: String(path), object: String(sha) as ObjectName };
}
