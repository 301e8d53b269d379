import { createPublicKey, verify } from 'node:crypto';
import { type Need, notFound, Refusal, type Who } from './calls.ts';
import type { App, Level, Repository } from './model.ts';
import type { World } from './world.ts';

/** Who asks, by the `Authorization` header. Throws 401 for what GitHub doesn't know. */
export function whoAsks(world: World, header: string | undefined): Who {
  if (header === undefined || header === '') return { type: 'nobody' };
  const secret = secretOf(header);
  if (secret === undefined) throw badCredentials();
  if (secret.split('.').length === 3) return { type: 'app', app: appOf(world, secret) };
  const token = world.tokens.get(secret);
  if (!token || token.expiresAt <= Date.now()) throw badCredentials();
  const login = token.type === 'user' ? token.login : `${token.app.slug}[bot]`;
  const account = world.account(login);
  if (!account) throw badCredentials();
  if (token.type === 'user') return { type: 'user', account, token };
  if (token.installation.isSuspended) throw new Refusal(403, 'This installation has been suspended');
  return { type: 'installation', account, token };
}

/** The secret of a `token`, `bearer` or basic authorization. */
export function secretOf(header: string): string | undefined {
  const [, scheme = '', value = ''] = /^(token|bearer|basic) (\S+)$/i.exec(header) ?? [];
  if (scheme.toLowerCase() !== 'basic') return value === '' ? undefined : value;
  return Buffer.from(value, 'base64').toString().split(':').slice(1).join(':');
}

export function badCredentials(): Refusal {
  return new Refusal(401, 'Bad credentials');
}

function appOf(world: World, jwt: string): App {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
  const app = world.apps.find(({ id }) => String(id) === String(claims.iss));
  if (!app) throw new Refusal(404, 'Integration not found');
  const isSigned = verify(
    'RSA-SHA256',
    Buffer.from(`${header}.${payload}`),
    createPublicKey(app.publicKey),
    Buffer.from(signature, 'base64url'),
  );
  if (!isSigned) throw new Refusal(401, 'A JSON web token could not be decoded');
  const now = Date.now() / 1000;
  const expires = Number(claims.exp);
  if (!(expires > now)) {
    throw new Refusal(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (expires > now + 660) throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
  return app;
}

/** Whether someone sees a repository at all. */
export function canSee(world: World, who: Who, repository: Repository): boolean {
  if (who.type === 'installation') return isInstalledOn(who.token, repository) || !repository.isPrivate;
  if (!repository.isPrivate) return true;
  return who.type === 'user' && world.roleOf(who.account.login, repository) !== 'none' && hasScope(who, repository);
}

/** Throws what GitHub answers when someone may not do what a route needs. */
export function assertMay(
  world: World,
  who: Who,
  repository: Repository,
  { permission, level, byAnyUser }: Need,
): void {
  if (who.type === 'app') throw new Refusal(401, 'A JSON web token could not be used here');
  if (!canSee(world, who, repository)) throw notFound();
  const owner = world.account(repository.owner);
  if (who.type === 'user' && owner?.wantsSignOn) throw signOn(repository.owner);
  if (who.type === 'nobody' && (level === 'write' || permission === 'collaborators')) {
    throw new Refusal(401, 'Requires authentication');
  }
  if (level === 'write' && repository.isArchived) throw new Refusal(403, 'Repository was archived so is read-only.');
  if (who.type === 'installation' && !installationMay(who.token, repository, permission, level)) {
    throw new Refusal(403, 'Resource not accessible by integration');
  }
  if (who.type !== 'user' || (level === 'read' && permission !== 'collaborators')) return;
  if (!hasScope(who, repository)) throw notFound();
  if (byAnyUser || world.mayPush(who.account.login, repository)) return;
  throw permission === 'contents' ? notFound() : new Refusal(403, 'Must have push access to repository');
}

function installationMay(
  token: Extract<Who, { type: 'installation' }>['token'],
  repository: Repository,
  permission: string,
  level: Level,
): boolean {
  if (!isInstalledOn(token, repository)) return level === 'read' && !repository.isPrivate;
  const name = permission === 'collaborators' ? 'metadata' : permission;
  // Conversations of pull requests take either: https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
  const names = name === 'issues' ? ['issues', 'pull_requests'] : [name];
  const held = names.map((each) => token.permissions[each]);
  if (level === 'read') return !repository.isPrivate || name === 'metadata' || held.some((each) => each !== undefined);
  return held.includes('write');
}

function isInstalledOn(token: Extract<Who, { type: 'installation' }>['token'], repository: Repository): boolean {
  if (token.installation.account !== repository.owner) return false;
  return token.repositories === 'all' || token.repositories.includes(repository.name);
}

function hasScope(who: Extract<Who, { type: 'user' }>, repository: Repository): boolean {
  const { scopes } = who.token;
  return scopes.includes('repo') || (!repository.isPrivate && scopes.includes('public_repo'));
}

function signOn(organization: string): Refusal {
  const url = `https://github.com/orgs/${organization}/sso?authorization_request=A`;
  return new Refusal(
    403,
    'Resource protected by organization SAML enforcement. You must grant your OAuth token access to this organization.',
    undefined,
    {
      'x-github-sso': `required; url=${url}`,
    },
  );
}

/** Who may write workflow files: a token with the scope, an App with the permission. */
export function mayWriteWorkflows(who: Who): boolean {
  if (who.type === 'user') return who.token.scopes.includes('workflow');
  return who.type === 'installation' && who.token.permissions.workflows === 'write';
}
