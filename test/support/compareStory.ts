import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Act, Seed } from './seededRound.ts';

const icon = readFileSync(join(resolve(import.meta.dirname, '../..'), 'media/icon.png'));

const upload = `import { Queue } from './queue';

const endpoint = '/api/upload';

/** Sends files one after another. */
export class Uploader {
  constructor(private readonly queue: Queue) {}

  async send(file: File, attempt = 0): Promise<string> {
    const res = await fetch(endpoint, { method: 'POST', body: file });
    if (res.status !== 200) throw res;
    return res.text();
  }

  async sendAll(files: readonly File[]): Promise<void> {
    for (const file of files) {
      this.queue.add(file);
      await this.send(file);
      await sleep(1000);
    }
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
`;

const queue = `export class Queue {
  readonly #items: File[] = [];

  add(item: File): void {
    this.#items.push(item);
  }

  get size(): number {
    return this.#items.length;
  }
}
`;

/** A round in which candidates agree on much, differ in places, and move, add and delete files. */
export const compareStory: Seed = {
  instruction: 'Retry failed uploads with back-off, and show the user what is happening',
  base: new Map<string, string | Uint8Array>([
    ['src/upload.ts', upload],
    ['src/queue.ts', queue],
    ['src/legacy.js', 'module.exports = {};\n'],
    ['src/long.ts', Array.from({ length: 400 }, (_value, line) => `export const value${line} = ${line};\n`).join('')],
    ['media/logo.png', icon],
    ['README.md', '# Uploads\n\nSends files.\n'],
  ]),
  candidates: new Map<string, readonly Act[]>([
    [
      'Claude Opus',
      [
        write('src/upload.ts', changed('isTransient(res.status)', 'sleep(delay(attempt) * (0.5 + Math.random() / 2))')),
        write('src/queue.ts', queue.replace('add(item', '/** Puts a file last. */\n  add(item')),
        write('src/progress.ts', progress('percent')),
        write('src/long.ts', long(40, 'claude')),
        ['delete_file', { path: 'src/legacy.js' }],
      ],
    ],
    [
      'GPT-5.1 Codex',
      [
        write('src/upload.ts', changed('!res.ok', 'sleep(delay(attempt))')),
        write('src/queue.ts', queue.replace('add(item', '/** Puts a file last. */\n  add(item')),
        write('src/progress.ts', progress('ratio')),
        write('src/long.ts', long(40, 'gpt')),
        ['delete_file', { path: 'src/legacy.js' }],
      ],
    ],
    [
      'Gemini 3 Pro',
      [
        write('src/upload.ts', changed('!res.ok', 'sleep(1000)')),
        write('src/queue.ts', queue.replace('add(item', '/** Puts a file last. */\n  add(item')),
        write('README.md', '# Uploads\n\nSends files, and tries again where that failed.\n'),
        write('src/long.ts', long(300, 'gemini')),
        ['move_file', { from: 'media/logo.png', to: 'media/mark.png' }],
      ],
    ],
  ]),
};

function write(path: string, content: string): Act {
  return ['write_file', { path, content }];
}

function changed(condition: string, wait: string): string {
  return upload
    .replace(
      'if (res.status !== 200) throw res;',
      `if (${condition}) {\n      return this.send(file, attempt + 1);\n    }`,
    )
    .replace('sleep(1000)', wait)
    .replace(
      'function sleep',
      'function delay(attempt: number): number {\n  return Math.min(30_000, 500 * 2 ** attempt);\n}\n\nfunction sleep',
    );
}

function progress(unit: string): string {
  return `export interface Progress {\n  readonly ${unit}: number;\n  readonly attempt: number;\n}\n\nexport function show(progress: Progress): string {\n  return \`\${progress.${unit}}\`;\n}\n`;
}

function long(line: number, who: string): string {
  return Array.from({ length: 400 }, (_value, index) =>
    index === line ? `export const value${index} = '${who}';\n` : `export const value${index} = ${index};\n`,
  ).join('');
}
