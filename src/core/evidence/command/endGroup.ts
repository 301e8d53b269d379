import type { ChildProcess } from 'node:child_process';

/** Kills a process that was started detached, with all that is in its group; what has ended already is fine. */
export function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill();
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
