import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DursorWindow, type PullRequestFacts, type RunFacts } from './dursorWindow.ts';
import { hasSandbox } from './hasSandbox.ts';
import { storyInstruction } from './modelStory.ts';
import type { VSCodeHost } from './vscodeHost.ts';
import { profiles, type World } from './world.ts';

/** What came of the whole job, as the product shows it. */
export interface StoryResult {
  readonly runs: readonly RunFacts[];
  readonly pullRequest: PullRequestFacts;
  readonly screenshots: readonly string[];
}

/** Plays the whole job in an open window: one instruction on three models, compare, look at diffs, pull request. */
export async function playStory(
  host: VSCodeHost,
  world: World,
  screenshotDirectory: string,
  say: (line: string) => void,
): Promise<StoryResult> {
  const { workbench } = host;
  const dursor = new DursorWindow(workbench);
  const screenshots: string[] = [];
  await mkdir(screenshotDirectory, { recursive: true });
  const look = async (name: string) => {
    await workbench.page.waitForTimeout(700);
    screenshots.push(await workbench.screenshot(join(screenshotDirectory, `${name}.png`)));
  };

  say('Opening the dursor view');
  await dursor.open();
  await workbench.setSideBarWidth(380);
  say(`Running "${storyInstruction}" on ${profiles.length} models`);
  await dursor.run(
    storyInstruction,
    profiles.map(({ id }) => id),
  );
  await workbench.page.waitForTimeout(3_000);
  await look('task-view-running');
  const runs = await dursor.untilEnded();
  await look('task-view-done');
  for (const run of runs) say(`${run.model}: ${run.status}, ${run.filesChanged} files, ${run.seconds} s`);
  assert.deepEqual(
    runs.map(({ status }) => status),
    profiles.map(() => 'succeeded'),
    'every run succeeds',
  );
  for (const run of runs) {
    assert.ok(run.filesChanged > 0 && run.seconds > 0, `${run.model} changed files and took time`);
    assert.ok(run.inputTokens > 0 && run.outputTokens > 0, `${run.model} used tokens`);
  }

  say('Comparing');
  let panel = await dursor.openCompare();
  const size = workbench.page.viewportSize();
  await workbench.resize(1900, 1000);
  if (await hasSandbox()) {
    say('Running the checks of the folder, in a sandbox');
    await dursor.setUpChecks();
    await dursor.untilChecked();
    await panel.getByTestId('check').nth(1).click();
    await workbench.page.locator('.part.editor .view-line', { hasText: 'It ended' }).waitFor();
    await look('check-output');
    await workbench.closeEditors();
    panel = await dursor.openCompare();
  }
  // The real services may find what they like, and cost money.
  if (world.isStandIn) {
    say('Letting a model review the candidates');
    await dursor.review(['Gemini 3 Pro']);
    await panel.getByTestId('review').nth(1).getByRole('button').click();
    await look('evidence');
    await panel.getByTestId('evidence-popup').getByTestId('mark').first().click();
    await panel.getByTestId('finding').first().waitFor();
    await look('finding');
    await panel.getByTestId('back').click();
  }
  await panel.getByTestId('file-cell').first().waitFor();
  await look('compare');
  await panel.getByTestId('next-place').click();
  await panel.getByTestId('region').first().waitFor();
  await look('compare-place');
  if (size) await workbench.resize(size.width, size.height);
  await panel.getByTestId('back').click();
  await panel.getByTestId('file-cell').first().waitFor();
  say('Opening a file in the diff editor, and a patch in the multi-diff editor');
  const paths = await dursor.filesOf(0);
  const path = paths.find((candidate) => candidate === 'src/queue.ts') ?? paths[0] ?? '';
  await dursor.openDiff(path, 0);
  // What the real services change nobody knows beforehand.
  if (world.isStandIn) assert.match(await workbench.visibleEditorText(), /retrying/, 'the diff shows the change');
  await look('native-diff');
  await dursor.previewPatch(0);
  await look('preview-patch');

  say('Creating the pull request');
  await dursor.writePullRequest(0);
  await look('pull-request-text');
  const pullRequest = await dursor.submitPullRequest(0);
  await look('pull-request');
  await verifyPullRequest(world, pullRequest);
  say(`Pull request #${pullRequest.number} is on ${pullRequest.branch}`);
  return { runs, pullRequest, screenshots };
}

/** Asks GitHub's side whether the pull request is there and holds the change, and no key. */
async function verifyPullRequest({ github }: World, { number, branch }: PullRequestFacts): Promise<void> {
  const repository = { owner: 'octocat', repo: 'upload-queue' };
  const { data: pull } = await github.octokit.pulls.get({ ...repository, pull_number: number });
  assert.equal(pull.state, 'open');
  assert.equal(pull.head.ref, branch);
  assert.equal(pull.base.ref, 'main');
  const { data: tree } = await github.octokit.git.getTree({ ...repository, tree_sha: pull.head.sha, recursive: '1' });
  const paths = tree.tree.map(({ path }) => path);
  assert.ok(paths.includes('src/queue.ts'), 'the branch has the project');
  assert.ok(!paths.includes('.env'), 'the branch has no .env');
  const { data } = await github.octokit.repos.compareCommitsWithBasehead({
    ...repository,
    basehead: `main...${branch}`,
  });
  assert.ok((data.files?.length ?? 0) > 0, 'the branch differs from main');
}
