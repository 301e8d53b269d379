import type { ProblemAction } from '../core/problem.ts';

/** The words on the button of a problem's action, the same in a notification and in a webview. */
export function actionLabel(action: ProblemAction): string {
  switch (action.type) {
    case 'open-folder':
      return 'Open Folder';
    case 'set-key':
      return 'Set Key';
    case 'open-settings':
      return 'Open Settings';
    case 'retry':
      return 'Retry';
    case 'sign-in':
      return 'Sign In';
    case 'set-up-github-app':
      return 'Set Up GitHub App';
    case 'open-url':
      return action.label;
    case 'show-log':
      return 'Show Log';
    default:
      return action satisfies never;
  }
}
