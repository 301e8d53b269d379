import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { labelOf } from '../../src/core/composition.ts';
import { Problems } from '../../src/vscode/problems.ts';
import { showStorage } from '../../src/vscode/showStorage.ts';
import { TestEngine, writer } from '../support/testEngine.ts';

describe('dursor: Show Storage', function () {
  this.timeout(30_000);
  let test: TestEngine;
  const opened: string[] = [];
  beforeEach(async () => {
    opened.length = 0;
    test = new TestEngine({ m: writer('a.txt', 'a\n') });
    await test.round('Make a file', ['m']);
  });
  afterEach(() => test.dispose());

  /** Opens the list and waits until it is measured. */
  async function open(): Promise<{ readonly closed: Promise<void> }> {
    const { disk } = test.engine;
    let isMeasured = false;
    const closed = showStorage({
      disk: {
        measure: async (onProgress, signal) => {
          const report = await disk.measure(onProgress, signal);
          isMeasured = true;
          return report;
        },
        remove: (removals) => disk.remove(removals),
        removeLeft: (runIds, taskIds) => disk.removeLeft(runIds, taskIds),
      },
      modelOf: (id) => labelOf(test.engine.candidate(id).candidate),
      problems: new Problems(test.host.log, async () => {}),
      isOpen: (folder) => folder === test.folder,
      showTask: async (id) => void opened.push(id),
    });
    await test.until(() => isMeasured);
    return { closed };
  }

  it('closes, and leaves everything as it is', async () => {
    const { closed } = await open();
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await closed;
    assert.equal(test.engine.tasks(test.folder).length, 1);
    assert.deepEqual(opened, []);
  });

  it('opens the task that is picked', async () => {
    const { closed } = await open();
    for (let asked = 0; opened.length === 0 && asked < 100; asked++) {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await closed;
    assert.deepEqual(
      opened,
      test.engine.tasks(test.folder).map(({ id }) => id),
    );
  });
});
