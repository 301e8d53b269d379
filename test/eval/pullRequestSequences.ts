import { Answering, type Lane, Opening, OpeningTwice, Updating } from './pullRequestLanes.ts';
import { Triggering } from './pullRequestTrigger.ts';
import { PullRequestWorld, type WorldOptions } from './pullRequestWorld.ts';

/** What is done with GitHub in one go, again and again: each time on a GitHub that nobody has touched. */
export interface Sequence {
  readonly name: string;
  /** Starts with a world of its own. */
  readonly begin: () => Promise<Lane>;
}

const openings: readonly (readonly [name: string, options: WorldOptions, commits?: 'patch-only' | 'stacked'])[] = [
  ['opening with a token', { auth: 'token' }],
  ['opening as an App', { auth: 'app' }],
  ['opening through a fork', { auth: 'token', isForeign: true }],
  ['opening on commits of one’s own', { auth: 'token', hasUnpushed: true }, 'stacked'],
  ['opening with only the patch', { auth: 'app', hasUnpushed: true }, 'patch-only'],
  ['opening on a base that moved', { auth: 'token', hasMoved: true }],
];

export const sequences: readonly Sequence[] = [
  ...openings.map(([name, options, commits]) => ({
    name,
    begin: async () => new Opening(new PullRequestWorld(options), commits),
  })),
  { name: 'opening from two windows', begin: async () => new OpeningTwice(new PullRequestWorld({ auth: 'token' })) },
  { name: 'updating with a token', begin: async () => new Updating(new PullRequestWorld({ auth: 'token' })) },
  { name: 'updating as an App', begin: async () => new Updating(new PullRequestWorld({ auth: 'app' })) },
  {
    name: 'updating a branch in a fork',
    begin: async () => new Updating(new PullRequestWorld({ auth: 'token', isForeign: true })),
  },
  { name: 'answering threads', begin: async () => new Answering(new PullRequestWorld({ auth: 'token' })) },
  {
    name: 'a comment that starts a round, with a token',
    begin: async () => new Triggering(new PullRequestWorld({ auth: 'token', atOnce: 1 })),
  },
  {
    name: 'a comment that starts a round, as an App',
    begin: async () => new Triggering(new PullRequestWorld({ auth: 'app', atOnce: 1 })),
  },
];
