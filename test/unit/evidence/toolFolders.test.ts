import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findToolFolders } from '../../../src/core/evidence/sandbox/toolFolders.ts';
import { makeFolder, removeFolders, setVariables } from './commands.ts';

const noVariables = {
  JAVA_HOME: undefined,
  GOROOT: undefined,
  DOTNET_ROOT: undefined,
  PYENV_ROOT: undefined,
  RUSTUP_HOME: undefined,
};

describe('the tools that a sandbox shows', () => {
  let home: string;
  let other: string;
  let root: string;

  before(function () {
    if (process.platform === 'win32') this.skip();
  });
  beforeEach(() => {
    [home, other, root] = [makeFolder('home'), makeFolder('other'), makeFolder('copy')];
  });
  afterEach(() => removeFolders(home, other, root));

  const folder = (...parts: readonly string[]) => {
    const path = join(...parts);
    mkdirSync(path, { recursive: true });
    return path;
  };

  async function shown(path: readonly string[], variables: Readonly<Record<string, string>> = {}) {
    const restore = setVariables({ ...noVariables, ...variables, PATH: path.join(':') });
    const found = await findToolFolders({ home, root, system: ['/usr', '/bin'] });
    restore();
    return found.map((one) => one.replace(home, '~').replace(other, '/other')).sort();
  }

  it('are of known tool chains the parts without secrets', async () => {
    folder(home, '.cargo/registry');
    writeFileSync(join(home, '.cargo/config.toml'), 'token');
    folder(home, '.rustup/toolchains');
    folder(home, '.nvm/versions/node/v24/bin');
    const path = [folder(home, '.cargo/bin'), join(home, '.nvm/versions/node/v24/bin'), '/usr/bin', '/bin'];
    assert.deepEqual(await shown(path), [
      '~/.cargo/bin',
      '~/.cargo/registry',
      '~/.nvm/versions',
      '~/.rustup/toolchains',
    ]);
  });

  it('are whole installations, but of a hidden folder only its programs', async () => {
    folder(other, 'node/lib');
    folder(home, 'miniconda/lib');
    folder(home, '.unknown/lib');
    const path = [folder(other, 'node/bin'), folder(home, 'miniconda/bin'), folder(home, '.unknown/bin')];
    assert.deepEqual(await shown(path), ['/other/node', '~/.unknown/bin', '~/miniconda']);
  });

  it('are never the home folder, what holds it or the copy, or a repository', async () => {
    folder(home, 'lib');
    folder(home, 'project/.git');
    folder(home, 'project/lib');
    const path = [folder(home, 'bin'), home, join(home, '..'), '/', folder(root, 'bin'), folder(home, 'project/bin')];
    assert.deepEqual(await shown(path), ['~/bin', '~/project/bin']);
  });

  it('are never somebody’s work, but for a Python environment in it', async () => {
    folder(home, 'project/.git');
    folder(home, 'project/packages/one/lib');
    folder(home, 'project/.venv/lib');
    writeFileSync(join(home, 'project/.venv/pyvenv.cfg'), '');
    const path = [folder(home, 'project/packages/one/bin'), folder(home, 'project/.venv/bin')];
    assert.deepEqual(await shown(path), ['~/project/.venv', '~/project/packages/one/bin']);
  });

  it('are found where the home folder is a link', async () => {
    folder(home, '.local/lib');
    folder(home, '.local/share/keyrings');
    const path = [folder(home, '.local/bin')];
    const real = home;
    home = join(other, 'link');
    symlinkSync(real, home);
    const found = await shown(path);
    assert.deepEqual(found, [join(real, '.local/bin'), join(real, '.local/lib')].sort());
    home = real;
  });

  it('are never where secrets are, not even by another name', async () => {
    const path = [folder(home, '.ssh'), folder(home, '.config/tool/bin'), folder(home, '.aws/bin')];
    symlinkSync(join(home, '.ssh'), join(home, 'tools'));
    symlinkSync(home, join(other, 'all'));
    assert.deepEqual(await shown([...path, join(home, 'tools'), join(other, 'all')]), []);
  });

  it('are also where variables of tool chains say', async () => {
    const java = folder(other, 'jdk');
    assert.deepEqual(await shown([], { JAVA_HOME: java }), ['/other/jdk']);
    assert.deepEqual(await shown([], { JAVA_HOME: home }), []);
  });

  it('are none that PATH names relative to where a command runs, and none that are not there', async () => {
    assert.deepEqual(await shown(['bin', '.', '', join(home, 'gone/bin')]), []);
  });

  it('are what the links in PATH lead to, of a home folder only the file', async () => {
    const bin = folder(other, 'project/node_modules/.bin');
    folder(other, 'project/node_modules/node/bin');
    writeFileSync(join(other, 'project/node_modules/node/bin/node'), '');
    symlinkSync('../node/bin/node', join(bin, 'node'));
    folder(home, 'work/mine');
    writeFileSync(join(home, 'work/mine/tool.py'), '');
    folder(home, '.ssh');
    writeFileSync(join(home, '.ssh/key'), '');
    const links = folder(other, 'links');
    symlinkSync(join(home, 'work/mine/tool.py'), join(links, 'tool'));
    symlinkSync(join(home, '.ssh/key'), join(links, 'key'));
    symlinkSync('/usr/bin/env', join(links, 'env'));
    symlinkSync('nowhere', join(links, 'gone'));
    assert.deepEqual(await shown([bin, links]), ['/other/links', '/other/project/node_modules', '~/work/mine/tool.py']);
  });
});
