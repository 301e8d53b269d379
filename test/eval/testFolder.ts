import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Policy } from '../../src/core/policy/policy.ts';
import { cleanEnvironment } from '../../src/core/workspace/gitProcess.ts';
import { openTaskStorage } from '../../src/core/workspace/taskStorage.ts';

/** A folder T with T/ws to work in and T/outside, which nothing may touch, and a real task's storage beside it. */
export class TestFolder {
  readonly #base = realpathSync(mkdtempSync(join(tmpdir(), 'dursor-eval-')));
  readonly root = join(this.#base, 'T');
  readonly workspace = join(this.root, 'ws');
  readonly outside = join(this.root, 'outside');
  readonly storage = openTaskStorage(join(this.#base, 'storage'));
  #layouts = 0;

  constructor() {
    for (const folder of [this.root, this.workspace, this.outside]) mkdirSync(folder);
  }

  /** A snapshot of the workspace. */
  snapshot(policy: Policy, signal?: AbortSignal) {
    return this.storage.takeSnapshot({ folder: this.workspace, unsaved: [], policy }, signal);
  }

  /** Everything in T, by path: what it is and what is in it. */
  fingerprint(): ReadonlyMap<string, string> {
    return new Map(everythingIn(this.root).map((path) => [path, describe(join(this.root, path))]));
  }

  /** Lays a patch that only adds files out as real files in a fresh folder within T, as somebody who takes it would, and removes them. */
  layOut(patch: string): LaidOut {
    const name = `laid-out-${++this.#layouts}`;
    const folder = join(this.root, name);
    mkdirSync(folder);
    try {
      const file = join(this.#base, 'patch');
      writeFileSync(file, patch);
      const { status, stderr } = spawnSync('git', ['apply', '--whitespace=nowarn', file], {
        cwd: folder,
        env: {
          ...cleanEnvironment(),
          GIT_CONFIG_GLOBAL: '/dev/null',
          GIT_CONFIG_NOSYSTEM: '1',
          GIT_CEILING_DIRECTORIES: this.root,
        },
        encoding: 'utf8',
      });
      if (status !== 0) return { ok: false, reason: stderr.trim() };
      const files = everythingIn(folder).filter((path) => !lstatSync(join(folder, path)).isDirectory());
      return { ok: true, files: new Map(files.map((path) => [path, describe(join(folder, path))])) };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  async dispose(): Promise<void> {
    await this.storage.close();
    rmSync(this.#base, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The files that a patch made, by path, described as in a fingerprint; or what git said. */
export type LaidOut =
  | { readonly ok: true; readonly files: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly reason: string };

/** A plain file of this content in a fingerprint. */
export function describeFile(content: Uint8Array | string): string {
  return `file ${createHash('sha256').update(content).digest('hex')}`;
}

function describe(path: string): string {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) return `link ${readlinkSync(path)}`;
  return stats.isFile() ? describeFile(readFileSync(path)) : 'folder';
}

function everythingIn(folder: string, prefix = ''): string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    return entry.isDirectory() ? [path, ...everythingIn(folder, path)] : [path];
  });
}
