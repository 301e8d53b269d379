import { Sandboxes } from '../../src/core/evidence/sandbox/availability.ts';

/** Whether checks can run protected on this machine, without a container. */
export async function hasSandbox(): Promise<boolean> {
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const found = await new Sandboxes(log).available();
  return found.some(({ sandbox, works }) => works && sandbox.isolation !== 'none');
}
