import { readdir, readlink, realpath } from 'node:fs/promises';
import { isThere } from '../../workspace/folderPaths.ts';

/** Programs and libraries of a Linux system. None holds the user's own, or a socket. */
export const systemFolders = [
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/opt',
  '/nix/store',
  '/gnu/store',
  '/snap',
  '/home/linuxbrew/.linuxbrew',
];

/**
 * What programs need of `/etc`. Not the whole of it: `/etc/npmrc`, `/etc/pip.conf`, `/etc/gitconfig`, `/etc/ssl/private` and others
 * can hold passwords and keys, and a root user's command could read them.
 */
const settings = [
  'alternatives',
  'ca-certificates',
  'crypto-policies',
  'debian_version',
  'fonts',
  'gai.conf',
  'group',
  'host.conf',
  'hosts',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'locale.alias',
  'locale.conf',
  'localtime',
  'lsb-release',
  'magic',
  'mime.types',
  'networks',
  'nsswitch.conf',
  'os-release',
  'passwd',
  'pki/ca-trust',
  'pki/java',
  'pki/tls/cert.pem',
  'pki/tls/certs',
  'pki/tls/openssl.cnf',
  'protocols',
  'services',
  'ssl/cert.pem',
  'ssl/certs',
  'ssl/openssl.cnf',
  'terminfo',
  'timezone',
  // Of languages: where their libraries are.
  'gradle',
  'java',
  'maven',
  'mono',
  'perl',
  'php',
  'python3',
  'R',
  'dotnet/install_location',
];

/** Bubblewrap's arguments that show the system read-only. */
export async function showSystem(network: boolean): Promise<readonly string[]> {
  const folders = await Promise.all(systemFolders.map(showFolder));
  const names = network ? [...settings, 'resolv.conf'] : settings;
  const files = await Promise.all([...names, ...(await versionedJava())].map((name) => showFile(`/etc/${name}`)));
  return [...folders.flat(), ...files.flat()];
}

async function showFolder(path: string): Promise<readonly string[]> {
  const link = await readlink(path).catch(() => undefined);
  if (link !== undefined) return ['--symlink', link, path];
  return (await isThere(path)) ? ['--ro-bind', path, path] : [];
}

async function showFile(path: string): Promise<readonly string[]> {
  const real = await realpath(path).catch(() => undefined);
  return real === undefined ? [] : ['--ro-bind', real, path];
}

/** Debian's `java-17-openjdk` and its like. */
async function versionedJava(): Promise<readonly string[]> {
  const names = await readdir('/etc').catch(() => []);
  return names.filter((name) => /^java-\d+-/.test(name));
}
