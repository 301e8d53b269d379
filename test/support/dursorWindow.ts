import type { Frame, Locator } from 'playwright-core';
import type { Workbench } from './workbench.ts';

/** What a run's card says about the run. */
export interface RunFacts {
  readonly model: string;
  readonly provider: string;
  readonly status: string;
  readonly filesChanged: number;
  readonly seconds: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What the link to a pull request says. */
export interface PullRequestFacts {
  readonly number: number;
  readonly url: string;
  readonly branch: string;
}

const ended = ['succeeded', 'failed', 'canceled'];

/** dursor as a person uses it: its view, its panel, and the editors it opens. Reads only what is on screen. */
export class DursorWindow {
  readonly workbench: Workbench;

  constructor(workbench: Workbench) {
    this.workbench = workbench;
  }

  /** Opens the task view and waits for its composer. */
  async open(): Promise<Frame> {
    await this.workbench.openContainer('dursor');
    return this.taskView();
  }

  taskView(): Promise<Frame> {
    return this.workbench.webview('instruction');
  }

  comparePanel(): Promise<Frame> {
    return this.workbench.webview('candidate');
  }

  /** Writes an instruction, ticks exactly these models (profile ids), and presses Ctrl+Enter. */
  async run(instruction: string, models: readonly string[]): Promise<void> {
    const view = await this.taskView();
    const chips = view.getByTestId('model-chip');
    await chips.first().waitFor();
    for (const chip of await chips.all()) {
      const wanted = models.includes((await chip.getAttribute('data-profile')) ?? '');
      const pressed = (await chip.getAttribute('aria-pressed')) === 'true';
      if (wanted === pressed) continue;
      await chip.click();
      await this.#until(
        async () => (await chip.getAttribute('aria-pressed')) === String(wanted),
        'the model to be ticked',
      );
    }
    const before = await this.cards().then((cards) => cards.count());
    const box = view.getByTestId('instruction');
    await box.click();
    await box.fill(instruction);
    await box.press('ControlOrMeta+Enter');
    const cards = await this.cards();
    await this.#until(async () => (await cards.count()) >= before + models.length, 'a card for each run');
  }

  /** The run cards, oldest round first. */
  async cards(): Promise<Locator> {
    return (await this.taskView()).getByTestId('run-card');
  }

  async runs(): Promise<RunFacts[]> {
    const cards = await (await this.cards()).all();
    return Promise.all(cards.map(readCard));
  }

  /** Waits until all runs that are shown have ended, and tells about them. */
  async untilEnded(timeout = 120_000): Promise<RunFacts[]> {
    await this.#until(
      async () => {
        const runs = await this.runs();
        return runs.length > 0 && runs.every(({ status }) => ended.includes(status));
      },
      'every run to end',
      timeout,
    );
    return this.runs();
  }

  /** Presses Compare under the last round and waits for the panel, which shows all files, or the one it showed before. */
  async openCompare(): Promise<Frame> {
    await (await this.taskView()).getByTestId('open-compare').last().click();
    const panel = await this.comparePanel();
    await panel.getByTestId('file-cell').or(panel.getByTestId('aligned-file')).first().waitFor();
    return panel;
  }

  /** Presses the button in the cell of a file and a candidate (counted from 0), and waits for VS Code's own diff editor. */
  async openDiff(path: string, candidate: number): Promise<void> {
    const row = (await this.comparePanel()).locator(`[data-testid="file-row"][data-path="${path}"]`);
    await row.getByTestId('file-cell').nth(candidate).getByTestId('open-diff').click();
    await this.workbench.page.locator('.monaco-diff-editor .view-line').first().waitFor();
  }

  /** Presses Preview on a run's card (counted from 0) and waits for VS Code's multi-diff editor. */
  async previewPatch(run: number): Promise<void> {
    await (await this.cards()).nth(run).getByTestId('preview-patch').click();
    await this.workbench.page.locator('.multiDiffEntry .view-line').first().waitFor();
  }

  /** Opens the proposed text of a run's pull request as an editor. */
  async writePullRequest(run: number): Promise<void> {
    await (await this.cards()).nth(run).getByTestId('create-pull-request').click();
    await this.#submitLens().waitFor();
  }

  /** Submits the text in the editor, and reads the link that then appears on the run's card. */
  async submitPullRequest(run: number): Promise<PullRequestFacts> {
    await this.#submitLens().click();
    const link = (await this.cards()).nth(run).getByTestId('pull-request');
    await link.waitFor({ timeout: 60_000 });
    return {
      number: Number(await link.getAttribute('data-number')),
      url: (await link.getAttribute('data-url')) ?? '',
      branch: (await link.getAttribute('data-branch')) ?? '',
    };
  }

  /** Ticks all checks that are suggested and agrees to them; they then run. */
  async setUpChecks(): Promise<void> {
    await (await this.comparePanel()).getByTestId('run-checks').click();
    await this.#listRows().first().waitFor();
    await this.workbench.page.keyboard.press('Enter');
    await this.workbench.answerDialog('Agree');
  }

  /** Waits until all checks of the round that is compared have ended. */
  async untilChecked(timeout = 60_000): Promise<void> {
    const panel = await this.comparePanel();
    await panel.getByTestId('run-checks').filter({ hasText: 'Again' }).waitFor({ timeout });
  }

  /** Lets these models (by their labels) review the candidates, and waits for what they say. */
  async review(labels: readonly string[]): Promise<void> {
    const panel = await this.comparePanel();
    await panel.getByTestId('review-candidates').click();
    await this.#listRows().first().waitFor();
    for (const label of labels) await this.#listRows().filter({ hasText: label }).first().click();
    await this.workbench.page.keyboard.press('Enter');
    await panel
      .getByTestId('review')
      .filter({ hasNotText: /not reviewed|at work/ })
      .first()
      .waitFor();
    await panel.getByTestId('review-candidates').waitFor();
  }

  /** The files a candidate (counted from 0) changed, as the compare panel lists them. */
  async filesOf(candidate: number): Promise<string[]> {
    const rows = await (await this.comparePanel()).getByTestId('file-row').all();
    const paths: string[] = [];
    for (const row of rows) {
      const text = await row.getByTestId('file-cell').nth(candidate).innerText();
      if (/\d/.test(text)) paths.push((await row.getAttribute('data-path')) ?? '');
    }
    return paths;
  }

  #listRows(): Locator {
    return this.workbench.page.locator('.quick-input-widget:visible .quick-input-list-row');
  }

  #submitLens(): Locator {
    return this.workbench.page
      .locator('.part.editor .codelens-decoration a', { hasText: 'Submit Pull Request' })
      .first();
  }

  async #until(isSo: () => Promise<boolean>, what: string, timeout = 30_000): Promise<void> {
    const deadline = Date.now() + timeout;
    while (!(await isSo())) {
      if (Date.now() > deadline) throw new Error(`Waited ${timeout / 1000} s in vain for ${what}`);
      await this.workbench.page.waitForTimeout(150);
    }
  }
}

async function readCard(card: Locator): Promise<RunFacts> {
  const text = async (name: string) => (await card.getAttribute(`data-${name}`)) ?? '';
  return {
    model: await text('model'),
    provider: await text('provider'),
    status: await text('status'),
    filesChanged: Number(await text('files')),
    seconds: Number(await text('seconds')),
    inputTokens: Number(await text('input-tokens')),
    outputTokens: Number(await text('output-tokens')),
  };
}
