import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const identity = ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.com'];

export function git(folder: string, ...args: readonly string[]): void {
  execFileSync('git', [...identity, ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}

/**
 * Makes a packed repository with one commit of so many files (about 4 kB of text each, 25 to a folder), and then the mess of
 * a working day in it: 20 changed files, 20 untracked ones, 5 staged and 2 deleted. The same files every time.
 */
export async function makeRepository(folder: string, files: number): Promise<void> {
  execFileSync('git', ['init', '-q', folder]);
  const input = spawn('git', ['-C', folder, 'fast-import', '--quiet'], { stdio: ['pipe', 'inherit', 'inherit'] });
  const ended = once(input, 'exit');
  const say = async (text: string) => {
    if (!input.stdin.write(text)) await once(input.stdin, 'drain');
  };
  await say('commit refs/heads/main\ncommitter Bench <bench@example.com> 1700000000 +0000\ndata 1\nx\n');
  const random = randomNumbers();
  for (let index = 0; index < files; index++) {
    const text = textOf(index, random);
    await say(`M 100644 inline ${pathOf(index)}\ndata ${text.length}\n${text}\n`);
  }
  input.stdin.end();
  const [code] = await ended;
  if (code !== 0) throw new Error(`git fast-import ended with ${code}`);
  git(folder, 'symbolic-ref', 'HEAD', 'refs/heads/main');
  git(folder, 'reset', '-q', '--hard');
  await makeDirty(folder, files);
}

async function makeDirty(folder: string, files: number): Promise<void> {
  // Git looks twice at files as young as its index, which a day's work isn't.
  await wait(1100);
  const step = Math.max(1, Math.floor(files / 30));
  const some = Array.from({ length: Math.min(27, files) }, (_, index) => pathOf((index * step) % files));
  for (const path of some.slice(0, 25)) writeFileSync(join(folder, path), `changed ${path}\n`);
  git(folder, 'add', '--', ...some.slice(20, 25));
  for (const path of some.slice(25)) rmSync(join(folder, path), { force: true });
  for (let index = 0; index < 20; index++) writeFileSync(join(folder, `untracked${index}.txt`), `new ${index}\n`);
}

export function pathOf(index: number): string {
  return `packages/p${Math.floor(index / 1000)}/src/m${Math.floor(index / 25) % 40}/file${index}.ts`;
}

const words = (
  'const value return function export import await index result error path file state handler render config ' +
  'option length string number'
).split(' ');

/** Lines of words; lengths as they are in code, most of them short and a few long. */
function textOf(index: number, random: () => number): string {
  const length = 500 + Math.floor(-Math.log(1 - random() * 0.999) * 3500);
  let text = `// file ${index}\n`;
  while (text.length < length) {
    const line = Array.from({ length: 6 }, () => words[Math.floor(random() * words.length)]);
    text += `  ${line.join(' ')} ${Math.floor(random() * 1e6)};\n`;
  }
  return text;
}

/** A linear congruential generator, so that every measurement is of the same files. */
function randomNumbers(): () => number {
  let state = 12_345;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  };
}
