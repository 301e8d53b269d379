import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { RoundId, RunId } from '../../src/core/domain.ts';
import type { CompareState, FilesState } from '../../src/protocol/comparePanel.ts';
import { Comparison, type ComparisonParts } from '../../src/vscode/comparison.ts';
import { composedFileOf } from '../../src/vscode/compositionFiles.ts';
import type { EvidenceActions } from '../../src/vscode/evidenceActions.ts';
import { FileLanguages } from '../../src/vscode/fileLanguages.ts';
import { openWhenDone } from '../../src/vscode/openWhenDone.ts';
import type { Problems } from '../../src/vscode/problems.ts';
import type { PullRequestButtons } from '../../src/vscode/pullRequestButtons.ts';
import type { RunShipping } from '../../src/vscode/runShipping.ts';
import { Settings } from '../../src/vscode/settings.ts';
import type { TestEngine } from '../support/testEngine.ts';
import { TestPanel } from '../support/testPanel.ts';
import { type EndedRound, newEngine, runBoth } from '../support/twoCandidates.ts';

describe('the host of the compare panel', function () {
  this.timeout(30_000);
  let test: TestEngine;
  let round: EndedRound;
  let panel: TestPanel;
  let comparison: Comparison;
  let shipped: string[];
  let asked: string[];

  beforeEach(async () => {
    shipped = [];
    asked = [];
    test = newEngine();
    round = await runBoth(test);
    panel = new TestPanel();
    const parts: ComparisonParts = {
      extensionUri: vscode.Uri.file(join(test.root, 'extension')),
      engine: test.engine,
      shipping: new Proxy({} as RunShipping, {
        get: (_target, method) => (id: string) => void shipped.push(`${String(method)} ${id}`),
      }),
      pulls: new Proxy({} as PullRequestButtons, {
        get: (_target, method) => (id: string) => void shipped.push(`${String(method)} ${id}`),
      }),
      settings: new Settings(),
      problems: { show: (error: unknown) => String(error), from: () => {} } as unknown as Problems,
      checkOutputs: { show: async ({ subject, check }) => void asked.push(`output ${subject} ${check}`) },
      evidence: async () =>
        new Proxy({} as EvidenceActions, {
          get: (_target, method) =>
            method === 'then' ? undefined : (...args: unknown[]) => void asked.push([method, ...args].join(' ')),
        }),
      languageOf: () => 'plaintext',
    };
    comparison = new Comparison(parts, round.roundId, panel as unknown as vscode.WebviewPanel);
  });
  afterEach(async () => {
    comparison.dispose();
    await test.dispose();
  });

  const state = () => panel.last('state') as CompareState | undefined;
  const files = () => panel.last('files') as FilesState | undefined;
  const idOf = (path: string) => files()?.rows.find((row) => row.path === path)?.id ?? '';
  async function ready(): Promise<void> {
    await panel.ask('ready', { hidden: [] });
    await panel.until(() => state()?.isComparing === false && files()?.agreement !== undefined, 'the comparison');
  }

  it('tells nothing before the webview is there, and then everything', async () => {
    assert.deepEqual(panel.told, []);
    await ready();
    assert.deepEqual(
      state()?.columns.map(({ label, size }) => [label, size.files]),
      [
        ['A', 3],
        ['B', 3],
      ],
    );
    assert.deepEqual(
      files()?.rows.map(({ path, isAgreed }) => [path, isAgreed]),
      [
        ['gone.txt', true],
        ['made/new.txt', false],
        ['text.txt', false],
      ],
    );
  });

  it('tells the file that is looked at, its base text once', async () => {
    await ready();
    await panel.ask('look', { hidden: [], fileId: idOf('text.txt') });
    await panel.until(() => panel.last('file')?.type === 'open', 'the file');
    const news = panel.last('file');
    assert.ok(news?.type === 'open');
    assert.deepEqual(news.file.columns, round.ids);
    assert.deepEqual(
      news.file.regions[0]?.alternatives.map(({ lines }) => lines),
      [['two\n'], ['2\n'], ['II\n']],
    );
    assert.equal(panel.last('baseText')?.text, 'one\ntwo\nthree\nfour\nfive\nsix\nseven\n');
    assert.equal(panel.told.filter(({ method }) => method === 'baseText').length, 1);
  });

  it('tells what is known about candidates, and hands on what is to be done about it', async () => {
    await ready();
    assert.deepEqual([state()?.evidence.isChecking, state()?.columns[0]?.evidence?.isRecommended], [false, false]);
    const [a] = round.ids;
    await panel.ask('runChecks', { id: a });
    await panel.ask('runChecks', {});
    await panel.ask('cancelChecks');
    await panel.ask('reviewCandidates');
    await panel.ask('cancelReview');
    await panel.ask('showCheckOutput', { id: 'base', check: 'test' });
    await panel.ask('sendFinding', { findingId: 'f' });
    await panel.ask('copyEvidence');
    const { roundId } = round;
    assert.deepEqual(asked, [
      `run ${roundId} ${a}`,
      `run ${roundId} `,
      `cancel ${roundId}`,
      `review ${roundId}`,
      `cancelReview ${roundId}`,
      'output base test',
      `send ${roundId} f`,
      `copy ${roundId}`,
    ]);
    await assert.rejects(panel.ask('runChecks', { id: 'other' as RunId }), /no longer part/);
    await assert.rejects(panel.ask('showCheckOutput', { id: 'other' as RunId, check: 'test' }), /no longer part/);
  });

  it('tells no table again while nothing of it changed', async () => {
    await ready();
    const count = () => panel.told.filter(({ method }) => method === 'files').length;
    const [before, states] = [count(), panel.told.length];
    await panel.ask('chooseCandidate', { id: round.ids[1] });
    await panel.until(() => panel.told.length > states && state()?.columns[1]?.isChosen, 'the mark');
    assert.equal(count(), before);
  });

  it('takes choices into a composition, which becomes a column, and takes them back', async () => {
    await ready();
    const fileId = idOf('text.txt');
    await panel.ask('take', { part: { type: 'all' }, from: round.ids[0] });
    await panel.ask('take', { part: { type: 'region', fileId, regionId: '1-1' }, from: round.ids[1] });
    await panel.until(() => files()?.columns.length === 3 && state()?.isComparing === false, 'the column');
    const column = state()?.columns[2];
    assert.ok(column?.type === 'composition' && column.isOpen);
    assert.equal(
      await test.engine.compositions.text(column.id, 'text.txt'),
      'one\nII\nthree\nfour\nfive\nsix\nseven\n',
    );
    assert.equal(state()?.canUndoTake, true);
    await panel.ask('undoTake');
    assert.equal(await test.engine.compositions.text(column.id, 'text.txt'), 'one\n2\nthree\nfour\nfive\nsix\nseven\n');
    await assert.rejects(panel.ask('take', { part: { type: 'file', fileId: 'none' }, from: 'base' }), /no longer part/);
  });

  it('opens the composed file to be edited, and begins a composition from the chosen run for it', async () => {
    await ready();
    await panel.ask('chooseCandidate', { id: round.ids[1] });
    await panel.ask('editByHand', { fileId: idOf('text.txt'), regionId: '1-1' });
    const composition = test.engine.compositions.open(round.roundId);
    assert.ok(composition);
    assert.match(await test.engine.compositions.text(composition.id, 'text.txt'), /II/);
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    assert.ok(input instanceof vscode.TabInputTextDiff);
    assert.equal(composedFileOf(input.modified)?.id, composition.id);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('refuses what is no candidate or file of its round', async () => {
    await ready();
    const [own] = round.ids;
    const {
      ids: [id],
      roundId,
    } = await runBoth(test);
    const isGone = /no longer part of the comparison/;
    const fileId = idOf('text.txt');
    for (const method of [
      'previewPatch',
      'chooseCandidate',
      'apply',
      'createPullRequest',
      'openPullRequest',
    ] as const) {
      await assert.rejects(panel.ask(method, { id }), isGone, method);
    }
    await assert.rejects(panel.ask('cancelRun', { id: id as RunId }), isGone);
    await assert.rejects(panel.ask('openDiff', { left: 'base', right: id, fileId }), isGone);
    await assert.rejects(panel.ask('openDiff', { left: id, right: own, fileId }), isGone);
    await assert.rejects(panel.ask('openDiff', { left: 'base', right: own, fileId: '../text.txt' }), isGone);
    await assert.rejects(panel.ask('apply', { id: own, fileIds: [fileId, '../text.txt'] }), isGone);
    await assert.rejects(panel.ask('take', { part: { type: 'all' }, from: id }), /changed in the meantime/);
    const { id: other } = await test.engine.compositions.take(roundId, { type: 'all' }, id);
    await panel.ask('discardComposition', { id: other });
    assert.equal(test.engine.compositions.open(roundId)?.id, other);
    assert.deepEqual(shipped, []);
    await panel.ask('apply', { id: own, fileIds: [fileId] });
    assert.deepEqual(shipped, [`apply ${own}`]);
  });

  it('tells the colours of the theme', async () => {
    await ready();
    await panel.until(() => panel.last('theme') !== undefined, 'the theme');
    assert.ok((panel.last('theme')?.rules.length ?? 0) > 0);
  });

  it('shows a place once the webview is there', async () => {
    comparison.reveal({ key: 'text.txt', line: 2 });
    await ready();
    assert.deepEqual(panel.last('reveal'), { fileId: idOf('text.txt'), line: 2 });
  });

  it('ends with its task', async () => {
    await test.engine.deleteTask(test.engine.round(round.roundId).task.id);
    assert.ok(panel.isDisposed);
  });
});

describe('the compare panel when runs end', function () {
  this.timeout(30_000);

  it('opens by itself when there is something to compare, if that is wanted and it belongs here', async () => {
    const test = newEngine();
    const opened: RoundId[] = [];
    let isWanted = true;
    const opening = openWhenDone({
      engine: test.engine,
      isWanted: () => isWanted,
      isHere: (folder) => folder === test.folder,
      open: (roundId) => opened.push(roundId),
    });
    assert.ok(vscode.window.state.focused, 'the window of the tests has the focus');
    const { roundId } = await runBoth(test);
    assert.deepEqual(opened, [roundId]);
    await test.round('One only', ['c']);
    assert.deepEqual(opened, [roundId]);
    isWanted = false;
    await runBoth(test);
    assert.deepEqual(opened, [roundId]);
    opening.dispose();
    await test.dispose();
  });
});

describe('the compare panel while the window is in the background', function () {
  this.timeout(30_000);
  const { state, onDidChangeWindowState } = Object.getOwnPropertyDescriptors(vscode.window);
  const window = { focused: false, active: true };
  const changes = new vscode.EventEmitter<vscode.WindowState>();

  before(() => {
    Object.defineProperty(vscode.window, 'state', { configurable: true, get: () => window });
    Object.defineProperty(vscode.window, 'onDidChangeWindowState', { configurable: true, value: changes.event });
  });
  after(() => {
    Object.defineProperty(vscode.window, 'state', state);
    Object.defineProperty(vscode.window, 'onDidChangeWindowState', onDidChangeWindowState);
  });

  it('waits, also when a round ends after it that has nothing to compare', async () => {
    const test = newEngine();
    const opened: RoundId[] = [];
    const opening = openWhenDone({
      engine: test.engine,
      isWanted: () => true,
      isHere: () => true,
      open: (roundId) => opened.push(roundId),
    });
    const { roundId } = await runBoth(test);
    await test.round('One only', ['c']);
    assert.deepEqual(opened, []);
    window.focused = true;
    changes.fire(window);
    assert.deepEqual(opened, [roundId]);
    changes.fire(window);
    assert.deepEqual(opened, [roundId], 'once');
    opening.dispose();
    await test.dispose();
  });
});

describe('the language of a file', () => {
  it('is known from its name', () => {
    const languages = new FileLanguages();
    assert.equal(languages.of('src/a.ts'), 'typescript');
    assert.equal(languages.of('src/a.d.TS'), 'typescript');
    assert.equal(languages.of('Makefile'), 'makefile');
    assert.equal(languages.of('README'), undefined);
    languages.dispose();
  });
});
