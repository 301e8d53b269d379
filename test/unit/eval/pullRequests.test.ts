import assert from 'node:assert/strict';
import { UserError } from '../../../src/core/problem.ts';
import type { FaultKind } from '../../eval/pullRequestFaults.ts';
import type { Lane } from '../../eval/pullRequestLanes.ts';
import { type Sequence, sequences } from '../../eval/pullRequestSequences.ts';
import { evalPullRequests } from '../../eval/pullRequests.ts';
import { refused } from '../../support/gitHubServer/faults.ts';
import { userToken } from '../../support/gitHubServer/gitHubServer.ts';

const opens = { method: 'POST', path: /\/pulls$/ };
const forbidden: FaultKind = { name: 'forbidden', answer: refused(403, 'No'), at: opens };
const lost: FaultKind = { name: 'lost', answer: 'lose', at: opens };

describe('the harness of pull requests', function () {
  this.timeout(120_000);

  it('finds nothing wrong with an opening whose pull request is refused, or whose answer is lost', async () => {
    const said: string[] = [];
    const report = await evalPullRequests((line) => said.push(line), {
      sequences: sequences.filter(({ name }) => name === 'opening with a token'),
      kinds: [forbidden, lost],
    });
    assert.deepEqual(report, { sequences: 1, faults: 2, leftovers: 0, duplicates: 0, wrongTrees: 0 }, said.join('\n'));
  });

  it('counts what is left behind, what is there twice and what is wrong', async () => {
    const said: string[] = [];
    const report = await evalPullRequests((line) => said.push(line), { sequences: [careless], kinds: [forbidden] });
    // Without a fault it is wrong already; with one its branch stays, and the next try makes another.
    assert.deepEqual(report, { sequences: 1, faults: 1, leftovers: 1, duplicates: 1, wrongTrees: 2 }, said.join('\n'));
  });
});

/** Pushes the base’s own tree with a new name each time, and never looks back. */
const careless: Sequence = {
  name: 'careless',
  begin: async () => {
    const [usual] = sequences;
    const lane = (await usual?.begin()) as Lane;
    let tries = 0;
    const prepare = async () => {
      const github = await lane.world.startGitHub();
      const post = async (path: string, body: object) => {
        const response = await fetch(`${github.url}/repos/octocat/hello-world/${path}`, {
          method: 'POST',
          headers: { authorization: `token ${userToken}` },
          body: JSON.stringify(body),
        });
        const answer = (await response.json()) as { sha: string; message: string };
        if (!response.ok) throw new UserError({ code: 'github-failed', message: answer.message });
        return answer;
      };
      return async () => {
        tries += 1;
        const { bare } = github.repository('octocat', 'hello-world');
        const parent = bare.ref('heads/main') ?? '';
        const tree = bare.objects.commit(parent)?.tree;
        const { sha } = await post('git/commits', { message: `Try ${tries}`, tree, parents: [parent] });
        await post('git/refs', { ref: `refs/heads/dursor/${tries}`, sha });
        await post('pulls', {
          title: 'Name line three',
          body: 'Because it has a name.',
          head: `dursor/${tries}`,
          base: 'main',
        });
      };
    };
    return {
      world: lane.world,
      prepare,
      dispose: () => lane.dispose(),
      leftovers: () => lane.leftovers(),
      duplicates: () => lane.duplicates(),
      wrong: () => lane.wrong(),
    };
  },
};
