import { startInBubblewrap } from './bubblewrap.ts';
import { startInContainer } from './container.ts';
import type { Job, Sandbox, Started } from './sandbox.ts';
import { startInSeatbelt } from './seatbelt.ts';
import { startUnconfined } from './unconfined.ts';

/** Starts a command in a sandbox. Where that can't be had, `child` says so; nothing else is tried. */
export async function startIn(sandbox: Sandbox, job: Job): Promise<Started> {
  switch (sandbox.isolation) {
    case 'bubblewrap':
      return await startInBubblewrap(job);
    case 'seatbelt':
      return await startInSeatbelt(job);
    case 'docker':
    case 'podman':
      return startInContainer(sandbox, job);
    case 'none':
      return await startUnconfined(job);
    default:
      return sandbox satisfies never;
  }
}
