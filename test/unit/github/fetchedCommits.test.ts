import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import type { ObjectName } from '../../../src/core/domain.ts';
import { connect } from '../../../src/core/github/auth.ts';
import { openPullRequest } from '../../../src/core/github/pullRequest.ts';
import { UserError } from '../../../src/core/problem.ts';
import type { Copy } from '../../../src/core/workspace/copy.ts';
import { type GitHubServer, startGitHubServer, userToken } from '../../support/gitHubServer/gitHubServer.ts';
import { content, files, path, writeFiles } from '../workspace/randomFiles.ts';
import { Sandbox } from '../workspace/sandbox.ts';

/** Without content it goes. */
const edit = fc.record({ path, content: fc.option(content, { nil: undefined }) });

/** What is at each path: mode and name of the object, as `git ls-tree` tells them. */
type Listing = ReadonlyMap<string, string>;

/** Git looks at every object, but a folder of that name is none of its business here. */
const strict = ['-c', 'fetch.fsckObjects=true', '-c', 'fetch.fsck.gitattributesBlob=ignore'] as const;

describe('commits made through the API', function () {
  this.timeout(300_000);
  const signal = new AbortController().signal;

  it('have, fetched with git, the candidate’s changes on the base and nothing else', async () => {
    let opened = 0;
    await fc.assert(
      fc.asyncProperty(
        files,
        files,
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        async (committed, dirty, edits) => {
          const box = new Sandbox();
          let server: GitHubServer | undefined;
          try {
            box.git('init', '-q');
            writeFiles(box.folder, committed);
            box.git('add', '-A', '-f');
            box.git('commit', '-qm', 'first', '--allow-empty');
            writeFiles(box.folder, dirty);
            server = await startGitHubServer({ repositories: [{ owner: 'octocat', name: 'any', from: box.folder }] });
            const snapshot = await box.snapshot();
            const copy = await box.copy(snapshot);
            for (const next of edits) await carryOut(next, copy);
            const before = await listingOf(await box.copy(snapshot));
            const after = await listingOf(copy);
            const { text } = await copy.patch();
            const parent = box.git('rev-parse', 'HEAD') as ObjectName;
            const placement = await box.task.placePatch(snapshot, text, parent, signal);
            if (!placement.placed || placement.changes.length === 0) return;
            const branch = await open(server, box, parent, placement.changes);
            if (branch === undefined) return;
            opened += 1;
            const fetched = join(box.root, 'fetched');
            box.gitIn(box.root, 'init', '-q', '--bare', fetched);
            const { folder } = server.bare('octocat', 'any');
            box.gitIn(fetched, ...strict, 'fetch', '-q', folder, `${branch}:refs/heads/made`);
            assert.equal(box.gitIn(fetched, 'log', '-1', '--format=%P', 'made'), parent);
            const base = listTree(box, box.folder, 'HEAD');
            compare(listTree(box, fetched, 'made'), { base, before, after });
          } finally {
            await server?.stop();
            await box.dispose();
          }
        },
      ),
      { numRuns: 20 },
    );
    assert.ok(opened > 7, `only ${opened} pull requests were opened`);
  });

  async function open(
    server: GitHubServer,
    box: Sandbox,
    commit: ObjectName,
    changes: Parameters<typeof openPullRequest>[0]['changes'],
  ): Promise<string | undefined> {
    const repository = { remote: 'origin', owner: 'octocat', name: 'any' };
    const octokit = await connect({ type: 'token', token: async () => userToken }, server.url, repository, signal);
    const parent = { commit, tree: box.git('rev-parse', 'HEAD^{tree}') as ObjectName };
    const texts = { branch: 'dursor/any-1', title: 'Any', body: '' };
    try {
      const made = await openPullRequest({ octokit, repository, parent, base: 'main', changes, ...texts, signal });
      return made.branch;
    } catch (error) {
      // Changes that are in the base already.
      if (error instanceof UserError && error.problem.code === 'nothing-to-ship') return undefined;
      throw error;
    }
  }
});

async function carryOut({ path: name, content: text }: { path: string; content: string | undefined }, copy: Copy) {
  try {
    if (text === undefined) await copy.delete(name);
    else await copy.write(name, Buffer.from(text, 'latin1'));
  } catch (error) {
    // A file can't be where a folder is, nor the other way round.
    if (!(error instanceof UserError)) throw error;
  }
}

async function listingOf(copy: Copy): Promise<Listing> {
  const { createHash } = await import('node:crypto');
  const listing = new Map<string, string>();
  for (const { path: name, mode } of await copy.list()) {
    const bytes = (await copy.read(name))?.bytes ?? new Uint8Array();
    const sha = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
    listing.set(name, `${mode} ${sha}`);
  }
  return listing;
}

function listTree(box: Sandbox, folder: string, revision: string): Listing {
  const lines = box.gitIn(folder, 'ls-tree', '-r', '-z', '--full-tree', revision).split('\0');
  return new Map(
    lines
      .filter((line) => line !== '')
      .map((line) => {
        const [mode, , sha] = line.split('\t')[0]?.split(' ') ?? [];
        return [line.slice(line.indexOf('\t') + 1), `${mode} ${sha}`];
      }),
  );
}

/** Each path is as the side has it that changed it. What both changed is git's to merge, path by path tested elsewhere. */
function compare(
  made: Listing,
  { base, before, after }: { readonly base: Listing; readonly before: Listing; readonly after: Listing },
): void {
  for (const name of new Set([...made.keys(), ...base.keys(), ...before.keys(), ...after.keys()])) {
    const [was, is, there] = [before.get(name), after.get(name), base.get(name)];
    if (was === is) assert.equal(made.get(name), there, `${name} is nobody's business`);
    else if (was === there) assert.equal(made.get(name), is, `${name} is the candidate's`);
  }
}
