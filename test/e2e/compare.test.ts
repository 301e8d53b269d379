import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Frame } from 'playwright-core';
import { faults } from '../support/accessibility.ts';
import { compareStory } from '../support/compareStory.ts';
import { type SeededRound, seedRound } from '../support/seededRound.ts';
import { openTestWindow, type TestWindow } from '../support/testWindow.ts';
import type { Theme } from '../support/workbench.ts';

const screenshots = resolve(import.meta.dirname, '../../.vscode-test/screenshots/compare');

describe('comparing candidates', function () {
  this.timeout(120_000);
  let test: TestWindow;
  let seeded: SeededRound;
  let panel: Frame;

  before(async () => {
    mkdirSync(screenshots, { recursive: true });
    test = await openTestWindow(() => ({
      size: { width: 1600, height: 1000 },
      prepare: async (storage) => {
        seeded = await seedRound(compareStory, storage);
        return seeded.folder;
      },
    }));
    const view = await test.dursor.open();
    await view.getByTestId('task-row').first().click();
    panel = await test.dursor.openCompare();
  });
  after(async () => {
    await test?.close();
    await seeded?.[Symbol.asyncDispose]();
  });
  const press = (key: string) => test.host.page.keyboard.press(key);
  const inFolder = (path: string) => readFileSync(join(seeded.folder, path), 'utf8');
  const place = (text: RegExp) => panel.getByTestId('place').filter({ hasText: text });
  const region = (text: RegExp) => panel.getByTestId('region').filter({ hasText: text }).first();

  it('says in a sentence how far they agree, and lists the places to read, most disputed first', async () => {
    const sentence = await panel.getByTestId('agreement').innerText();
    assert.match(
      sentence,
      /3 candidates change 7 files\. All agree on \d+ % of the changed lines\. Read these 8 places\./,
    );
    assert.equal(await panel.getByTestId('place').count(), 8);
    assert.equal(await panel.getByTestId('file-row').count(), 7);
    const renamed = panel.locator('[data-testid="file-row"][data-path="media/mark.png"]');
    assert.match(await renamed.innerText(), /renamed/);
  });

  it('goes from place to place by key, and shows the file with all candidates side by side', async () => {
    await panel.getByTestId('file-name').first().focus();
    await press('n');
    await panel.getByTestId('aligned-file').waitFor();
    const first = await panel.getByTestId('open-path').innerText();
    await press('n');
    await until(async () => (await panel.getByTestId('open-path').innerText()) !== first, 'the next place');
    await place(/upload\.ts.*in send\(\)/).click();
    await region(/Line 11.*two versions: Claude Opus \| GPT-5\.1 Codex and Gemini 3 Pro/s).waitFor();
  });

  it('puts parts of two candidates together by key, and one by hand', async () => {
    await press('1');
    const bar = panel.getByTestId('composition-bar');
    await bar.filter({ hasText: 'Claude' }).waitFor();
    await press('2');
    await bar.filter({ hasText: 'with 1 place from GPT-5.1 Codex' }).waitFor();
    await press('e');
    const { page, workbench } = test.host;
    await until(async () => (await workbench.tabs()).some((tab) => tab.includes('editable')), 'the editor');
    await page.locator('.monaco-diff-editor .modified .view-line').first().waitFor();
    await page.locator('.monaco-diff-editor .modified .view-line', { hasText: '!res.ok' }).first().click();
    await press('End');
    await page.keyboard.type(' // by hand');
    await press('ControlOrMeta+s');
    const view = await test.dursor.taskView();
    await view
      .getByText(/with 1 place by hand/)
      .first()
      .waitFor();
    panel = await test.dursor.openCompare();
    await panel.getByTestId('composition-bar').filter({ hasText: 'by hand' }).waitFor();
  });

  it('keeps the file, the choices and the composition over a reload', async () => {
    // VS Code in a browser writes down its editors every few seconds.
    await test.host.page.waitForTimeout(6_000);
    await test.host.workbench.reload();
    await test.dursor.open();
    panel = await test.dursor.comparePanel();
    await panel.getByTestId('open-path').filter({ hasText: 'upload.ts' }).waitFor();
    await panel.getByTestId('composition-bar').filter({ hasText: 'by hand' }).waitFor();
  });

  for (const theme of ['dark', 'light', 'high-contrast'] as const satisfies readonly Theme[]) {
    it(`is accessible in the ${theme} theme, wide and narrow`, async () => {
      const { workbench } = test.host;
      await workbench.setTheme(theme);
      for (const [width, sideBar] of [
        [1600, 300],
        [1000, 230],
      ] as const) {
        await workbench.resize(width, 900);
        await workbench.setSideBarWidth(sideBar);
        await workbench.page.waitForTimeout(900);
        await workbench.screenshot(join(screenshots, `file-${theme}-${width}.png`));
        assert.deepEqual(await faults(panel), [], `the aligned file at ${width}`);
      }
      await panel.getByTestId('back').click();
      await panel.getByTestId('files-table').waitFor();
      await workbench.screenshot(join(screenshots, `table-${theme}.png`));
      assert.deepEqual(await faults(panel), [], 'the table of files');
      await panel.getByTestId('next-place').click();
      await panel.getByTestId('aligned-file').waitFor();
    });
  }

  it('applies the composition as one edit, and takes it back exactly', async () => {
    await test.host.workbench.resize(1600, 1000);
    const before = inFolder('src/upload.ts');
    await panel.getByTestId('apply-composition').click();
    await until(() => inFolder('src/upload.ts').includes('// by hand'), 'the files to change');
    assert.match(inFolder('src/upload.ts'), /if \(!res\.ok\) \{ \/\/ by hand\n/);
    assert.match(inFolder('src/upload.ts'), /sleep\(delay\(attempt\) \* \(0\.5/, 'the rest is as Claude has it');
    await test.host.workbench.runCommand('dursor: Undo Apply');
    await until(() => inFolder('src/upload.ts') === before, 'the files to be as before');
    assert.equal(inFolder('src/legacy.js'), 'module.exports = {};\n');
  });

  async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
    for (let waited = 0; ; waited += 100) {
      if (
        await Promise.resolve()
          .then(condition)
          .catch(() => false)
      )
        return;
      assert.ok(waited < 20_000, `waited in vain for ${what}`);
      await test.host.page.waitForTimeout(100);
    }
  }
});
