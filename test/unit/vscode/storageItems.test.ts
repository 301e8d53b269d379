import assert from 'node:assert/strict';
import type { RunId, TaskId } from '../../../src/core/domain.ts';
import type { StorageReport, StoredFolder, StoredTask } from '../../../src/core/engine/storageReport.ts';
import {
  countText,
  lockOf,
  questionFor,
  removalsFor,
  type StorageItem,
  sizeText,
  storageItems,
  storageNews,
  storageTitle,
} from '../../../src/vscode/storageItems.ts';

const day = 24 * 60 * 60 * 1000;
const now = 1000 * day;
const mega = 1024 * 1024;

const folder: StoredFolder = { runId: 'r' as RunId, path: '/f/r', bytes: 240 * mega, usedAt: now - 3 * day };

function task(title: string, megabytes: number, ageDays: number, more: Partial<StoredTask> = {}): StoredTask {
  return {
    id: title as TaskId,
    title,
    folder: '/home/shop',
    rounds: 2,
    updatedAt: now - ageDays * day,
    isWorking: false,
    bytes: megabytes * mega,
    runFolders: [],
    ...more,
  };
}

function report(tasks: readonly StoredTask[], more: Partial<StorageReport> = {}): StorageReport {
  return { total: 1500 * mega, database: 3 * mega, tasks, other: 0, ...more };
}

const list = (stored: StorageReport) => storageItems(stored, (runId) => `Model of ${runId}`, now);
const labels = (items: readonly StorageItem[]) => items.map(({ label }) => label);

function entryOf(items: readonly StorageItem[], label: string) {
  const entry = items.find((item) => item.label === label)?.entry;
  assert.ok(entry && entry.type !== 'fact', label);
  return entry;
}

describe('the list of what is stored', () => {
  it('has the largest first, a run folder as an entry of its own, and the total above', () => {
    const stored = report([task('Small', 1, 2), task('Large', 30, 0.5, { runFolders: [folder] })]);
    assert.equal(storageTitle(stored), 'dursor uses 1.5 GB');
    assert.deepEqual(
      list(stored).map(({ label, description, detail }) => [label, description, detail]),
      [
        ['Folder of Model of r’s run', '240 MB · Large', '/f/r · last used 3 days ago'],
        ['Large', '30 MB · /home/shop', '2 rounds · used in the last 24 hours'],
        ['Small', '1.0 MB · /home/shop', '2 rounds · last used 2 days ago'],
        ['Database', '3.0 MB', 'Messages, runs and patches of all tasks'],
      ],
    );
  });

  it('offers to free what was not used for a month, and asks with numbers', () => {
    const old = task('Old', 1, 40);
    const items = list(
      report([task('New', 5, 1), old, task('Older', 2, 300), task('Busy', 9, 99, { isWorking: true })]),
    );
    const [first] = items;
    assert.deepEqual(
      [first?.label, first?.description],
      ['$(trash) Free everything not used in the last 30 days…', '2 tasks, 3.0 MB'],
    );
    const entry = entryOf(items, first?.label ?? '');
    const question = questionFor(entry, true);
    assert.equal(question.message, 'Delete 2 tasks not used in the last 30 days?');
    assert.match(question.detail, /^That is 3\.0 MB\..*Pull requests stay on GitHub\.$/);
    assert.deepEqual(
      removalsFor(entry).tasks.map(({ title }) => title),
      ['Older', 'Old'],
    );
    assert.ok(!labels(list(report([task('New', 5, 1)])))[0]?.includes('Free'));
  });

  it('says what deleting a task takes with it, and where it belongs', () => {
    const stored = task('Fix it', 10, 2, { runFolders: [folder] });
    const entry = entryOf(list(report([stored])), 'Fix it');
    const here = questionFor(entry, true);
    assert.equal(here.message, 'Delete task “Fix it” and everything it stored?');
    assert.match(
      here.detail,
      /^Its messages, runs and patches .*\(250 MB\)\. So are folders .* what you changed in them\. Pull requests stay on GitHub\.$/,
    );
    assert.doesNotMatch(questionFor({ type: 'task', task: task('Plain', 10, 2) }, true).detail, /folders/);
    assert.match(questionFor(entry, false).detail, /^It belongs to \/home\/shop, which is not open in this window\./);
    assert.deepEqual(removalsFor(entry), { folders: [], tasks: [stored] });
    const folderEntry = entryOf(list(report([stored])), 'Folder of Model of r’s run');
    assert.match(
      questionFor(folderEntry, true).detail,
      /^\/f\/r is removed .*\(240 MB\)\. The run and its patch stay\.$/,
    );
    assert.deepEqual(removalsFor(folderEntry), { folders: [folder], tasks: [] });
  });

  it('locks what works, and says why', () => {
    const items = list(report([task('Busy', 9, 99, { isWorking: true, runFolders: [folder] }), task('Idle', 1, 99)]));
    assert.match(items.find(({ label }) => label === 'Busy')?.detail ?? '', /working now/);
    assert.match(lockOf(entryOf(items, 'Busy')) ?? '', /“Busy” is working/);
    assert.match(lockOf(entryOf(items, 'Folder of Model of r’s run')) ?? '', /“Busy” is working/);
    assert.equal(lockOf(entryOf(items, 'Idle')), undefined);
  });

  it('shows titles as they are, not as icons', () => {
    assert.ok(labels(list(report([task('$(trash) all', 1, 1)]))).includes('\\$(trash) all'));
  });

  it('says so in a sentence when nothing is stored', () => {
    assert.deepEqual(labels(list(report([]))), ['No task is stored. Tasks are listed here once you sent a message.']);
  });

  it('names what belongs to no task', () => {
    assert.equal(list(report([task('A', 1, 1)], { other: 7 * mega })).at(-1)?.description, '7.0 MB');
    assert.equal(list(report([task('A', 1, 1)], { other: 8192 })).at(-1)?.label, 'Database');
  });
});

describe('sizes and counts', () => {
  for (const [bytes, text] of [
    [0, '0 KB'],
    [1500, '1 KB'],
    [999 * 1024, '999 KB'],
    [1000 * 1024, '1.0 MB'],
    [9.94 * mega, '9.9 MB'],
    [9.96 * mega, '10 MB'],
    [1.2 * 1024 * mega, '1.2 GB'],
    [5000 * 1024 * 1024 * mega, '5000 TB'],
  ] as const) {
    it(`has ${text} for ${bytes} bytes`, () => assert.equal(sizeText(bytes), text));
  }

  it('says what went and why', () => {
    const settings = { keepDays: 90, maxSize: 5000 };
    const gone = { tasks: 3, folders: 0, bytes: 1.2 * 1024 * mega, kept: 0, left: [], settings };
    assert.equal(storageNews({ ...gone, isForSize: false }), 'dursor removed 3 tasks unused for 90 days (1.2 GB).');
    assert.equal(
      storageNews({ ...gone, tasks: 1, folders: 2, isForSize: true }),
      'dursor removed 1 task and 2 run folders to stay below 5000 MB (1.2 GB).',
    );
    assert.equal(countText(0, 1), '1 run folder');
  });
});
