/** Plays one sequence of the pull requests' harness, by name, in a thread of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import { sequences } from './pullRequestSequences.ts';
import { evalPullRequests } from './pullRequests.ts';

const say = (line: string) => parentPort?.postMessage({ line });
const report = await evalPullRequests(say, { sequences: sequences.filter(({ name }) => name === workerData) });
parentPort?.postMessage({ report });
