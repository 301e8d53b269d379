import { type Answer, type Call, created, notFound, ok, page, Refusal, type Route, texts } from './calls.ts';
import type { App, Installation, Level, Permissions } from './model.ts';
import { showAccount, showRepository } from './views.ts';

/** What Apps ask about themselves: https://docs.github.com/en/rest/apps */
export const appRoutes: readonly Route[] = [
  { method: 'GET', path: '/app', run: (call) => ok(showApp(call, appOf(call))) },
  { method: 'GET', path: '/app/installations', run: listInstallations },
  { method: 'GET', path: '/app/installations/:id', run: (call) => ok(showInstallation(call, installationOf(call))) },
  { method: 'POST', path: '/app/installations/:id/access_tokens', run: createToken },
  { method: 'GET', path: '/apps/:slug', run: getApp },
  { method: 'GET', path: '/repos/:owner/:repo/installation', run: ofRepository },
  { method: 'GET', path: '/installation/repositories', run: listRepositories },
];

function appOf({ who }: Call): App {
  if (who.type === 'app') return who.app;
  throw new Refusal(401, 'A JSON web token could not be decoded');
}

function permissionsOf(app: App, installation: Installation): Permissions {
  return installation.permissions ?? app.permissions;
}

function showApp(call: Call, app: App) {
  return {
    id: app.id,
    slug: app.slug,
    name: app.name,
    node_id: `A_${app.id}`,
    owner: showAccount(call, app.installations[0]?.account ?? 'ghost'),
    html_url: `https://github.com/apps/${app.slug}`,
    external_url: 'https://example.com',
    permissions: app.permissions,
    events: [],
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
  };
}

function showInstallation(call: Call, installation: Installation) {
  const app = appOf(call);
  return {
    id: installation.id,
    account: showAccount(call, installation.account),
    repository_selection: installation.repositories === 'all' ? 'all' : 'selected',
    permissions: permissionsOf(app, installation),
    app_id: app.id,
    app_slug: app.slug,
    target_type: 'User',
    html_url: `https://github.com/settings/installations/${installation.id}`,
    access_tokens_url: `${call.url}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${call.url}/installation/repositories`,
    events: [],
    suspended_at: installation.isSuspended ? '2026-01-01T00:00:00Z' : null,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
  };
}

function listInstallations(call: Call): Answer {
  const { installations } = appOf(call);
  return page(
    call,
    installations.map((each) => showInstallation(call, each)),
    '/app/installations',
  );
}

function installationOf(call: Call): Installation {
  const found = appOf(call).installations.find(({ id }) => id === Number(call.params.id));
  if (!found) throw notFound();
  return found;
}

function ofRepository(call: Call): Answer {
  const app = appOf(call);
  const { owner = '', repo = '' } = call.params;
  const repository = call.world.repository(owner, repo);
  const found = app.installations.find(
    ({ account, repositories }) =>
      account === repository?.owner && (repositories === 'all' || repositories.includes(repository.name)),
  );
  if (!found) throw notFound();
  return ok(showInstallation(call, found));
}

function createToken(call: Call): Answer {
  const installation = installationOf(call);
  const app = appOf(call);
  if (installation.isSuspended) throw new Refusal(403, 'This installation has been suspended');
  const held = permissionsOf(app, installation);
  const wanted = call.body.permissions === undefined ? held : (call.body.permissions as Permissions);
  const isHeld = ([name, level]: [string, Level]) =>
    held[name] === 'write' || (held[name] === 'read' && level === 'read');
  // Metadata comes along with everything.
  if (!Object.entries(wanted).every((each) => isHeld(each) || each[0] === 'metadata')) {
    throw new Refusal(422, 'The permissions requested are not granted to this installation.');
  }
  const named = texts(call, 'repositories');
  const isThere = (name: string) =>
    call.world.repository(installation.account, name) !== undefined &&
    (installation.repositories === 'all' || installation.repositories.includes(name));
  if (!named.every(isThere)) {
    throw new Refusal(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  }
  const repositories = call.body.repositories === undefined ? installation.repositories : named;
  const [token, { expiresAt }] = call.world.addInstallationToken(
    app,
    installation,
    { ...wanted, metadata: 'read' },
    repositories,
  );
  return created({
    token,
    expires_at: new Date(expiresAt).toISOString().replace(/\.\d+Z$/, 'Z'),
    permissions: { ...wanted, metadata: 'read' },
    repository_selection: repositories === 'all' ? 'all' : 'selected',
  });
}

function getApp(call: Call): Answer {
  const found = call.world.apps.find(({ slug }) => slug === call.params.slug);
  if (!found) throw notFound();
  return ok(showApp(call, found));
}

function listRepositories(call: Call): Answer {
  const { who, world } = call;
  if (who.type !== 'installation') throw new Refusal(403, 'You must authenticate with an installation access token');
  const { installation, repositories } = who.token;
  const all = [...world.repositories.values()].filter(
    (each) => each.owner === installation.account && (repositories === 'all' || repositories.includes(each.name)),
  );
  const shown = all.map((each) => showRepository(call, each));
  return page(call, shown, '/installation/repositories', (part) => ({ total_count: all.length, repositories: part }));
}
