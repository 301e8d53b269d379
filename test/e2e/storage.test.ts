import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { openTestWindow, type TestWindow } from '../support/testWindow.ts';
import { Workbench } from '../support/workbench.ts';

const screenshots = join(import.meta.dirname, '..', '..', '.vscode-test', 'screenshots');

describe('what a run leaves', function () {
  this.timeout(120_000);
  let test: TestWindow;
  /** The run's files, as the second window has them. */
  let folder: string;

  before(async () => {
    test = await openTestWindow();
    await test.dursor.open();
  });
  after(() => test?.close());

  it('tells which files were kept from the models', async () => {
    writeFileSync(join(test.world.sample.folder, 'deploy.key'), 'not for models\n');
    await test.dursor.run('Leave a note', ['anthropic']);
    const [run] = await test.dursor.untilEnded();
    assert.equal(run?.status, 'succeeded');
    const view = await test.dursor.taskView();
    const kept = view.locator('.kept-back');
    await kept.locator('summary').click();
    assert.match(await kept.innerText(), /file.? kept from the models[\s\S]*Forbidden or unreadable[\s\S]*deploy\.key/);
    await test.host.workbench.screenshot(join(screenshots, 'kept-back.png'));
  });

  it('opens a run as real files in a window of its own', async () => {
    const opened = test.host.page.context().waitForEvent('page');
    await (await test.dursor.cards()).first().getByTestId('open-run-folder').click();
    const page = await opened;
    const window = new Workbench(page);
    await window.ready();
    folder = new URL(page.url()).searchParams.get('folder') ?? '';
    assert.match(readFileSync(join(folder, 'NOTES.md'), 'utf8'), /Leave a note/);
    assert.ok(!existsSync(join(folder, '.env')) && !existsSync(join(folder, 'deploy.key')));
    assert.ok(!existsSync(join(test.world.sample.folder, 'NOTES.md')));
    await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'NOTES.md' }).waitFor();
    await window.screenshot(join(screenshots, 'run-in-window.png'));
    await page.close();
  });

  it('shows what takes how much, and frees it', async () => {
    const { workbench, page } = test.host;
    await workbench.runCommand('dursor: Show Storage');
    const rows = page.locator('.quick-input-list .monaco-list-row');
    await rows.filter({ hasText: 'Leave a note' }).first().waitFor();
    await rows.filter({ hasText: 'Folder of' }).waitFor();
    await workbench.screenshot(join(screenshots, 'storage.png'));
    await free(rows.filter({ hasText: 'Folder of' }));
    await rows.filter({ hasText: 'Folder of' }).waitFor({ state: 'detached' });
    assert.ok(!existsSync(folder));
    await free(rows.filter({ hasText: 'round' }).first());
    await rows.filter({ hasText: 'No task is stored' }).waitFor();
    await page.keyboard.press('Escape');
    await (await test.dursor.cards()).first().waitFor({ state: 'detached' });
  });

  async function free(row: Locator): Promise<void> {
    await row.hover();
    await row.locator('.codicon-trash').click();
    const dialog = test.host.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    await dialog.getByText('Delete', { exact: true }).click();
  }
});
