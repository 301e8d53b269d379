/**
 * Gets a clean clone ready: dependencies, the right Node, a build, a VS Code to run in, a browser.
 * Runs under any Node from 18 on with nothing installed, so it is plain JavaScript without dependencies.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

const codeServerVersion = '4.139.1';
const codeServer = join(root, '.vscode-test/code-server');
const codeServerEntry = join(codeServer, 'node_modules/code-server/lib/vscode/out/server-main.js');
const node = join(root, 'node_modules/node/bin/node');

/** Something is missing that only the user can bring. */
export class Missing extends Error {}

/** Prints a stage; everything but results goes to standard error, so that a last line of JSON stays alone. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Runs the main function and turns what is missing into one clear message and exit code 1. */
export async function main(work) {
  try {
    process.exitCode = await work();
  } catch (error) {
    say(error instanceof Missing ? `\n${error.message}` : String(error?.stack ?? error));
    process.exitCode = 1;
  }
}

/** Installs what the lock file names, then goes on under the project's own Node: true when the caller is that process. */
export async function prepare() {
  if (process.env.DURSOR_PREPARED === '1') return true;
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < 18)
    throw new Missing(`Node ${process.versions.node} is too old. Install Node 20 or newer from https://nodejs.org.`);
  checkGit();
  installDependencies();
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  say(`[set-up] Node ${version} from node_modules`);
  const path = [join(root, 'node_modules/.bin'), dirname(node), process.env.PATH].join(delimiter);
  const child = spawn(node, process.argv.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, PATH: path, DURSOR_PREPARED: '1' },
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  return false;
}

function checkGit() {
  const { stdout, error } = spawnSync('git', ['--version'], { encoding: 'utf8' });
  if (error) throw new Missing('Git is missing. Install Git 2.38 or newer from https://git-scm.com.');
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(stdout) ?? []).slice(1).map(Number);
  if (major < 2 || (major === 2 && minor < 38))
    throw new Missing(`${stdout.trim()} is too old. Install Git 2.38 or newer.`);
}

function installDependencies() {
  const stamp = join(root, 'node_modules/.dursor-lock');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  // npm leaves this file behind when it has installed; it stands in for the stamp where somebody ran npm by hand.
  const installed = join(root, 'node_modules/.package-lock.json');
  const isCurrent = existsSync(stamp)
    ? readFileSync(stamp, 'utf8') === lock
    : existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
  if (existsSync(node) && isCurrent) return;
  say('[set-up] Installing dependencies (npm ci), about a minute the first time');
  const options = { cwd: root };
  const flags = ['--no-audit', '--no-fund'];
  try {
    run('npm', ['ci', ...flags], options, 'npm ci failed');
  } catch {
    // A registry that lacks some platform's optional packages makes npm ci refuse a lock file that is right elsewhere.
    say('[set-up] npm ci refused; trying npm install, which leaves the lock file alone');
    run('npm', ['install', '--no-save', ...flags], options, 'npm install failed. Is the npm registry reachable?');
  }
  if (!existsSync(node))
    throw new Missing('npm installed no Node: allow the install script of the package "node" and run again.');
  writeFileSync(stamp, lock);
}

/** Bundles the extension; `--tests` adds the tests that run inside VS Code. */
export function build(...flags) {
  say('[set-up] Building the extension');
  run(process.execPath, ['esbuild.config.mjs', ...flags], { cwd: root }, 'The build failed.');
}

/** Puts code-server, which carries the VS Code that tests run in, under `.vscode-test`. */
export function ensureCodeServer() {
  if (existsSync(codeServerEntry)) return;
  say(`[set-up] Installing code-server ${codeServerVersion} into .vscode-test, two to three minutes once`);
  ensureKerberosHeaders();
  mkdirSync(codeServer, { recursive: true });
  // The two of its packages whose install scripts it needs.
  const allowScripts = { 'code-server': true, argon2: true };
  writeFileSync(join(codeServer, 'package.json'), `${JSON.stringify({ private: true, allowScripts })}\n`);
  const how = 'code-server could not be installed. It needs python3, make, g++ and the Kerberos headers.';
  run(
    'npm',
    ['install', `code-server@${codeServerVersion}`, '--no-audit', '--no-fund'],
    { cwd: codeServer, env: withoutUserAgent() },
    how,
  );
  if (!existsSync(codeServerEntry)) throw new Missing(how);
}

/** `npm start` hands on which Node it ran under, and code-server's install script believes that rather than its own Node. */
function withoutUserAgent() {
  const { npm_config_user_agent: _, ...rest } = process.env;
  return rest;
}

function ensureKerberosHeaders() {
  const isThere = ['/usr/include/gssapi/gssapi.h', '/usr/include/gssapi.h'].some((path) => existsSync(path));
  if (process.platform !== 'linux' || isThere) return;
  aptInstall(
    'libkrb5-dev',
    'code-server compiles against the Kerberos headers (Debian: libkrb5-dev, Fedora: krb5-devel).',
  );
}

/** Makes sure there is a Chromium for playing a person's clicks. */
export function ensureChromium() {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
  const macBrowser = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  if (process.env.CHROMIUM_PATH || existsSync(macBrowser) || names.some(findOnPath)) return;
  aptInstall('chromium', 'A Chromium or Chrome is needed (or CHROMIUM_PATH with the path of one).');
}

function aptInstall(name, why) {
  const canInstall = process.getuid?.() === 0 && findOnPath('apt-get');
  if (!canInstall) throw new Missing(`${why}\nInstall it, for example: sudo apt-get install ${name}`);
  say(`[set-up] Installing ${name} with apt-get`);
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  spawnSync('apt-get', ['update', '-qq'], { ...options, stdio: ['ignore', 2, 2] });
  run(
    'apt-get',
    ['install', '-y', '-qq', '--no-install-recommends', name],
    options,
    `${why}\napt-get could not install ${name}.`,
  );
}

/** The path of a program, or undefined. */
export function findOnPath(name) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

function run(command, args, options, failure) {
  const isShellNeeded = process.platform === 'win32' && command === 'npm';
  const { status, error } = spawnSync(command, args, { ...options, shell: isShellNeeded, stdio: ['ignore', 2, 2] });
  if (error || status !== 0) throw new Missing(failure);
}
