import type { IncomingMessage, ServerResponse } from 'node:http';
import { canSee, whoAsks } from './access.ts';
import { Refusal, type Who } from './calls.ts';
import { serveGit } from './gitHttp.ts';
import type { World } from './world.ts';

const gitPath = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(?:info\/refs|git-upload-pack|git-receive-pack)$/;

export function isGit(path: string): boolean {
  return gitPath.test(path);
}

/** Lets git in where the token, sent as a basic password, may read or push there. */
export function answerGit(
  world: World,
  root: string,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): void {
  const [path = ''] = (request.url ?? '').split('?');
  const [, owner = '', name = ''] = gitPath.exec(decodeURIComponent(path)) ?? [];
  const repository = world.repository(owner, name);
  const who = whoOrNobody(world, request.headers.authorization);
  const isPush = (request.url ?? '').includes('git-receive-pack');
  if (!repository || !canSee(world, who, repository)) return void deny(response, who);
  if (isPush && !mayPush(world, who, repository.isArchived, owner, name)) return void deny(response, who);
  const rest = path.replace(/^\/[^/]+\/[^/]+?(?:\.git)?\//, `/${repository.owner}/${repository.name}.git/`);
  request.url = rest + (request.url ?? '').slice(path.length);
  serveGit(root, 'account' in who ? who.account.login : undefined, request, body, response);
}

function whoOrNobody(world: World, header: string | undefined): Who {
  try {
    return whoAsks(world, header);
  } catch (error) {
    if (error instanceof Refusal) return { type: 'nobody' };
    throw error;
  }
}

function mayPush(world: World, who: Who, isArchived: boolean, owner: string, name: string): boolean {
  const repository = world.repository(owner, name);
  if (!repository || isArchived) return false;
  if (who.type === 'installation') return who.token.permissions.contents === 'write';
  return who.type === 'user' && world.mayPush(who.account.login, repository);
}

function deny(response: ServerResponse, who: Who): void {
  if (who.type === 'nobody') response.writeHead(401, { 'www-authenticate': 'Basic realm="GitHub"' });
  else response.writeHead(403);
  response.end();
}
