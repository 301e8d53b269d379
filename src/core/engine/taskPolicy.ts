import type { Task } from '../domain.ts';
import { createPolicy } from '../policy/createPolicy.ts';
import type { Policy } from '../policy/policy.ts';
import type { EngineHost } from './engineHost.ts';

/** The policy of a task at this moment: what always holds, the user's own patterns and size limit, and the task's scope. */
export function policyOf(task: Task, host: EngineHost): Policy {
  const { forbiddenPaths, maxFileBytes } = host.settings();
  return createPolicy({
    forbidden: forbiddenPaths,
    maxFileBytes,
    ...(task.scope !== undefined && { scope: task.scope }),
  });
}
