import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { faults } from '../support/accessibility.ts';
import { type ChatService, startChatService } from '../support/chatService.ts';
import { noteSteps, type StoryStep } from '../support/modelStory.ts';
import { openTestWindow, type TestWindow } from '../support/testWindow.ts';

const screenshots = join(import.meta.dirname, '..', '..', '.vscode-test', 'screenshots');
const model = 'tiny-coder';
/** As many as a note takes, so that a run of more is stopped. */
const maxSteps = 4;

describe('a service of one’s own', function () {
  this.timeout(120_000);
  let test: TestWindow;
  let service: ChatService;
  let view: Frame;
  let card: Locator;

  before(async () => {
    mkdirSync(screenshots, { recursive: true });
    service = await startChatService({ models: [model, 'other-coder'], steps });
    test = await openTestWindow(({ settings }) => ({ settings: { ...settings, 'dursor.run.maxSteps': maxSteps } }));
    view = await test.dursor.open();
  });
  after(async () => {
    await test?.close();
    await service?.[Symbol.asyncDispose]();
  });

  it('is added by its address alone, with the keyboard, and works on a message to the end', async () => {
    await test.host.workbench.runCommand('dursor: Add Model…');
    await answer('choose a provider', 'OpenAI-compatible');
    await answer('address', service.baseUrl);
    await answer('API key for', '');
    await answer('choose a model', model);
    await answer('label', 'Tiny');
    await view.locator(`[data-testid="model-chip"][data-profile="${model}"][aria-pressed="true"]`).waitFor();

    await test.dursor.run('Leave a note', [model]);
    const [run] = await test.dursor.untilEnded();
    assert.deepEqual([run?.status, run?.provider, run?.filesChanged], ['succeeded', 'openai-compatible', 1]);
    card = (await test.dursor.cards()).first();
    assert.match(await card.getByTestId('run-figures').innerText(), /^6\.6k in \(3\.1k cached\)\s+160 out\s+local$/);
    // The keys of the providers, which are set in this window, are nobody's business here.
    assert.deepEqual([...new Set(service.requests.map(({ authorization }) => authorization))], ['']);
  });

  it('is waited for when it asks to, and the view says for how long', async () => {
    await newTask();
    service.limitNext(2);
    await test.dursor.run('Leave another note', [model]);
    await view.getByText(/^rate limited, goes on in \d s$/).waitFor();
    const [run] = await test.dursor.untilEnded();
    assert.equal(run?.status, 'succeeded');
  });

  it('is stopped by the limit of steps, and goes on from there', async () => {
    await newTask();
    await test.dursor.run('Take your time', [model]);
    await test.dursor.untilEnded();
    card = (await test.dursor.cards()).first();
    assert.match(await card.getByTestId('problem').innerText(), /wasn't done after 4 steps/);
    assert.match(await card.innerText(), /Stopped/);
    await card.locator('.disclosure', { hasText: /^4 steps$/ }).click();
    await test.host.workbench.screenshot(join(screenshots, 'step-limit.png'));
    assert.deepEqual(await faults(view), []);
    await card.getByTestId('continue-run').press('Enter');
    await card.and(view.locator('[data-status="succeeded"]')).waitFor({ timeout: 30_000 });
    const run = (await test.dursor.runs())[0];
    assert.equal(run?.filesChanged, 1);
    await card.locator('.disclosure', { hasText: /^5 steps$/ }).waitFor();
  });

  it('has what it did in a document, opened from the menu with the keyboard', async () => {
    await card.getByTestId('run-menu').press('Enter');
    await view.getByRole('menuitem', { name: 'Show Transcript' }).press('Enter');
    const { page, workbench } = test.host;
    await page.locator('.part.editor .tab', { hasText: 'Transcript of Tiny.md' }).waitFor();
    await page.locator('.part.editor .view-line', { hasText: 'Take your time' }).first().waitFor();
    const text = await workbench.visibleEditorText();
    assert.match(text, /# Run of `Tiny`[\s\S]*## Instruction\n+\s*```text\n\s*Take your time\n/);
    await page.locator('.part.editor .view-line').first().click();
    await page.keyboard.type('x');
    assert.match(await workbench.visibleEditorText(), /^# Run of `Tiny`/m, 'it is read-only');
    await workbench.screenshot(join(screenshots, 'transcript.png'));
  });

  async function newTask(): Promise<void> {
    await view.getByTestId('new-task').click();
    await card.waitFor({ state: 'detached' });
  }

  /** Answers the question that is open once its title says this. */
  async function answer(title: string, text: string): Promise<void> {
    const { page, workbench } = test.host;
    await page.locator('.quick-input-widget:visible .quick-input-title', { hasText: title }).waitFor();
    const input = workbench.quickInput();
    await input.fill(text);
    const chosen = page.locator('.quick-input-widget:visible .quick-input-list-row:visible');
    if (title.startsWith('choose')) await chosen.filter({ hasText: text }).first().waitFor();
    await input.press('Enter');
  }
});

/** Writes a note; asked to take its time it first reads more than it may in one go. */
function steps(instruction: string, isContinued: boolean): readonly StoryStep[] {
  const note = noteSteps(model, [instruction], '');
  if (instruction !== 'Take your time') return note;
  const reads = ['README.md', 'AGENTS.md', 'package.json', 'src/queue.ts'].map((path) => ({
    say: `I read ${path}.`,
    tool: 'read_file',
    arguments: { path },
  }));
  return isContinued ? note.slice(-2) : reads;
}
