import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { Port } from '../protocol/rpc.ts';

/** The two bundles of webview-ui. */
export type WebviewEntry = 'task' | 'compare';

/** Fills a webview with one of the bundles, under a content security policy that lets nothing else in. */
export function loadPage(webview: vscode.Webview, extensionUri: vscode.Uri, entry: WebviewEntry): void {
  const root = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
  webview.options = { enableScripts: true, localResourceRoots: [root] };
  const url = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(root, file)).toString();
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    "default-src 'none'",
    // The entry hands the nonce on to what it loads later, so no other script of the webview's origin can run.
    `script-src 'nonce-${nonce}'`,
    // The nonce is for the toolkit, which tries out a selector with a style element of its own.
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource}`,
  ].join('; ');
  webview.html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<title>dursor</title>
<link rel="stylesheet" href="${url(`${entry}.css`)}">
</head>
<body>
<div id="root"></div>
<script type="module" nonce="${nonce}" src="${url(`${entry}.js`)}"></script>
</body>
</html>`;
}

/** A webview as one end of the rpc. */
export function portOf(webview: vscode.Webview): Port {
  return {
    post: (message) => void webview.postMessage(message),
    listen: (listener) => {
      const subscription = webview.onDidReceiveMessage(listener);
      return () => subscription.dispose();
    },
  };
}
