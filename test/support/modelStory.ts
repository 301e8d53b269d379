/** What the stand-in models do with the sample's story, tool call by tool call. */

/** One answer: some words, then one tool call. */
export interface StoryStep {
  readonly say: string;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** The instruction of the sample's story. */
export const storyInstruction = 'Retry failed uploads with back-off, and show the user what is happening';

const read = (path: string, say: string): StoryStep => ({ say, tool: 'read_file', arguments: { path } });
const write = (path: string, say: string, lines: readonly string[]): StoryStep => ({
  say,
  tool: 'write_file',
  arguments: { path, content: `${lines.join('\n')}\n` },
});
const finish = (say: string, summary: string): StoryStep => ({ say, tool: 'finish', arguments: { summary } });
const edit = (path: string, say: string, ...pairs: readonly (readonly [string, string])[]): StoryStep => ({
  say,
  tool: 'edit_file',
  arguments: { path, edits: pairs.map(([oldText, newText]) => ({ oldText, newText })) },
});

const statusType = "export type UploadStatus = 'waiting' | 'uploading' | 'done' | 'failed';";
const retryingStatus = "export type UploadStatus = 'waiting' | 'uploading' | 'retrying' | 'done' | 'failed';";
const importLine = "import { type UploadFile, type UploadTarget, upload } from './upload.ts';";
const uploadLine = '        await upload(file, this.#target);';
const readmeLine = '- `uploading`: on its way';

const claude: readonly StoryStep[] = [
  { say: 'I will see how uploads and their statuses fit together first.', tool: 'list_files', arguments: {} },
  read('src/queue.ts', 'The queue decides what the user is told, so I start there.'),
  read('src/upload.ts', 'Now how one file is sent, and what its failures look like.'),
  { say: 'Who else depends on the statuses?', tool: 'search', arguments: { pattern: 'failed' } },
  write(
    'src/retry.ts',
    'Retrying is an idea of its own; it gets its own file, and its clock is passed in for the tests.',
    [
      'export interface RetryOptions {',
      '  /** How often to try, the first time included. */',
      '  readonly attempts: number;',
      '  /** The wait before the second try, in milliseconds; it doubles each time. */',
      '  readonly firstDelay: number;',
      '  readonly sleep: (milliseconds: number) => Promise<void>;',
      '}',
      '',
      'export const defaultRetry: RetryOptions = {',
      '  attempts: 4,',
      '  firstDelay: 500,',
      '  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),',
      '};',
      '',
      '/** Whether another try may help: whoever sends marks what failed for a moment only as `retryable`. */',
      'function isRetryable(error: unknown): boolean {',
      "  return error instanceof Error && 'retryable' in error && error.retryable === true;",
      '}',
      '',
      '/** Calls `work` until it succeeds, fails for good, or the attempts are used up; `onRetry` is told before each wait. */',
      'export async function retry(',
      '  work: () => Promise<void>,',
      '  options: RetryOptions,',
      '  onRetry: (delay: number) => void,',
      '): Promise<void> {',
      '  for (let attempt = 1; ; attempt++) {',
      '    try {',
      '      return await work();',
      '    } catch (error) {',
      '      if (attempt >= options.attempts || !isRetryable(error)) throw error;',
      '      const delay = options.firstDelay * 2 ** (attempt - 1);',
      '      onRetry(delay);',
      '      await options.sleep(delay);',
      '    }',
      '  }',
      '}',
    ],
  ),
  edit(
    'src/queue.ts',
    'The queue uses it and reports each retry.',
    [importLine, `import { defaultRetry, type RetryOptions, retry } from './retry.ts';\n${importLine}`],
    [statusType, retryingStatus],
    ['  readonly #target: UploadTarget;\n', '  readonly #target: UploadTarget;\n  readonly #retry: RetryOptions;\n'],
    [
      '  constructor(target: UploadTarget) {\n    this.#target = target;',
      '  constructor(target: UploadTarget, options: RetryOptions = defaultRetry) {\n    this.#target = target;\n    this.#retry = options;',
    ],
    [
      uploadLine,
      "        await retry(\n          () => upload(file, this.#target),\n          this.#retry,\n          () => this.#report(file, 'retrying'),\n        );",
    ],
  ),
  edit('README.md', 'AGENTS.md wants every status in the README.', [
    readmeLine,
    `${readmeLine}\n- \`retrying\`: the server did not take it; another try follows after a wait that doubles`,
  ]),
  write('test/retry.test.js', 'A test that does not wait for real time.', [
    "import assert from 'node:assert/strict';",
    "import { test } from 'node:test';",
    "import { UploadQueue } from '../src/queue.ts';",
    '',
    "test('waits longer before each retry, and says so', async () => {",
    '  const waits = [];',
    '  let failures = 2;',
    '  const send = async () => {',
    "    if (failures-- > 0) throw Object.assign(new Error('busy'), { retryable: true });",
    '  };',
    '  const sleep = async (milliseconds) => void waits.push(milliseconds);',
    '  const queue = new UploadQueue({ send }, { attempts: 4, firstDelay: 500, sleep });',
    '  const seen = [];',
    '  queue.onStatus((_name, status) => seen.push(status));',
    "  queue.add({ name: 'a.txt', bytes: new Uint8Array([1]) });",
    '  await queue.drain();',
    '  assert.deepEqual(waits, [500, 1000]);',
    "  assert.deepEqual(seen, ['waiting', 'uploading', 'retrying', 'retrying', 'done']);",
    '});',
  ]),
  finish(
    'That is all of it.',
    'Uploads that failed for a moment only (`retryable`) are tried up to four times, with a wait that doubles (0.5 s, 1 s, 2 s).\n\n- `src/retry.ts` holds the back-off; its clock is passed in\n- the queue reports a new status `retrying` before each wait\n- the README lists the status, and a test covers waits and statuses\n\nNothing was run.',
  ),
];

const gpt: readonly StoryStep[] = [
  { say: 'Looking for where an upload can fail.', tool: 'search', arguments: { pattern: 'send' } },
  read('src/upload.ts', 'One function sends a file.'),
  read('src/queue.ts', 'And the queue reports.'),
  edit(
    'src/upload.ts',
    'I put the retry where the sending is.',
    [
      '/** Sends one file. */\nexport async function upload(file: UploadFile, target: UploadTarget): Promise<void> {',
      'const delays = [200, 400, 800];\n\n/** Sends one file; after a failure it waits and tries again, telling `onRetry` which try comes next. */\nexport async function upload(\n  file: UploadFile,\n  target: UploadTarget,\n  onRetry: (attempt: number) => void = () => {},\n): Promise<void> {',
    ],
    [
      '  await target.send(file);',
      '  for (const [index, delay] of delays.entries()) {\n    try {\n      return await target.send(file);\n    } catch {\n      onRetry(index + 2);\n      await new Promise((resolve) => setTimeout(resolve, delay));\n    }\n  }\n  await target.send(file);',
    ],
  ),
  edit(
    'src/queue.ts',
    'The queue passes the news on.',
    [statusType, retryingStatus],
    [uploadLine, "        await upload(file, this.#target, () => this.#report(file, 'retrying'));"],
  ),
  edit('README.md', 'And the README says what the status means.', [
    readmeLine,
    `${readmeLine}\n- \`retrying\`: failed, and tried again after 0.2, 0.4 and 0.8 seconds`,
  ]),
  finish(
    'Done.',
    '`upload` tries again after 0.2, 0.4 and 0.8 seconds and tells the queue, which reports `retrying`.\n\nThe existing failure test now waits for real time; that is left open.',
  ),
];

const gemini: readonly StoryStep[] = [
  read('README.md', 'Reading what the library promises.'),
  read('src/queue.ts', 'The loop in `drain` is the place for a retry.'),
  edit(
    'src/queue.ts',
    'A small loop around the upload, with a growing wait.',
    [statusType, retryingStatus],
    [
      uploadLine,
      "        for (let attempt = 0; ; attempt++) {\n          try {\n            await upload(file, this.#target);\n            break;\n          } catch (error) {\n            if (attempt === 2) throw error;\n            this.#report(file, 'retrying');\n            await new Promise((resolve) => setTimeout(resolve, 300 * 2 ** attempt));\n          }\n        }",
    ],
  ),
  edit('README.md', 'The new status goes into the list.', [
    readmeLine,
    `${readmeLine}\n- \`retrying\`: waiting for another try`,
  ]),
  edit('test/queue.test.js', 'The test of a failure has to let the new status through.', [
    "assert.deepEqual(seen.slice(2), ['a.txt uploading', 'a.txt failed', 'b.txt uploading', 'b.txt done']);",
    "assert.ok(seen.includes('a.txt failed') && seen.includes('b.txt done'));",
  ]),
  finish(
    'Finished.',
    'The queue retries a failed upload twice, after 0.3 s and 0.6 s, and reports `retrying` meanwhile. The test of a failure is adapted.',
  ),
];

/** The steps of a model on the sample's story, chosen by whose model it is. */
export function storySteps(model: string): readonly StoryStep[] {
  if (model.startsWith('claude')) return claude;
  return model.startsWith('gemini') ? gemini : gpt;
}

/** What any model does with any other instruction: it looks around and writes the instruction down. */
export function noteSteps(model: string, instructions: readonly string[], scope: string): readonly StoryStep[] {
  const path = scope === '' ? 'NOTES.md' : `${scope}/NOTES.md`;
  const lines = ['# Notes', '', ...instructions.map((text) => `- ${text.split('\n')[0] ?? ''}`), '', `By ${model}.`];
  return [
    { say: 'I look around first.', tool: 'list_files', arguments: {} },
    read('README.md', 'What is this about?'),
    write(path, 'I write down what was asked.', lines),
    finish('Done.', `Wrote \`${path}\`. I am a stand-in, so I only noted what you asked.`),
  ];
}
