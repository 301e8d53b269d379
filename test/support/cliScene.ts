import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { dispatch } from '../../src/cli/dispatch.ts';

/** What a command line came to. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** What it said with `--json`. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at what they expect
  readonly json: any;
}

/** A git repository, a storage, and command lines on them. */
export class CliScene {
  readonly root = mkdtempSync(join(tmpdir(), 'dursor-cli-'));
  readonly folder = join(this.root, 'folder');
  readonly storage = join(this.root, 'storage');
  environment: Record<string, string> = {};

  constructor() {
    mkdirSync(this.folder);
    this.git('init', '-q', '-b', 'main');
    this.git('remote', 'add', 'origin', 'https://github.com/octocat/app.git');
    this.write('README.md', '# Sample\n');
    this.commit('first');
  }

  write(path: string, text: string): string {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** A file outside of the folder. */
  file(name: string, content: unknown): string {
    const path = join(this.root, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  }

  git(...args: string[]): string {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
    return execFileSync('git', [...identity, ...args], { cwd: this.folder, encoding: 'utf8' }).trim();
  }

  commit(message: string): string {
    this.git('add', '-A');
    this.git('commit', '-q', '--allow-empty', '-m', message);
    return this.git('rev-parse', 'HEAD');
  }

  /** A command on the folder, with its result as JSON. */
  dursor(command: string, ...args: string[]): Promise<Said> {
    return this.bare(command, '--folder', this.folder, '--storage', this.storage, '--json', ...args);
  }

  /** A command line as it is. */
  async bare(...args: string[]): Promise<Said> {
    return this.until(new AbortController().signal, ...args);
  }

  async until(signal: AbortSignal, ...args: string[]): Promise<Said> {
    const [out, err]: [string[], string[]] = [[], []];
    const terminal = { out: (text: string) => void out.push(text), err: (line: string) => void err.push(line) };
    const code = await dispatch(args, { terminal, environment: this.environment, signal });
    const text = out.join('\n');
    return { code, out: text, err: err.join('\n'), json: args.includes('--json') ? JSON.parse(text) : undefined };
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
