import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { openTestWindow, type TestWindow } from '../support/testWindow.ts';

describe('a person at work', function () {
  this.timeout(120_000);
  let test: TestWindow;
  let view: Frame;

  before(async () => {
    test = await openTestWindow((world) => ({ environment: { ...world.environment, OPENAI_API_KEY: 'wrong' } }));
    view = await test.dursor.open();
  });
  after(() => test?.close());
  const card = async (index: number) => (await test.dursor.cards()).nth(index);
  const inFolder = (path: string) => join(test.world.sample.folder, path);

  it('is told of a wrong key while other runs go on, sets it, and retries with one button each', async () => {
    const { dursor, host } = test;
    await dursor.run('Leave a note', ['anthropic', 'openai']);
    const runs = await dursor.untilEnded();
    assert.deepEqual(
      runs.map(({ status }) => status),
      ['succeeded', 'failed'],
    );
    const failed = await card(1);
    assert.match(await failed.getByTestId('problem').innerText(), /OpenAI refused the API key/);
    await failed.getByTestId('problem-action').click();
    const input = host.workbench.quickInput();
    await input.waitFor();
    assert.equal(await input.getAttribute('type'), 'password');
    await input.fill('a-better-key');
    await host.page.keyboard.press('Enter');
    await failed.and(view.locator('[data-status="succeeded"]')).waitFor({ timeout: 30_000 });
  });

  it('cancels one run within a second, and nothing goes on', async () => {
    test.world.models.setDelay(20_000);
    await view.getByTestId('new-task').click();
    await test.dursor.run('Leave another note', ['anthropic', 'google']);
    const first = await card(0);
    await first.and(view.locator('[data-status="running"]')).waitFor();
    const started = Date.now();
    await first.getByTestId('cancel-run').click();
    await first.and(view.locator('[data-status="canceled"]')).waitFor();
    assert.ok(Date.now() - started < 1500, 'including the click');
    assert.equal(await (await card(1)).getAttribute('data-status'), 'running');
    await view.getByTestId('cancel-all').click();
    await (await card(1)).and(view.locator('[data-status="canceled"]')).waitFor();
    test.world.models.setDelay(0);
  });

  it('reloads the window in the middle, finds the run interrupted, and retries it', async () => {
    test.world.models.setDelay(20_000);
    await view.getByTestId('new-task').click();
    await test.dursor.run('Leave a third note', ['google']);
    await (await card(0)).and(view.locator('[data-status="running"]')).waitFor();
    await test.host.workbench.reload();
    view = await test.dursor.open();
    const interrupted = await card(0);
    await interrupted.and(view.locator('[data-status="failed"]')).waitFor({ timeout: 30_000 });
    assert.match(await interrupted.getByTestId('problem').innerText(), /reloaded/);
    test.world.models.setDelay(0);
    await interrupted.getByTestId('retry-run').click();
    await interrupted.and(view.locator('[data-status="succeeded"]')).waitFor({ timeout: 30_000 });
  });

  it('sends a follow-up that starts from the chosen run, and applies the result of both rounds', async () => {
    await (await card(0)).getByTestId('choose-run').click();
    await view.locator('[data-testid="start-from"]', { hasText: "from Gemini 3 Pro's result" }).waitFor();
    await test.dursor.run('And a fourth one', ['anthropic']);
    const runs = await test.dursor.untilEnded();
    assert.equal(runs.at(-1)?.status, 'succeeded');
    assert.ok(!existsSync(inFolder('NOTES.md')));
    await (await test.dursor.cards()).last().getByTestId('apply').click();
    await until(() => existsSync(inFolder('NOTES.md')), 'the note to appear in the folder');
    assert.match(readFileSync(inFolder('NOTES.md'), 'utf8'), /Leave a third note\n- And a fourth one/);
  });

  it('runs a task in a folder of the Explorer, which changes only that folder', async () => {
    const { workbench } = test.host;
    await workbench.page.keyboard.press('Control+Shift+E');
    const folder = workbench.page.locator('.explorer-folders-view .monaco-list-row', { hasText: /^src$/ }).first();
    await folder.click({ button: 'right' });
    const item = workbench.page.locator('.context-view .action-label', { hasText: 'Run dursor Task Here…' });
    // At a person's pace: VS Code leaves a view blank that is shown again while it is still being hidden.
    await item.hover();
    await workbench.page.waitForTimeout(1_000);
    await item.click();
    view = await test.dursor.taskView();
    await view.getByTestId('scope-chip').waitFor();
    assert.match(await view.getByTestId('scope-chip').innerText(), /src/);
    await test.dursor.run('Leave a note here', ['google']);
    const [run] = await test.dursor.untilEnded();
    assert.equal(run?.status, 'succeeded');
    await test.dursor.openCompare();
    const paths = await (await test.dursor.comparePanel())
      .getByTestId('file-row')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-path') ?? ''));
    assert.ok(paths.length > 0 && paths.every((path) => path.startsWith('src/')), paths.join());
  });

  async function until(condition: () => boolean, what: string): Promise<void> {
    for (let waited = 0; !condition(); waited += 100) {
      assert.ok(waited < 20_000, `waited in vain for ${what}`);
      await test.host.page.waitForTimeout(100);
    }
  }
});
