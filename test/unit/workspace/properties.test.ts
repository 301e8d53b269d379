import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { UserError } from '../../../src/core/problem.ts';
import type { Copy } from '../../../src/core/workspace/copy.ts';
import { cleanEnvironment } from '../../../src/core/workspace/gitProcess.ts';
import { content, type Files, files, path, writeFiles } from './randomFiles.ts';
import { Sandbox } from './sandbox.ts';

type Edit =
  | { readonly type: 'write'; readonly path: string; readonly content: string }
  | { readonly type: 'delete'; readonly path: string }
  | { readonly type: 'move'; readonly path: string; readonly to: string };

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ type: fc.constant('write' as const), path, content }),
  fc.record({ type: fc.constant('delete' as const), path }),
  fc.record({ type: fc.constant('move' as const), path, to: path }),
);

describe('any tree and any edits', function () {
  this.timeout(120_000);

  it('a patch applied to the snapshot gives the copy, and copies never see each other', async () => {
    await fc.assert(
      fc.asyncProperty(
        files,
        files,
        fc.array(fc.array(edit, { maxLength: 6 }), { minLength: 1, maxLength: 3 }),
        async (committed, dirty, edits) => {
          const box = new Sandbox();
          try {
            box.git('init', '-q');
            writeFiles(box.folder, committed);
            box.git('add', '-A', '-f');
            box.git('commit', '-qm', 'first', '--allow-empty');
            writeFiles(box.folder, dirty);
            const before = box.fingerprint();

            const snapshot = await box.snapshot();
            const copies = await Promise.all(edits.map(() => box.copy(snapshot)));
            const start = await read(copies[0] as Copy);
            const wanted = edits.map(() => new Map(start));
            // The copies take turns, so that each has every chance to show up in another.
            for (let step = 0; step < 6; step++) {
              for (const [index, copy] of copies.entries()) {
                const next = edits[index]?.[step];
                if (next) await carryOut(next, copy, wanted[index] as Map<string, string>);
              }
            }
            for (const [index, copy] of copies.entries()) {
              assert.deepEqual(await read(copy), wanted[index]);
              const { text, changes } = await copy.patch();
              assert.deepEqual(applied(box, start, text), wanted[index]);
              assert.equal(text === '', changes.length === 0);
            }
            assert.deepEqual(box.fingerprint(), before);
          } finally {
            await box.dispose();
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

/** Does an edit to a copy, and to what is expected of it unless the copy refuses. */
async function carryOut(next: Edit, copy: Copy, wanted: Map<string, string>): Promise<void> {
  const old = wanted.get(next.path);
  try {
    if (next.type === 'write') {
      await copy.write(next.path, Buffer.from(next.content, 'latin1'));
      wanted.set(next.path, (old?.[0] ?? '-') + next.content);
    } else if (next.type === 'delete') {
      assert.equal(await copy.delete(next.path), old !== undefined);
      wanted.delete(next.path);
    } else {
      assert.equal(await copy.move(next.path, next.to), old !== undefined);
      if (old !== undefined) {
        wanted.delete(next.path);
        wanted.set(next.to, old);
      }
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    assert.equal(error.problem.code, 'refused-by-policy');
    const target = next.type === 'move' ? next.to : next.path;
    const isInTheWay = (name: string) =>
      name === target || name.startsWith(`${target}/`) || target.startsWith(`${name}/`);
    assert.ok([...wanted.keys()].some(isInTheWay), `refused without a reason: ${error.message}`);
  }
}

async function read(copy: Copy): Promise<Files> {
  const found = new Map<string, string>();
  for (const entry of await copy.list()) {
    const file = await copy.read(entry.path);
    const isExecutable = file?.mode === '100755';
    found.set(entry.path, (isExecutable ? 'x' : '-') + Buffer.from(file?.bytes ?? []).toString('latin1'));
  }
  return found;
}

/** What `git apply` makes of a patch, in a folder that is no repository and has nothing but these files. */
function applied(box: Sandbox, start: Files, patch: string): Files {
  const folder = join(box.root, 'applied');
  mkdirSync(folder);
  try {
    for (const [name, text] of start) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text.slice(1), { encoding: 'latin1', mode: text[0] === 'x' ? 0o755 : 0o644 });
    }
    if (patch !== '') {
      const env = { ...cleanEnvironment(), GIT_CEILING_DIRECTORIES: box.root };
      execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: folder, env, input: patch });
    }
    const found = new Map<string, string>();
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const name = join(entry.parentPath, entry.name);
      if (!entry.isFile()) continue;
      const isExecutable = (lstatSync(name).mode & 0o100) !== 0;
      found.set(name.slice(folder.length + 1), (isExecutable ? 'x' : '-') + readFileSync(name, 'latin1'));
    }
    return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
