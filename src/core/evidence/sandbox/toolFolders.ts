import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { inside, isThere } from '../../workspace/folderPaths.ts';
import { searchPath, toolVariables } from '../command/environment.ts';

/**
 * Tool chains that live below a home folder, and what of them is needed to run checks. What may hold a password or a token is left
 * out: `~/.cargo/config.toml` and `credentials.toml`, `~/.m2/settings.xml`, `~/.gem/credentials`, `~/.gradle/gradle.properties`,
 * `~/.composer/auth.json`.
 */
const toolChains: readonly { readonly home: string; readonly parts: readonly string[] }[] = [
  { home: '.nvm', parts: ['versions', 'alias'] },
  { home: '.cargo', parts: ['bin', 'registry', 'git', '../.rustup/toolchains', '../.rustup/settings.toml'] },
  { home: '.pyenv', parts: ['.'] },
  {
    home: '.local',
    parts: [
      'bin',
      'lib',
      'pipx/venvs',
      'share/pipx/venvs',
      'share/uv/tools',
      'share/uv/python',
      'share/pnpm',
      'share/fnm',
    ],
  },
  { home: '.local/share/mise', parts: ['installs', 'shims'] },
  { home: '.local/share/fnm', parts: ['.'] },
  { home: '.local/share/pnpm', parts: ['.'] },
  { home: 'go', parts: ['bin', 'pkg/mod', '../sdk'] },
  { home: '.sdkman', parts: ['candidates'] },
  { home: '.volta', parts: ['bin', 'tools'] },
  { home: '.asdf', parts: ['bin', 'lib', 'libexec', 'shims', 'installs', 'plugins'] },
  { home: '.rbenv', parts: ['bin', 'libexec', 'shims', 'versions', 'version'] },
  { home: '.gem', parts: ['ruby'] },
  { home: '.bun', parts: ['bin', 'install/global'] },
  { home: '.deno', parts: ['bin'] },
  { home: '.dotnet', parts: ['dotnet', 'host', 'sdk', 'shared', 'packs', 'tools', 'templates'] },
];

/** Caches that tool chains outside the home folder read from, too. */
const caches = ['.m2/repository', '.cargo/registry', '.cargo/git', 'go/pkg/mod'];

/** Of one folder of PATH. */
const mostLinks = 1000;

/** Never shown, even if PATH names a folder in there. */
const barred = [
  '.ssh',
  '.aws',
  '.azure',
  '.config',
  '.gnupg',
  '.kube',
  '.docker',
  '.password-store',
  '.mozilla',
  '.vscode',
  '.vscode-server',
  'Library',
];

/** What `findToolFolders` looks at. */
export interface ToolSearch {
  /** The user's home folder. */
  readonly home: string;
  /** The copy, which is visible anyway. */
  readonly root: string;
  /** Folders that a sandbox shows anyway. */
  readonly system: readonly string[];
}

/**
 * The files and folders outside the system's own that PATH (and `JAVA_HOME` and its like) name tools in, to be shown read-only. Of a
 * known tool chain these are the parts listed above; of an installation (`bin` beside `lib`) the whole of it; else the one folder.
 * Never the home folder itself or what holds it, and nothing that is barred.
 */
export async function findToolFolders(search: ToolSearch): Promise<readonly string[]> {
  const variables = toolVariables.flatMap((name) => process.env[name] ?? []);
  const realHome = await realpath(search.home).catch(() => search.home);
  const found = new Set<string>();
  for (const folder of [...searchPath(), ...variables]) {
    if (search.system.some((top) => isWithin(top, folder))) continue;
    // PATH may spell a home folder that is a link either way.
    const home = isWithin(realHome, folder) ? realHome : search.home;
    for (const part of await partsFor(folder, home)) found.add(part);
    for (const part of await linkedFrom(folder, { home, realHome })) found.add(part);
  }
  for (const cache of caches) found.add(join(search.home, cache));
  const visible = await Promise.all([...found].map((path) => mayBeShown(path, search, realHome)));
  const isSystem = (path: string) => search.system.some((top) => isWithin(top, path));
  const shown = [...found].filter((path, index) => visible[index] && !isSystem(path));
  return shown.filter((path) => !shown.some((other) => other !== path && isWithin(other, path)));
}

async function partsFor(folder: string, home: string): Promise<readonly string[]> {
  const below = inside(home, folder);
  if (below !== undefined) {
    const known = toolChains
      .filter((chain) => isWithin(join(home, chain.home), folder))
      .sort((one, other) => other.home.length - one.home.length)[0];
    if (known) return [folder, ...known.parts.map((part) => join(home, known.home, part))];
    // Only its programs: what else a hidden folder holds, nobody knows.
    if (below.startsWith('.')) return [folder];
  }
  return (await isInstallation(folder, home)) ? [dirname(folder), folder] : [folder];
}

/** Where the links in a folder of PATH lead, so that none of them ends in nothing and leaves its name to the next folder of PATH. */
async function linkedFrom(folder: string, homes: { home: string; realHome: string }): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const links = entries.filter((entry) => entry.isSymbolicLink()).slice(0, mostLinks);
  const targets = await Promise.all(links.map(({ name }) => realpath(join(folder, name)).catch(() => undefined)));
  const real = await realpath(folder).catch(() => folder);
  const parts = targets.map((target): readonly string[] | Promise<readonly string[]> => {
    if (target === undefined || isWithin(real, target)) return [];
    // A package needs those beside it.
    const packages = target.indexOf(`${sep}node_modules${sep}`);
    if (packages !== -1) return [target.slice(0, packages + `${sep}node_modules`.length)];
    // What is around a program below the home folder may be somebody's work.
    if (Object.values(homes).some((home) => isWithin(home, target))) return [target];
    return partsFor(dirname(target), homes.realHome);
  });
  return (await Promise.all(parts)).flat();
}

/** Whether the folder beside `bin` is there for the programs in it: a Python environment, or what isn't somebody's work. */
async function isInstallation(bin: string, home: string): Promise<boolean> {
  const prefix = dirname(bin);
  if (!/^s?bin$/.test(basename(bin)) || !(await isThere(join(prefix, 'lib')))) return false;
  if (await isThere(join(prefix, 'pyvenv.cfg'))) return true;
  for (let folder = prefix; folder !== home && folder !== dirname(folder); folder = dirname(folder)) {
    if (await isThere(join(folder, '.git'))) return false;
  }
  return true;
}

async function mayBeShown(path: string, { home, root }: ToolSearch, realHome: string): Promise<boolean> {
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) return false;
  return [path, real].every(
    (name) =>
      ![home, realHome, root].some((kept) => isWithin(name, kept)) &&
      !isWithin(root, name) &&
      !barred.some((secret) => isWithin(join(home, secret), name) || isWithin(join(realHome, secret), name)),
  );
}

const isWithin = (folder: string, path: string) => inside(folder, path) !== undefined;
