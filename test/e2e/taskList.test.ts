import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { faults } from '../support/accessibility.ts';
import { openTestWindow, type TestWindow } from '../support/testWindow.ts';

const screenshots = join(import.meta.dirname, '..', '..', '.vscode-test', 'screenshots', 'tasks');
const titles = [
  'Leave a note about the upload queue, and about every status that it reports while it is at work, one after the other',
  'Leave a note about retries',
  'Leave a note about the README',
];

describe('the tasks of a folder', function () {
  this.timeout(120_000);
  let test: TestWindow;
  let view: Frame;

  before(async () => {
    mkdirSync(screenshots, { recursive: true });
    // A comparison that opens by itself is seen.
    const settings = { 'dursor.compare.openWhenDone': false };
    test = await openTestWindow((world) => ({ settings: { ...world.settings, ...settings } }));
    view = await test.dursor.open();
    for (const title of titles) {
      await view.getByTestId('new-task').click();
      await view.getByTestId('run-card').waitFor({ state: 'detached' });
      await test.dursor.run(title, ['google']);
      await test.dursor.untilEnded();
    }
  });
  after(() => test?.close());
  const rows = () => view.getByTestId('task-row');
  const badge = () =>
    test.host.page.locator('.part.activitybar .action-item:has(a[aria-label^="dursor"]) .badge-content');

  it('are listed, with a search, in every theme and width', async () => {
    const { workbench } = test.host;
    await view.getByTestId('toggle-task-list').click();
    await rows()
      .nth(titles.length - 1)
      .waitFor();
    await rows().nth(1).focus();
    for (const theme of ['dark', 'light', 'high-contrast'] as const) {
      await workbench.setTheme(theme);
      for (const width of [420, 230]) {
        await workbench.setSideBarWidth(width);
        await rows().nth(1).focus();
        await workbench.page.waitForTimeout(500);
        await workbench.screenshot(join(screenshots, `${theme}-${width}.png`));
        assert.deepEqual(await faults(view), []);
      }
    }
  });

  it('are found, renamed and deleted with the keyboard alone', async () => {
    const { page, workbench } = test.host;
    const search = view.getByTestId('task-search');
    await search.focus();
    await page.keyboard.type('NOTE retr');
    await rows().filter({ hasNotText: 'retries' }).first().waitFor({ state: 'detached' });
    assert.equal(await rows().count(), 1);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('F2');
    const input = workbench.quickInput();
    await input.waitFor();
    await input.fill('Try failed uploads again');
    await page.keyboard.press('Enter');
    await view.getByTestId('no-task-found').waitFor();
    await search.fill('again');
    await rows().filter({ hasText: 'Try failed uploads again' }).waitFor();
    await search.press('ArrowDown');
    await page.keyboard.press('Delete');
    const dialog = page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /Delete the task “Try failed uploads again”/);
    await page.keyboard.press('Enter');
    await view.getByTestId('no-task-found').waitFor();
    await search.press('Escape');
    await rows().nth(1).waitFor();
    assert.equal(await rows().count(), 2);
    await search.press('Escape');
    await search.waitFor({ state: 'detached' });
  });

  it('say at the icon how many runs work, and that a round ended while nobody looked', async () => {
    const { page, workbench } = test.host;
    test.world.models.setDelay(11_000);
    await test.dursor.run('Leave one more note', ['anthropic', 'google']);
    await badge().filter({ hasText: /^2$/ }).waitFor();
    // Only the first answer takes long.
    await until(() => test.world.models.waiting() === 2, 'both requests');
    test.world.models.setDelay(0);
    await page.keyboard.press('Control+Shift+E');
    await page.locator('.explorer-folders-view').waitFor();
    await badge().filter({ hasText: /^1$/ }).waitFor({ timeout: 60_000 });
    const news = await workbench.notification('2 of 2 runs are done');
    await workbench.screenshot(join(screenshots, 'unseen.png'));
    await news.locator('.monaco-button', { hasText: 'Show Task' }).click();
    await badge().waitFor({ state: 'hidden' });
  });

  it('keep which models were ticked when the window reloads', async () => {
    view = await test.dursor.taskView();
    const chip = (id: string): Locator => view.locator(`[data-testid="model-chip"][data-profile="${id}"]`);
    const isTicked = async (id: string) => (await chip(id).getAttribute('aria-pressed')) === 'true';
    await chip('openai').waitFor();
    assert.deepEqual(
      [await isTicked('anthropic'), await isTicked('openai'), await isTicked('google')],
      [true, false, true],
    );
    await test.host.workbench.reload();
    view = await test.dursor.open();
    await chip('openai').waitFor();
    assert.deepEqual(
      [await isTicked('anthropic'), await isTicked('openai'), await isTicked('google')],
      [true, false, true],
    );
  });

  async function until(condition: () => boolean, what: string): Promise<void> {
    for (let waited = 0; !condition(); waited += 100) {
      assert.ok(waited < 20_000, `waited in vain for ${what}`);
      await test.host.page.waitForTimeout(100);
    }
  }
});
