import * as vscode from 'vscode';

/** GitHub's own extension for pull requests. */
const extensionId = 'GitHub.vscode-pull-request-github';

/** Whether GitHub's own extension for pull requests is installed. */
export function hasGitHubPullRequests(): boolean {
  return vscode.extensions.getExtension(extensionId) !== undefined;
}

/** Opens a pull request in that extension, which takes it by a URI. */
export async function openInGitHubPullRequests(owner: string, repo: string, pullRequestNumber: number): Promise<void> {
  const query = JSON.stringify({ owner, repo, pullRequestNumber });
  const uri = { scheme: vscode.env.uriScheme, authority: extensionId, path: '/open-pull-request-webview' };
  await vscode.env.openExternal(vscode.Uri.from({ ...uri, query }));
}
