import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the extension', () => {
  it('activates as an ECMAScript module and registers every command of its manifest', async () => {
    const extension = vscode.extensions.getExtension('dursor.dursor');
    assert.ok(extension, 'it is installed');
    await extension.activate();
    const { contributes } = extension.packageJSON as { contributes: { commands: { command: string }[] } };
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      contributes.commands.map(({ command }) => command).filter((command) => !registered.has(command)),
      [],
    );
  });

  it('serves no file that no run has', async () => {
    const uri = vscode.Uri.from({ scheme: 'dursor', path: '/a.txt', query: 'run=none&blob=none' });
    await assert.rejects(Promise.resolve(vscode.workspace.fs.readFile(uri)), vscode.FileSystemError);
  });

  it('lets nobody write a run’s files', async () => {
    const uri = vscode.Uri.from({ scheme: 'dursor', path: '/a.txt', query: 'run=none' });
    await assert.rejects(Promise.resolve(vscode.workspace.fs.writeFile(uri, Buffer.from('x'))));
  });

  it('keeps settings that name a host out of a workspace’s reach', () => {
    const section = vscode.workspace.getConfiguration('dursor');
    for (const name of ['models', 'providers.openai.baseUrl', 'github.apiUrl']) {
      assert.notEqual(section.inspect(name), undefined, name);
    }
    return assert.rejects(
      Promise.resolve(section.update('github.apiUrl', 'https://evil.example', vscode.ConfigurationTarget.Workspace)),
    );
  });
});
