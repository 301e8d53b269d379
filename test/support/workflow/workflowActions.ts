import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, join, matchesGlob } from 'node:path';

type Inputs = Readonly<Record<string, string>>;

/** Where the actions of a run find what is outside of their job. */
export interface ActionWorld {
  /** The bare repository that is checked out. */
  readonly repository: string;
  /** What it is called on GitHub. */
  readonly remote: string;
  /** A folder for each artifact. */
  readonly artifacts: string;
}

const known: Readonly<Record<string, (inputs: Inputs, workspace: string, world: ActionWorld) => void>> = {
  'actions/checkout': checkOut,
  'actions/setup-node': () => {},
  'actions/upload-artifact': upload,
  'actions/download-artifact': download,
};

/** Does what an action of GitHub's does, as far as workflows here need it. Throws where it fails. */
export function act(uses: string, inputs: Inputs, workspace: string, world: ActionWorld): void {
  const action = known[uses.split('@', 1)[0] ?? ''];
  if (!action) throw new Error(`the action ${uses} is not known here`);
  action(inputs, workspace, world);
}

function checkOut(inputs: Inputs, workspace: string, { repository, remote }: ActionWorld): void {
  const folder = join(workspace, inputs.path ?? '.');
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, stdio: 'pipe' });
  mkdirSync(folder, { recursive: true });
  git('init', '-q');
  git('fetch', '-q', repository, '+refs/*:refs/remotes/origin/*');
  git('remote', 'add', 'origin', remote);
  if (inputs['sparse-checkout']) git('sparse-checkout', 'set', inputs['sparse-checkout']);
  git('checkout', '-q', '--detach', inputs.ref ?? '');
}

function upload(inputs: Inputs, workspace: string, { artifacts }: ActionWorld): void {
  const { name = 'artifact', path = '' } = inputs;
  const from = join(workspace, path);
  if (!existsSync(from)) {
    if (inputs['if-no-files-found'] === 'error') throw new Error(`there is no ${path} to be kept`);
    return;
  }
  const to = join(artifacts, name);
  if (existsSync(to)) throw new Error(`there is an artifact ${name} already`);
  // A file is in an artifact without its folder, and what is in a folder without the folder itself.
  const isFolder = readable(from);
  cpSync(from, isFolder ? to : join(to, basename(from)), { recursive: true });
}

function readable(path: string): boolean {
  try {
    readdirSync(path);
    return true;
  } catch {
    return false;
  }
}

function download(inputs: Inputs, workspace: string, { artifacts }: ActionWorld): void {
  const to = join(workspace, inputs.path ?? '.');
  if (inputs.name !== undefined) {
    if (!existsSync(join(artifacts, inputs.name))) throw new Error(`there is no artifact ${inputs.name}`);
    cpSync(join(artifacts, inputs.name), to, { recursive: true });
    return;
  }
  for (const name of readdirSync(artifacts).filter((each) => matchesGlob(each, inputs.pattern ?? '*')))
    cpSync(join(artifacts, name), inputs['merge-multiple'] === 'true' ? to : join(to, name), { recursive: true });
}
