import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import type { RunId } from '../../src/core/domain.ts';
import { UserError } from '../../src/core/problem.ts';
import { openRunFolder } from '../../src/vscode/openRunFolder.ts';
import { hanging, TestEngine, writer } from '../support/testEngine.ts';

describe('opening a run in a new window', function () {
  this.timeout(30_000);
  let test: TestEngine;
  const opened: vscode.Uri[] = [];
  const openWindow = async (folder: vscode.Uri) => opened.push(folder);

  beforeEach(() => {
    opened.length = 0;
    test = new TestEngine({ m: writer('made.txt', 'made\n'), slow: hanging });
  });
  afterEach(() => test.dispose());

  it('opens a folder with the run’s files, the same one each time', async () => {
    const [run] = test.runs(await test.round('Go', ['m']));
    const id = run?.id as RunId;
    await openRunFolder(test.engine, id, openWindow);
    await openRunFolder(test.engine, id, openWindow);
    const [first, second, ...more] = opened;
    assert.deepEqual(more, []);
    assert.equal(first?.scheme, 'file');
    assert.equal(first?.toString(), second?.toString());
    assert.equal(readFileSync(join(first?.fsPath ?? '', 'made.txt'), 'utf8'), 'made\n');
    assert.ok(!existsSync(join(test.folder, 'made.txt')));
  });

  it('opens nothing of a run that is still working', async () => {
    const { roundId } = test.start('Go', ['slow']);
    const opening = openRunFolder(test.engine, test.runs(roundId)[0]?.id as RunId, openWindow);
    await assert.rejects(opening, (error) => error instanceof UserError && /still working/.test(error.message));
    assert.deepEqual(opened, []);
    await test.engine.cancelRound(roundId);
  });
});
