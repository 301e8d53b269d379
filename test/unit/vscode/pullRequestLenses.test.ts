import assert from 'node:assert/strict';
import type { LocalDestination } from '../../../src/core/engine/pullRequestDestinations.ts';
import { lensesOf, remoteFor } from '../../../src/vscode/pullRequestLenses.ts';

const origin = { remote: 'origin', repository: { owner: 'octocat', name: 'upload-queue' } };
const fork = { remote: 'fork', repository: { owner: 'ann', name: 'upload-queue' } };
const facts = { lines: 10, destination: undefined, chosenRemote: undefined, details: {} };
const titles = (more: object) =>
  lensesOf({ ...facts, ...more }).map(({ title }) => title.replace(/^\$\([\w-]+\) /, ''));

describe('the lenses of a pull request', () => {
  it('say at once what is known without reading the folder', () => {
    assert.deepEqual(titles({}), [
      'Submit Pull Request',
      'Ready for review',
      'Reviewers: none',
      'Labels: none',
      'Assignees: none',
      'The first line is the title, the rest is the body',
    ]);
  });

  it('name the only repository with the branch that is followed there', () => {
    const destination: LocalDestination = { remotes: [origin], remote: 'origin', upstream: 'main' };
    assert.equal(titles({ destination })[1], 'octocat/upload-queue · into main');
    assert.equal(titles({ destination, details: { base: 'next' } })[1], 'octocat/upload-queue · into next');
    const unknown: LocalDestination = { remotes: [origin], remote: 'origin' };
    assert.equal(titles({ destination: unknown })[1], 'octocat/upload-queue · into its default branch');
  });

  it('let one of several repositories be chosen, and show the choice', () => {
    const destination: LocalDestination = { remotes: [origin, fork] };
    assert.deepEqual(titles({ destination }).slice(1, 3), ['Choose Repository…', 'Ready for review']);
    assert.deepEqual(titles({ destination, chosenRemote: 'fork' }).slice(1, 3), [
      'ann/upload-queue',
      'into its default branch',
    ]);
    const followed: LocalDestination = { ...destination, remote: 'origin', upstream: 'main' };
    assert.deepEqual(titles({ destination: followed }).slice(1, 3), ['octocat/upload-queue', 'into main']);
    assert.deepEqual(
      titles({ destination: followed, chosenRemote: 'fork' }).slice(1, 3),
      ['ann/upload-queue', 'into its default branch'],
      'the followed branch is another repository’s',
    );
  });

  it('warn early where there is nowhere to go', () => {
    assert.equal(titles({ destination: { remotes: [] } })[1], 'No GitHub remote');
  });

  it('show draft and people, and stay inside of a short text', () => {
    const details = { isDraft: true, reviewers: ['ann', 'team/core'], labels: ['bug'], assignees: ['bob'] };
    assert.deepEqual(titles({ details }).slice(1, 5), [
      'Draft',
      'Reviewers: ann, team/core',
      'Labels: bug',
      'Assignees: bob',
    ]);
    assert.ok(lensesOf({ ...facts, lines: 1 }).every(({ line }) => line === 0));
  });
});

describe('the remote of a pull request', () => {
  it('is the chosen one only while the folder has it', () => {
    const destination: LocalDestination = { remotes: [origin, fork], remote: 'origin' };
    assert.deepEqual(
      ['fork', 'gone', undefined].map((chosen) => remoteFor(destination, chosen)),
      ['fork', 'origin', 'origin'],
    );
  });
});
