import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Settings } from '../../src/vscode/settings.ts';

describe('the settings of checks', function () {
  this.timeout(30_000);
  const section = () => vscode.workspace.getConfiguration('dursor');
  const set = (name: string, value: unknown, target = vscode.ConfigurationTarget.Global) =>
    section().update(name, value, target);
  afterEach(async () => {
    await set('sandbox', undefined);
    await set('checks', undefined);
    await set('checks', undefined, vscode.ConfigurationTarget.Workspace);
  });

  it('leave no check without a sandbox before the user agreed to that', async () => {
    await set('sandbox', 'none');
    assert.equal(new Settings().engine.evidence.sandbox, 'auto');
    assert.equal(new Settings(() => true).engine.evidence.sandbox, 'none');
  });

  it('can’t be weakened by a workspace', async () => {
    await assert.rejects(Promise.resolve(set('sandbox', 'none', vscode.ConfigurationTarget.Workspace)));
    await assert.rejects(Promise.resolve(set('sandboxImage', 'evil', vscode.ConfigurationTarget.Workspace)));
    await assert.rejects(Promise.resolve(set('review.whenDone', true, vscode.ConfigurationTarget.Workspace)));
  });

  it('add checks to the workspace’s, and keep those of the user', async () => {
    await set('checks', [{ name: 'mine', command: 'm' }]);
    const settings = new Settings();
    await settings.addChecks([{ name: 'new', command: 'n' }]);
    const names = () => new Settings().engine.evidence.checks.map(({ name }) => name);
    assert.deepEqual(names(), ['mine', 'new']);
    await settings.addChecks([{ name: 'newer', command: 'n2' }]);
    assert.deepEqual(names(), ['mine', 'new', 'newer']);
  });
});
