import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { RunId } from '../../src/core/domain.ts';
import type { FolderChoice } from '../../src/vscode/folderChoice.ts';
import { PullRequestActions, type WrittenMessage } from '../../src/vscode/pullRequestActions.ts';
import { resolvePullConflicts } from '../../src/vscode/pullRequestConflicts.ts';
import { PullRequestEditor, pullRequestScheme } from '../../src/vscode/pullRequestEditor.ts';
import { withPullRequestTalk } from '../../src/vscode/pullRequestTalk.ts';
import { RememberedRemotes } from '../../src/vscode/rememberedRemotes.ts';
import { closeEverything } from '../support/applyScene.ts';
import { EditorAnswers } from '../support/editorAnswers.ts';
import { MemoryMemento } from '../support/memoryMemento.ts';
import { openMerge } from '../support/mergeEditor.ts';
import { PullRequestScene, type SceneOptions, sharedText } from '../support/pullRequestScene.ts';

const resolve = 'Resolve Conflicts';

describe('the questions of a pull request', function () {
  this.timeout(30_000);
  let scene: PullRequestScene;
  let person: EditorAnswers;
  let remotes: RememberedRemotes;

  beforeEach(() => {
    person = new EditorAnswers();
    remotes = new RememberedRemotes(new MemoryMemento());
  });
  afterEach(async () => {
    person.dispose();
    await closeEverything();
    await scene.dispose();
  });

  const start = async (options?: SceneOptions) => {
    scene = await new PullRequestScene(options).start();
    return scene.run();
  };
  const open = (id: RunId) =>
    withPullRequestTalk('Test', { folder: scene.test.folder, label: 'A', remotes }, (talk) =>
      scene.test.engine.createPullRequest(id, { title: 'Change it', body: 'Because.' }, talk),
    );
  const mergeOpen = async () => {
    await scene.test.until(() => openMerge() !== undefined);
    return openMerge();
  };
  const pulls = () => scene.server.pulls(scene.owner, 'app');

  it('lets conflicts be merged in the merge editor, and writes nothing before', async () => {
    const id = await start();
    scene.pushFromElsewhere({ 'shared.txt': sharedText({ 3: 'changed elsewhere' }) });
    person.next(resolve);
    const opening = open(id);
    await mergeOpen();
    assert.match(person.asked[0]?.detail ?? '', /shared\.txt: the same lines were changed on GitHub and by A\./);
    assert.deepEqual(scene.writes(), []);
    await vscode.commands.executeCommand('merge.acceptAllInput2');
    await scene.test.until(() => openMerge()?.text.includes('changed by the run') ?? false);
    assert.deepEqual(scene.writes(), []);
    await vscode.commands.executeCommand('dursor.completeMerge');
    const { branch } = await opening;
    assert.equal(scene.show(branch, 'shared.txt'), sharedText({ 3: 'changed by the run' }));
  });

  it('leaves nothing where the merge editor is closed before', async () => {
    const id = await start();
    scene.pushFromElsewhere({ 'shared.txt': sharedText({ 3: 'changed elsewhere' }) });
    person.next(resolve);
    const opening = open(id);
    await mergeOpen();
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await assert.rejects(opening, { name: 'AbortError' });
    assert.deepEqual(scene.writes(), []);
    assert.deepEqual(scene.server.bare('octocat', 'app').branches(), ['main']);
  });

  it('asks of a file that is no text which one to take', async () => {
    const id = await start({ files: { 'other.bin': 'of the run\0' } });
    scene.pushFromElsewhere({ 'other.bin': 'elsewhere\0' });
    person.next(resolve);
    person.pick("Take GitHub's");
    await assert.rejects(open(id), /nothing|no difference/i, 'what GitHub has already is nothing to ship');
    person.next(resolve);
    person.pick("Take the Candidate's");
    const { branch } = await open(id);
    assert.equal(scene.show(branch, 'other.bin'), 'of the run\0\n');
  });

  it('remembers which of several remotes is chosen', async () => {
    const id = await start();
    scene.test.git('remote', 'rename', 'origin', 'mine');
    scene.test.git('remote', 'add', 'theirs', 'https://github.com/stranger/app.git');
    await assert.rejects(open(id), { name: 'AbortError' });
    assert.deepEqual(person.listed[0]?.labels, ['octocat/app', 'stranger/app']);
    person.pick('octocat/app');
    await open(id);
    assert.equal(remotes.of(scene.test.folder), 'mine');
    assert.equal(pulls().length, 1);
  });

  it('says which commits GitHub lacks, and takes them along or leaves them out', async () => {
    scene = await new PullRequestScene().start();
    scene.test.write('mine.txt', 'mine\n');
    scene.commit('Add mine');
    scene.test.write('more.txt', 'more\n');
    scene.commit('Add more');
    const id = await scene.run();
    person.pick('Only This Patch');
    const { branch } = await open(id);
    const [list] = person.listed;
    assert.match(list?.title ?? '', /2 commits that main of octocat\/app lacks/);
    assert.deepEqual(list?.labels, ['Only This Patch', 'With Your 2 Commits']);
    assert.match(list?.details[1] ?? '', /“Add more”.*“Add mine”|“Add mine”.*“Add more”/);
    assert.throws(() => scene.show(branch, 'mine.txt'));
  });

  it('tells what a fork means before one is made', async () => {
    const id = await start({ owner: 'stranger' });
    await assert.rejects(open(id), { name: 'AbortError' });
    assert.match(
      person.asked[0]?.detail ?? '',
      /^stranger\/app is forked to octocat\/app, and a new branch goes there\./,
    );
    assert.deepEqual(scene.writes(), []);
    person.next('Make a Fork');
    assert.equal((await open(id)).head?.owner, 'octocat');
  });

  describe('once it is open', () => {
    let written: WrittenMessage[];
    let actions: PullRequestActions;
    let id: RunId;

    beforeEach(async () => {
      id = await start();
      written = [];
      const folders = { requireOpen: () => {} } as unknown as FolderChoice;
      const settings = { engine: scene.test.host.settings() };
      const write = async (message: WrittenMessage) => void written.push(message);
      actions = new PullRequestActions({ engine: scene.test.engine, folders, settings, remotes, write });
      await open(id);
    });

    it('opens in GitHub’s own extension, which is asked by a URI', async () => {
      await assert.rejects(actions.openInExtension(id), /GitHub Pull Requests is not installed here/);
      const [extensions, env] = [vscode.extensions, vscode.env] as unknown as Record<string, unknown>[];
      const original = [extensions?.getExtension, env?.openExternal];
      const opened: vscode.Uri[] = [];
      Object.assign(extensions ?? {}, { getExtension: () => ({}) });
      Object.assign(env ?? {}, { openExternal: async (uri: vscode.Uri) => opened.push(uri) });
      try {
        await actions.openInExtension(id);
      } finally {
        Object.assign(extensions ?? {}, { getExtension: original[0] });
        Object.assign(env ?? {}, { openExternal: original[1] });
      }
      const [uri] = opened;
      assert.deepEqual(
        [uri?.authority, uri?.path],
        ['GitHub.vscode-pull-request-github', '/open-pull-request-webview'],
      );
      assert.deepEqual(JSON.parse(uri?.query ?? ''), { owner: 'octocat', repo: 'app', pullRequestNumber: 1 });
    });

    it('says where there is nothing to address', async () => {
      await actions.address(id);
      assert.match(person.told.at(-1)?.message ?? '', /#1 has no open threads, no comments and no failed checks/);
      assert.deepEqual(written, []);
    });

    it('is watched only by who has read what that means', async () => {
      const isWatched = () => scene.test.engine.candidate(id).task.pullRequests[0]?.isWatched ?? false;
      await actions.toggleWatch(id);
      assert.match(person.asked.at(-1)?.detail ?? '', /by someone who may write to octocat\/app/);
      assert.equal(isWatched(), false);
      person.next('Watch Comments');
      await actions.toggleWatch(id);
      assert.equal(isWatched(), true);
      const questions = person.asked.length;
      await actions.toggleWatch(id);
      assert.deepEqual([isWatched(), person.asked.length], [false, questions], 'ending it asks nothing');
    });

    it('can be updated only with what goes on from it', async () => {
      const [other] = scene.test.runs(await scene.test.round('Change it', ['a']));
      await assert.rejects(actions.update(other?.id as RunId), /No pull request is behind this candidate/);
    });
  });
});

describe('conflicts of a pull request', function () {
  this.timeout(30_000);
  const bytes = (text: string) => Buffer.from(text);
  const file = (path: string) => ({ path, base: bytes('a\n'), theirs: bytes('b\n'), ours: bytes('c\n') });
  let person: EditorAnswers;

  beforeEach(() => {
    person = new EditorAnswers();
    person.next(resolve);
  });
  afterEach(async () => {
    person.dispose();
    await closeEverything();
  });

  const until = async (isSo: () => boolean) => {
    for (let waited = 0; !isSo(); waited += 20) {
      assert.ok(waited < 20_000, 'it did not happen');
      await new Promise((done) => setTimeout(done, 20));
    }
  };

  it('are asked about one after the other, and none is answered where one is left', async () => {
    const { token } = new vscode.CancellationTokenSource();
    const deleted = { path: 'gone.txt', base: bytes('a\n'), ours: bytes('c\n') };
    const files = [file('one.txt'), deleted];
    const resolving = resolvePullConflicts({ files, base: 'main', label: 'A' }, token);
    await until(() => openMerge() !== undefined);
    await vscode.commands.executeCommand('merge.acceptAllInput1');
    await until(() => openMerge()?.text.includes('b\n') ?? false);
    await vscode.commands.executeCommand('dursor.completeMerge');
    assert.equal(await resolving, undefined);
    assert.deepEqual(person.listed.at(-1)?.labels, ['Leave It Deleted, as on GitHub', "Take the Candidate's"]);
  });

  it('are left with the merge editor closed where all of it is canceled', async () => {
    const source = new vscode.CancellationTokenSource();
    const resolving = resolvePullConflicts({ files: [file('one.txt')], base: 'main', label: 'A' }, source.token);
    await until(() => openMerge() !== undefined);
    await vscode.commands.executeCommand('merge.acceptAllInput2');
    await until(() => openMerge()?.text.includes('c\n') ?? false);
    source.cancel();
    assert.equal(await resolving, undefined);
    assert.equal(openMerge(), undefined);
    assert.equal(person.asked.length, 1);
  });

  it('wait while another merge is under way', async () => {
    const { token } = new vscode.CancellationTokenSource();
    const source = new vscode.CancellationTokenSource();
    const first = resolvePullConflicts({ files: [file('one.txt')], base: 'main', label: 'A' }, source.token);
    await until(() => openMerge() !== undefined);
    await assert.rejects(
      resolvePullConflicts({ files: [file('two.txt')], base: 'main', label: 'A' }, token),
      /Another merge waits for you/,
    );
    source.cancel();
    await first;
  });
});

describe('the text of a pull request', function () {
  this.timeout(30_000);

  it('has lenses at once, asks GitHub nothing, and keeps what was chosen', async () => {
    const scene = await new PullRequestScene().start();
    const id = await scene.run();
    const memento = new MemoryMemento();
    const settings = { engine: scene.test.host.settings() };
    const editor = new PullRequestEditor(scene.test.engine, memento, settings);
    const uri = vscode.Uri.from({ scheme: pullRequestScheme, path: '/Pull Request.md', query: id });
    const document = { uri, lineCount: 20 } as vscode.TextDocument;
    const titles = () => editor.provideCodeLenses(document).map(({ command }) => command?.title ?? '');
    assert.match(titles()[0] ?? '', /Submit Pull Request/);
    await scene.test.until(() => titles().some((title) => title.includes('octocat/app · into its default branch')));
    await editor.toggleDraft(uri);
    assert.ok(titles().some((title) => title.endsWith('Draft')));
    const again = new PullRequestEditor(scene.test.engine, memento, settings);
    assert.ok(again.provideCodeLenses(document).some(({ command }) => command?.title.endsWith('Draft')));
    assert.deepEqual(scene.server.heard, []);

    scene.test.git('remote', 'add', 'theirs', 'https://github.com/stranger/app.git');
    const person = new EditorAnswers();
    person.pick('octocat/app', 'main');
    await editor.chooseBase(uri);
    await scene.test.until(() => titles().some((title) => title.endsWith('into main')));
    person.pick('stranger/app');
    await editor.chooseRemote(scene.test.folder);
    person.dispose();
    assert.deepEqual(
      titles().slice(1, 3),
      ['$(repo) stranger/app', 'into its default branch'],
      'the branch was the other one’s',
    );
    await scene.dispose();
  });
});
