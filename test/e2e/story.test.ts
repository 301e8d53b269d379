import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DursorWindow } from '../support/dursorWindow.ts';
import { markedKey } from '../support/sample.ts';
import { type StagedExtension, stageExtension } from '../support/stagedExtension.ts';
import { playStory } from '../support/story.ts';
import { startVSCodeHost, type VSCodeHost } from '../support/vscodeHost.ts';
import { startWorld, type World } from '../support/world.ts';

describe('the whole job in one window', function () {
  this.timeout(180_000);
  const screenshots = mkdtempSync(join(tmpdir(), 'dursor-story-'));
  let world: World;
  let extension: StagedExtension;
  let host: VSCodeHost;

  before(async () => {
    world = await startWorld({ ttft: 200, tps: 200 });
    extension = stageExtension();
    const { settings, environment } = world;
    host = await startVSCodeHost({ folder: world.sample.folder, extension: extension.path, settings, environment });
  });
  after(async () => {
    await host?.stop();
    extension?.[Symbol.dispose]();
    await world?.stop();
    rmSync(screenshots, { recursive: true, force: true });
  });

  it('goes from one instruction over three patches to a pull request', async () => {
    const { runs, pullRequest } = await playStory(host, world, screenshots, () => {});
    assert.equal(runs.length, 3);
    assert.ok(pullRequest.number > 0);
  });

  it('sent no model and no GitHub what the folder keeps secret', () => {
    assert.ok(!JSON.stringify(world.models.requests()).includes(markedKey));
  });

  it('left the folder as it was', () => {
    assert.doesNotMatch(readFileSync(join(world.sample.folder, 'src/queue.ts'), 'utf8'), /retrying/);
  });

  it('keeps tasks, runs and pull requests when the window reloads', async () => {
    const dursor = new DursorWindow(host.workbench);
    const before = await dursor.runs();
    await host.workbench.reload();
    await dursor.open();
    const view = await dursor.taskView();
    if ((await dursor.runs()).length === 0) {
      await view.getByTestId('toggle-task-list').click();
      await view.getByTestId('task-row').first().click();
      await view.getByTestId('run-card').first().waitFor();
    }
    assert.deepEqual(await dursor.runs(), before);
    assert.equal(await view.getByTestId('pull-request').count(), 1);
  });
});
