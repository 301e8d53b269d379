import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTestWindow, type TestWindow } from '../support/testWindow.ts';

/** It is looked for everywhere afterwards. */
const plantedKey = 'sk-planted-5f0c3d9be1a84c7796d2';

describe('the first use', function () {
  this.timeout(120_000);
  let test: TestWindow | undefined;
  afterEach(async () => {
    await test?.close();
    test = undefined;
  });

  it('adds a model: provider, key, a model of the list that the key sees, label', async () => {
    test = await openTestWindow(({ settings, environment }) => ({
      settings: { ...settings, 'dursor.models': [] },
      environment: { ...environment, OPENAI_API_KEY: '' },
    }));
    const { workbench, page } = test.host;
    const view = await test.dursor.open();
    await view.getByTestId('add-model').click();
    const pick = async (text: string) => {
      await page.locator('.quick-input-widget:visible .quick-input-list-row', { hasText: text }).first().click();
    };
    await pick('OpenAI');
    await page.locator('.quick-input-widget:visible', { hasText: 'OpenAI API key' }).waitFor();
    await workbench.quickInput().fill('wrong');
    await page.keyboard.press('Enter');
    await workbench.quickInput().waitFor({ state: 'hidden' });
    await workbench.notification('OpenAI refused the API key');

    await view.getByTestId('add-model').click();
    await pick('OpenAI');
    await page.locator('.quick-input-widget:visible', { hasText: 'OpenAI API key' }).waitFor();
    await workbench.quickInput().fill(plantedKey);
    await page.keyboard.press('Enter');
    await pick('gpt-5.1-codex');
    await page.locator('.quick-input-widget:visible', { hasText: 'label' }).waitFor();
    await workbench.quickInput().fill('My Codex');
    await page.keyboard.press('Enter');
    const chip = view.getByTestId('model-chip');
    await chip.waitFor();
    assert.match(await chip.innerText(), /My Codex/);
    await test.dursor.run('Leave a note', ['gpt-5.1-codex']);
    const [run] = await test.dursor.untilEnded();
    assert.equal(run?.status, 'succeeded');
    // Everything the window wrote (settings, state, logs, tasks, patches), everything it sent, and what it shows.
    const written = readdirSync(test.host.server.dataDir, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    assert.ok(written.some(({ name }) => name === 'dursor.sqlite'));
    for (const { name, parentPath } of written) {
      assert.ok(!readFileSync(join(parentPath, name)).includes(plantedKey), `${join(parentPath, name)} has the key`);
    }
    const bodies = test.world.models.requests().map(({ body }) => body);
    assert.ok(bodies.length > 0 && !JSON.stringify(bodies).includes(plantedKey));
    assert.ok(!(await view.content()).includes(plantedKey));
  });

  it('asks for a folder where none is open', async () => {
    test = await openTestWindow(() => ({ folder: undefined }) as never);
    await test.host.workbench.openContainer('dursor');
    const view = await test.host.workbench.webview('blocked');
    assert.match(await view.getByTestId('problem').innerText(), /Open a folder/);
    assert.equal(await view.getByTestId('problem-action').count(), 1);
  });
});
