import { UserError } from '../problem.ts';
import type { Destination } from './destination.ts';

const workflowFolder = '.github/workflows/';

/** Whether a path is one of those that GitHub protects with a permission of their own. */
export function isWorkflow(path: string): boolean {
  return path.startsWith(workflowFolder);
}

/** Where a token tells its scopes: that it may change workflows, if there are any among `paths`. Throws `UserError` (`no-permission`). */
export function assertWorkflowScope({ scopes, repository }: Destination, paths: readonly string[]): void {
  const path = paths.find(isWorkflow);
  if (path === undefined || scopes === undefined || scopes.includes('workflow')) return;
  throw new UserError({
    code: 'no-permission',
    message: `The patch changes ${path}, and GitHub takes changes of workflows only from a sign-in with the scope "workflow", which this one lacks. Sign in to GitHub again for ${repository.owner}/${repository.name}, or leave that file out.`,
    action: { type: 'sign-in' },
  });
}
