import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { faults } from '../support/accessibility.ts';
import { type GitHubServer, startGitHubServer, usualApp } from '../support/gitHubServer/gitHubServer.ts';
import { storyInstruction } from '../support/modelStory.ts';
import { openTestWindow, type TestWindow } from '../support/testWindow.ts';
import type { Theme } from '../support/workbench.ts';

const screenshots = resolve(import.meta.dirname, '../../.vscode-test/screenshots/pull-request');
const place = ['octocat', 'upload-queue'] as const;
const more = { checks: 'read', statuses: 'read', actions: 'read', issues: 'write' } as const;
const permissions = { ...usualApp.permissions, ...more };

describe('a pull request', function () {
  this.timeout(120_000);
  let test: TestWindow;
  let server: GitHubServer;
  let view: Frame;

  before(async () => {
    mkdirSync(screenshots, { recursive: true });
    server = await startGitHubServer({ app: { ...usualApp, permissions } });
    test = await openTestWindow(({ sample, settings, environment }) => {
      server.world.addRepository({ owner: place[0], name: place[1], from: sample.folder });
      return {
        size: { width: 1500, height: 1000 },
        settings: { ...settings, 'dursor.github.apiUrl': server.url, 'dursor.github.appId': server.appId },
        environment: { ...environment, DURSOR_GITHUB_APP_PRIVATE_KEY: server.appKey },
      };
    });
    view = await test.dursor.open();
    await test.host.workbench.setSideBarWidth(380);
    await test.dursor.run(storyInstruction, ['anthropic', 'openai']);
    await test.dursor.untilEnded();
  });
  after(async () => {
    await test?.close();
    await server?.stop();
  });

  const look = async (name: string) => {
    await test.host.page.waitForTimeout(700);
    await test.host.workbench.screenshot(join(screenshots, `${name}.png`));
  };
  const press = (key: string) => test.host.page.keyboard.press(key);
  const lens = (text: string | RegExp): Locator =>
    test.host.page.locator('.part.editor .codelens-decoration a', { hasText: text }).first();
  const pull = () => {
    const [only] = server.pulls(...place);
    assert.ok(only);
    return only;
  };
  const head = () => server.bare(...place).ref(`heads/${pull().pull.head.branch}`) ?? '';
  const facts = () => view.getByTestId('pull-request-facts');
  const rows = () => test.host.page.locator('.quick-input-widget:visible .quick-input-list-row');

  it('is written with where it goes and for whom, and asks GitHub nothing for that', async () => {
    const { host, dursor } = test;
    await dursor.writePullRequest(0);
    await lens('octocat/upload-queue · into').waitFor();
    assert.deepEqual(server.heard, []);
    await lens('Ready for review').click();
    await lens('Draft').waitFor();
    await lens('Reviewers: none').click();
    await host.workbench.quickInput().fill('ann, not a login');
    await host.page.getByText("“not a login” can't be a login name on GitHub").first().waitFor();
    await host.workbench.quickInput().fill('');
    await press('Enter');
    await lens('Labels: none').click();
    await host.workbench.quickInput().fill('uploads, good first issue');
    await press('Enter');
    await lens('Labels: uploads, good first issue').waitFor();
    await look('written');
    await lens('octocat/upload-queue · into').click();
    await rows().filter({ hasText: 'main' }).first().waitFor();
    await look('base');
    await press('Enter');
    await lens('octocat/upload-queue · into main').waitFor();
  });

  it('is opened as chosen, and shows in the task with its state', async () => {
    const { number } = await test.dursor.submitPullRequest(0);
    assert.equal(number, pull().number);
    assert.deepEqual(
      [pull().pull.draft, pull().labels, pull().pull.base],
      [true, ['uploads', 'good first issue'], 'main'],
    );
    const card = view.getByTestId('pull-request-card');
    await card.and(view.locator('[data-state="draft"]')).waitFor();
    await look('opened');
  });

  it('shows what people and checks say of it', async () => {
    const at = [...place, pull().number] as const;
    pull().pull.draft = false;
    server.addThread(...at, { author: 'stranger', path: 'src/retry.ts', line: 9, body: 'Why four attempts?' });
    server.addThread(...at, { author: 'stranger', path: 'README.md', line: 3, body: 'Say how long it waits at most.' });
    server.addComment(...at, 'stranger', 'Thank you. Could the wait be a setting?');
    server.addReview(...at, 'stranger', 'CHANGES_REQUESTED', 'Nearly there.');
    const log =
      '##[group]Run npm test\n✗ gives up after the last attempt\n##[error]Process completed with exit code 1.\n';
    const commit = head();
    server.addCheckRun(...place, { name: 'test', commit, status: 'completed', conclusion: 'failure', log });
    server.addCheckRun(...place, { name: 'types', commit, status: 'completed', conclusion: 'success' });
    await view.getByTestId('refresh-pull-request').click();
    await facts().locator('[data-fact="threads"]').waitFor();
    const text = await facts().innerText();
    assert.match(text, /Open, into main[\s\S]*test failed[\s\S]*2 open threads/);
    await look('reviewed');
  });

  it('writes the next message about what is chosen of it, and starts from its branch', async () => {
    await view.getByTestId('address-feedback').press('Enter');
    await rows().filter({ hasText: 'src/retry.ts:9' }).waitFor();
    await look('feedback');
    await press('Enter');
    const box = view.getByTestId('instruction');
    await test.dursor.workbench.page.waitForTimeout(500);
    const message = await box.inputValue();
    for (const part of ['Why four attempts?', 'Say how long it waits', 'Could the wait be', 'gives up after'])
      assert.ok(message.includes(part), `${part} in ${message}`);
    assert.equal(
      await view.getByTestId('start-from').evaluate((element) => (element as HTMLSelectElement).value.split(':')[0]),
      'pull-request',
    );
    await look('message');
  });

  it('keeps that message with where it starts when the window is loaded again', async () => {
    // VS Code in a browser writes down what webviews keep every few seconds.
    await test.host.page.waitForTimeout(6_000);
    await test.host.workbench.reload();
    view = await test.dursor.open();
    await view.getByTestId('start-from').waitFor();
    assert.match(await view.getByTestId('instruction').inputValue(), /Why four attempts\?/);
    assert.match(
      await view.getByTestId('start-from').evaluate((element) => (element as HTMLSelectElement).value),
      /^pull-request:/,
    );
  });

  it('takes the result of that round as a new commit, and answers the threads', async () => {
    const before = head();
    await view.getByTestId('run-button').click();
    await view.getByTestId('run-card').nth(2).waitFor();
    await test.dursor.untilEnded();
    assert.match(await view.locator('.round').nth(1).innerText(), /from pull request #1/);
    const update = view.getByTestId('update-pull-request').first();
    await look('answered-by-models');
    await update.press('Enter');
    const news = await test.host.workbench.notification('Answer the 2 threads that they are about');
    await look('updated');
    assert.notEqual(head(), before);
    await news.getByRole('button', { name: 'Answer and Resolve' }).click();
    await until(() => pull().pull.threads.every(({ isResolved }) => isResolved));
    assert.match(pull().pull.threads[0]?.comments.at(-1)?.body ?? '', new RegExp(`Addressed in ${head()}`));
    await test.host.workbench.runCommand('Notifications: Clear All Notifications');
    await view.getByTestId('refresh-pull-request').click();
    await facts().locator('[data-fact="threads"]').waitFor({ state: 'detached' });
    assert.equal(await view.getByTestId('update-pull-request').count(), 1, 'the other run could still be put onto it');
  });

  it('is linked where candidates are compared', async () => {
    await test.host.workbench.closeEditors();
    const panel = await test.dursor.openCompare();
    await panel.getByTestId('update-pull-request').waitFor();
    assert.equal(await panel.getByTestId('pull-request').count(), 1);
    assert.match(await panel.getByTestId('update-pull-request').innerText(), /Update #1/);
    assert.deepEqual(await faults(panel), []);
    await look('compare');
  });

  it('is watched once the user has read what that means', async () => {
    await view.getByTestId('watch-comments').press('Enter');
    const asked = await test.host.workbench.answerDialog('Cancel');
    assert.match(asked.replace(/\s+/g, ' '), /begins with \/dursor, by someone who may write to octocat\/upload-queue/);
    await view.getByTestId('watch-comments').press('Enter');
    await test.host.page.locator('.monaco-dialog-box').waitFor();
    await look('watch');
    await test.host.workbench.answerDialog('Watch Comments');
    await view.getByTestId('watch-sentence').waitFor();
    await look('watched');
  });

  it('takes a comment as a message then, and answers it on GitHub', async () => {
    // GitHub tells times in whole seconds, and what was there before counts for nothing.
    await test.host.page.waitForTimeout(1_500);
    server.addComment(...place, pull().number, 'octocat', '/dursor Note once more what you see');
    await view.getByTestId('refresh-pull-request').click();
    await view.locator('.round').nth(2).waitFor({ timeout: 30_000 });
    assert.match(await view.locator('.round').nth(2).innerText(), /asked for in a comment by octocat/);
    await test.dursor.untilEnded();
    await until(() => pull().comments.at(-1)?.body.includes('Claude Opus') ?? false);
    await look('commented');
  });

  for (const theme of ['dark', 'light', 'high-contrast'] as const satisfies readonly Theme[]) {
    it(`is accessible in the ${theme} theme, wide and narrow`, async () => {
      const { workbench } = test.host;
      await workbench.setTheme(theme);
      for (const width of [420, 240]) {
        await workbench.setSideBarWidth(width);
        await look(`${theme}-${width}`);
        assert.deepEqual(await faults(view), [], `at ${width}`);
      }
    });
  }

  it('offers nothing more for it once it is merged, and says so', async () => {
    pull().state = 'closed';
    pull().pull.merged = true;
    await test.host.workbench.runCommand('dursor: Address Feedback…');
    await test.host.workbench.notification('Pull request #1 is merged, so no message was written about it.');
    await view.getByTestId('pull-request-card').and(view.locator('[data-state="merged"]')).waitFor();
    for (const id of ['address-feedback', 'watch-comments', 'update-pull-request'])
      assert.equal(await view.getByTestId(id).count(), 0, id);
    await test.host.workbench.runCommand('Notifications: Clear All Notifications');
  });

  async function until(isSo: () => boolean): Promise<void> {
    for (let waited = 0; !isSo(); waited += 100) {
      assert.ok(waited < 30_000, 'it did not happen');
      await test.host.page.waitForTimeout(100);
    }
  }
});
