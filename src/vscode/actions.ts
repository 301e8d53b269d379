import * as vscode from 'vscode';
import type { ModelProfile } from '../core/domain.ts';
import type { ProviderId } from '../core/providerId.ts';
import type { ActionRunner } from './problems.ts';

export interface ActionTargets {
  readonly log: vscode.LogOutputChannel;
  /** Each answers false when the user left it. */
  setKey(provider: ProviderId, profile?: ModelProfile): Promise<boolean>;
  signIn(): Promise<boolean>;
  setUpGitHubApp(): Promise<boolean>;
}

/** What the button of each problem does. */
export function createActionRunner(targets: ActionTargets): ActionRunner {
  return async (action, retry, profile) => {
    switch (action.type) {
      case 'open-folder':
        await vscode.commands.executeCommand('workbench.action.files.openFolder');
        return;
      case 'set-key':
        if (await targets.setKey(action.provider, profile)) retry?.();
        return;
      case 'open-settings':
        await vscode.commands.executeCommand('workbench.action.openSettings', action.setting);
        return;
      case 'retry':
        retry?.();
        return;
      case 'sign-in':
        if (await targets.signIn()) retry?.();
        return;
      case 'set-up-github-app':
        if (await targets.setUpGitHubApp()) retry?.();
        return;
      case 'open-url':
        await openWebPage(action.url);
        return;
      case 'show-log':
        targets.log.show();
        return;
      default:
        action satisfies never;
    }
  };
}

/** Opens a web page in the browser; anything but http and https is ignored. */
export async function openWebPage(url: string): Promise<void> {
  const uri = vscode.Uri.parse(url, true);
  if (uri.scheme === 'https' || uri.scheme === 'http') await vscode.env.openExternal(uri);
}
