import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Transcripts, transcriptScheme } from '../../src/vscode/transcripts.ts';
import { TestEngine, writer } from '../support/testEngine.ts';

const none = vscode.Uri.from({ scheme: transcriptScheme, path: '/Transcript of none.md', query: 'none' });

describe('a transcript as a document', function () {
  this.timeout(30_000);
  let test: TestEngine;
  let transcripts: Transcripts;
  beforeEach(() => {
    test = new TestEngine({ m: writer('a.txt', 'a\n') });
    transcripts = new Transcripts(test.engine);
  });
  afterEach(async () => {
    transcripts.dispose();
    await test.dispose();
  });

  it('tells what a run did', async () => {
    const [run] = test.engine.round(await test.round('Make a file', ['m'])).round.runs;
    const uri = none.with({ query: run?.id ?? '' });
    const text = Buffer.from(await transcripts.readFile(uri)).toString();
    assert.match(text, /## Instruction\n\n```text\nMake a file\n```/);
    assert.match(text, /`a\.txt`: added/);
    const { size, permissions } = await transcripts.stat(uri);
    assert.equal(size, Buffer.byteLength(text));
    assert.equal(permissions, vscode.FilePermission.Readonly);
  });

  it('is not there for a run that is not there, and can’t be written', async () => {
    await assert.rejects(Promise.resolve(vscode.workspace.openTextDocument(none)));
    await assert.rejects(Promise.resolve(vscode.workspace.fs.writeFile(none, Buffer.from('x'))));
    await assert.rejects(transcripts.readFile(none), vscode.FileSystemError);
  });
});
