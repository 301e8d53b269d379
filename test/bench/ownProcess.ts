import type { Page } from 'playwright-core';

const windowHost = 'window.localhost';

/** What the browser has to be started with for `isolateWebviews`. */
export const isolatingArgument = `--isolate-origins=http://[*.]${windowHost}`;

/**
 * Gives the webviews of a VS Code window an origin of their own, as the desktop does, and with that a process of their own, so that what
 * they use can be told from what the workbench uses. The bare server has them on the workbench's origin and so on its main thread.
 * To be called before the page loads. Every name under localhost is this machine, for the browser.
 */
export async function isolateWebviews(page: Page): Promise<void> {
  // A document that was not loaded from this machine needs it to reach the server.
  await page.context().grantPermissions(['local-network-access']);
  await page.route(
    ({ hostname, pathname }) => pathname === '/' && hostname === '127.0.0.1',
    (route) => {
      const url = route.request().url().replaceAll('127.0.0.1', windowHost);
      // What a redirection leads to would not be routed.
      const body = `<script>location.replace(${JSON.stringify(url)})</script>`;
      return route.fulfill({ contentType: 'text/html', body });
    },
  );
  await page.route(
    ({ hostname, pathname }) => pathname === '/' && hostname === windowHost,
    async (route) => {
      const url = new URL(route.request().url());
      const { host } = url;
      url.hostname = '127.0.0.1';
      const response = await route.fetch({ url: url.href, headers: { ...route.request().headers(), host } });
      const headers = response.headers();
      // The workbench's policy allows no frames of another origin on this machine.
      delete headers['content-security-policy'];
      await route.fulfill({ response, headers, body: withOwnOrigin(await response.text(), route.request().url()) });
    },
  );
}

/** The workbench's page with another place for webviews in its configuration. */
function withOwnOrigin(html: string, url: string): string {
  const [, quoted = ''] = /id="vscode-workbench-web-configuration" data-settings="([^"]*)"/.exec(html) ?? [];
  const { webviewEndpoint, ...settings } = JSON.parse(quoted.replaceAll('&quot;', '"')) as WebConfiguration;
  const place = new URL(webviewEndpoint, url);
  // VS Code puts a hash in the place of {{uuid}}.
  const template = `http://{{uuid}}.${place.host}${place.pathname}`;
  const productConfiguration = { ...settings.productConfiguration, webviewContentExternalBaseUrlTemplate: template };
  const changed = JSON.stringify({ ...settings, productConfiguration }).replaceAll('"', '&quot;');
  return html.replace(quoted, () => changed);
}

interface WebConfiguration {
  /** Relative to the page. */
  readonly webviewEndpoint: string;
  readonly productConfiguration?: Readonly<Record<string, unknown>>;
}
