import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { faults } from '../support/accessibility.ts';
import { storyInstruction } from '../support/modelStory.ts';
import { openTestWindow, type TestWindow } from '../support/testWindow.ts';
import type { Theme } from '../support/workbench.ts';
import { profiles } from '../support/world.ts';

const screenshots = resolve(import.meta.dirname, '../../.vscode-test/screenshots/looks');

describe('the looks of the views', function () {
  this.timeout(120_000);
  let test: TestWindow;

  before(async () => {
    mkdirSync(screenshots, { recursive: true });
    test = await openTestWindow();
    await test.dursor.open();
    await test.dursor.run(
      storyInstruction,
      profiles.map(({ id }) => id),
    );
    await test.dursor.untilEnded();
    await test.dursor.openCompare();
  });
  after(() => test?.close());

  for (const theme of ['dark', 'light', 'high-contrast'] as const satisfies readonly Theme[]) {
    it(`are accessible in the ${theme} theme, wide and narrow`, async () => {
      const { workbench } = test.host;
      await workbench.setTheme(theme);
      for (const [width, sideBar] of [
        [1600, 420],
        [900, 230],
      ] as const) {
        await workbench.resize(width, 900);
        await workbench.setSideBarWidth(sideBar);
        await workbench.page.waitForTimeout(700);
        await workbench.screenshot(join(screenshots, `${theme}-${width}.png`));
        assert.deepEqual(await faults(await test.dursor.taskView()), [], 'task view');
        assert.deepEqual(await faults(await test.dursor.comparePanel()), [], 'compare panel');
      }
    });
  }

  it('can be used by keyboard alone', async () => {
    const { page } = test.host;
    await test.host.workbench.resize(1440, 900);
    const view = await test.dursor.taskView();
    await view.getByTestId('instruction').focus();
    const seen = new Set<string>();
    for (let presses = 0; presses < 150; presses++) {
      await page.keyboard.press('Tab');
      const name = await view.evaluate("document.activeElement?.getAttribute('data-testid') ?? ''");
      seen.add(String(name));
    }
    for (const name of ['model-chip', 'preview-patch', 'create-pull-request', 'apply', 'open-compare', 'new-task']) {
      assert.ok(seen.has(name), `${name} is reached with the Tab key; reached: ${[...seen].join(', ')}`);
    }
  });
});
