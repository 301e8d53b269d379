import type { Task } from '../domain.ts';
import type { Policy } from '../policy/policy.ts';
import type { EngineHost } from './engineHost.ts';

/** The policy of a task at this moment: what always holds, the user's own patterns and size limit, and the task's scope. */
export async function policyOf(task: Task, host: EngineHost): Promise<Policy> {
  // Loaded with the first one, so that activation doesn't wait for it.
  const { createPolicy } = await import('../policy/createPolicy.ts');
  const { forbiddenPaths, maxFileBytes } = host.settings();
  return createPolicy({
    forbidden: forbiddenPaths,
    maxFileBytes,
    ...(task.scope !== undefined && { scope: task.scope }),
  });
}
