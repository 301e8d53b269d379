import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Frame } from 'playwright-core';
import { faults } from '../support/accessibility.ts';
import { hasSandbox } from '../support/hasSandbox.ts';
import { storyInstruction } from '../support/modelStory.ts';
import { openTestWindow, type TestWindow } from '../support/testWindow.ts';
import type { Theme } from '../support/workbench.ts';
import { profiles } from '../support/world.ts';

const screenshots = resolve(import.meta.dirname, '../../.vscode-test/screenshots/evidence');

describe('evidence', function () {
  this.timeout(120_000);
  let test: TestWindow;
  let panel: Frame;

  before(async function () {
    if (!(await hasSandbox())) this.skip();
    mkdirSync(screenshots, { recursive: true });
    test = await openTestWindow(() => ({ size: { width: 1600, height: 1000 } }));
    await test.dursor.open();
    await test.dursor.run(
      storyInstruction,
      profiles.map(({ id }) => id),
    );
    await test.dursor.untilEnded();
    panel = await test.dursor.openCompare();
  });
  after(() => test?.close());
  const look = (name: string) => test.host.workbench.screenshot(join(screenshots, `${name}.png`));
  const head = (label: string) => panel.locator(`[data-testid="candidate"][aria-label="${label}"]`);
  const press = (key: string) => test.host.page.keyboard.press(key);

  it('offers the checks of the folder once, and recommends nobody before one ran', async () => {
    const { workbench } = test.host;
    const offer = await workbench.notification('passes the checks of this folder: test');
    assert.match(await offer.innerText(), /Nothing runs before you agreed to it/);
    await workbench.runCommand('Notifications: Clear All Notifications');
    assert.equal(await panel.getByTestId('recommended').count(), 0);
    assert.match(await panel.getByTestId('verdict').innerText(), /^No check has run/);
  });

  it('lists what could be checked, shows the whole command, and runs nothing that was not agreed to', async () => {
    const { page, workbench } = test.host;
    await panel.getByTestId('run-checks').press('Enter');
    await page.locator('.quick-input-widget:visible .quick-input-list-row', { hasText: 'test' }).first().waitFor();
    await press('Enter');
    const asked = await workbench.answerDialog('Cancel');
    assert.match(
      asked.replace(/\s+/g, ' '),
      /Let dursor run this command as a check\? .*node .*--test test\/\*\.test\.js/,
    );
    assert.match(asked, /sandbox \(\w+\): without your home folder/);
    await panel.getByText('1 check to agree to first').waitFor();
    assert.match(readFileSync(join(test.world.sample.folder, '.vscode/settings.json'), 'utf8'), /"dursor\.checks"/);
    assert.equal(await panel.getByTestId('check').count(), 0);
    await panel.getByTestId('run-checks').press('Enter');
    await workbench.answerDialog('Agree');
  });

  it('runs them on the base and on each candidate, and says which one to take and why', async () => {
    await test.dursor.untilChecked();
    assert.equal(await panel.getByTestId('verdict').innerText(), 'Claude Opus is recommended');
    assert.match(
      await head('Claude Opus').innerText(),
      /2 of 2, 1 newly passes[\s\S]*1st passes all 2 tests the base passes, and 1/,
    );
    assert.match(await head('GPT-5.1 Codex').innerText(), /1 newly fails \(queue\.test\)[\s\S]*3rd breaks the test/);
    const gemini = await head('Gemini 3 Pro').innerText();
    assert.match(
      gemini,
      /2 of 2[\s\S]*fails 1 test of Claude Opus[\s\S]*Makes 1 assertion in test\/queue\.test\.js less/,
    );
    await look('checked');
  });

  it('shows what a check printed, with links into the candidate’s own files', async () => {
    const { page, workbench } = test.host;
    await head('GPT-5.1 Codex').getByTestId('check').press('Enter');
    await page.locator('.part.editor .tab', { hasText: 'test on GPT-5.1 Codex' }).waitFor();
    const line = page.locator('.part.editor .view-line', { hasText: '(test/queue.test.js:23)' });
    await line.locator('.detected-link').first().waitFor();
    assert.match(await workbench.visibleEditorText(), /It ended with exit code 1\.[\s\S]*✗ goes on with the next file/);
    await look('output');
    await line.click();
    await page.keyboard.press('ControlOrMeta+F');
    await page.keyboard.type('test/queue.test.js:23');
    await page.keyboard.press('Escape');
    await workbench.runCommand('Open Link');
    await page.locator('.part.editor .tab.active', { hasText: 'queue.test.js' }).waitFor();
    await workbench.closeEditors();
    panel = await test.dursor.openCompare();
  });

  it('lets models review the candidates, and leads to what they found', async () => {
    await test.dursor.review(['GPT-5.1 Codex', 'Gemini 3 Pro']);
    assert.match(await head('Claude Opus').getByTestId('review').innerText(), /preferred 8 : 0, 2 findings, minor/);
    const review = head('GPT-5.1 Codex').getByTestId('review').getByRole('button');
    assert.match(await review.innerText(), /not mergeable/);
    await review.press('Enter');
    const popup = panel.getByTestId('evidence-popup');
    await popup.waitFor();
    assert.match(
      await popup.innerText(),
      /0 of 4 answers would merge it; preferred 0 : 8[\s\S]*major: Retries whatever/,
    );
    await look('popup');
    assert.deepEqual(await faults(panel), []);
    await popup.getByTestId('mark').first().press('Enter');
    await panel.getByTestId('finding').first().waitFor();
    assert.match(await panel.getByTestId('open-path').innerText(), /upload\.ts/);
    await look('finding');
  });

  for (const theme of ['dark', 'light', 'high-contrast'] as const satisfies readonly Theme[]) {
    it(`is accessible in the ${theme} theme, wide and narrow`, async () => {
      const { workbench } = test.host;
      await workbench.setTheme(theme);
      for (const width of [1600, 760]) {
        await workbench.resize(width, 900);
        await workbench.page.waitForTimeout(700);
        await look(`${theme}-${width}`);
        assert.deepEqual(await faults(panel), [], `at ${width}`);
      }
      await workbench.resize(1600, 1000);
    });
  }

  it('stands as comments in VS Code’s own diff editor', async () => {
    await panel.getByTestId('back').click();
    await test.dursor.openDiff('src/upload.ts', 1);
    const comment = test.host.page.locator('.review-widget .review-comment', { hasText: 'Retries whatever fails' });
    await comment.first().waitFor();
    await look('comments');
    await test.host.workbench.closeEditors();
    panel = await test.dursor.openCompare();
  });

  it('is in the proposal of a pull request, folded', async () => {
    await test.dursor.writePullRequest(0);
    await look('pull-request');
    const { number } = await test.dursor.submitPullRequest(0);
    const { data } = await test.world.github.octokit.pulls.get({
      ...{ owner: 'octocat', repo: 'upload-queue' },
      pull_number: number,
    });
    const folded = /<summary>Candidates, checks, and why this one<\/summary>([\s\S]*?)<\/details>/.exec(
      data.body ?? '',
    );
    assert.match(folded?.[1] ?? '', /\| 1\. \| Claude Opus \(this one\) \| passes: 2 passed, 1 new /);
    assert.ok(!data.body?.includes(test.world.sample.folder));
  });

  it('sends a finding to its run, whose new result is checked by itself', async () => {
    panel = await test.dursor.openCompare();
    await head('GPT-5.1 Codex').getByTestId('review').getByRole('button').click();
    await panel.getByTestId('evidence-popup').getByTestId('mark').first().click();
    await panel.getByTestId('send-finding').first().click();
    assert.match(
      await test.host.workbench.answerDialog('Send'),
      /Send this to GPT-5\.1 Codex\?[\s\S]*> Retries whatever fails/,
    );
    const cards = await test.dursor.cards();
    await cards.nth(profiles.length).waitFor();
    const runs = await test.dursor.untilEnded();
    assert.equal(runs.at(-1)?.model, 'gpt-5.1-codex');
    // The panel of the round before must not be taken for the new one.
    await test.host.workbench.closeEditors();
    panel = await test.dursor.openCompare();
    await panel.getByTestId('check').filter({ hasText: '1 newly fails' }).waitFor({ timeout: 60_000 });
    await look('sent');
  });
});
