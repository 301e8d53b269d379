import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { CandidateId, ObjectName } from '../../src/core/domain.ts';
import type { Engine } from '../../src/core/engine.ts';
import { findingMessage } from '../../src/core/evidence/review/findingMessage.ts';
import { findingsOf } from '../../src/core/evidence/review/findings.ts';
import type { CheckRun, RoundEvidence } from '../../src/core/evidence.ts';
import { checkLinks } from '../../src/vscode/checkLinks.ts';
import { CheckOutputs } from '../../src/vscode/checkOutputs.ts';
import { checkOutputUri } from '../../src/vscode/checkOutputUri.ts';
import { type EvidenceActionParts, EvidenceActions } from '../../src/vscode/evidenceActions.ts';
import { versionsOf } from '../../src/vscode/fileVersions.ts';
import { FindingComments } from '../../src/vscode/findingComments.ts';
import type { FolderChoice } from '../../src/vscode/folderChoice.ts';
import { RunFiles, runFileOf, runFileScheme, runFileUri } from '../../src/vscode/runFiles.ts';
import { sendFinding } from '../../src/vscode/sendFinding.ts';
import { EditorAnswers } from '../support/editorAnswers.ts';
import type { TestEngine } from '../support/testEngine.ts';
import { type EndedRound, newEngine, runBoth } from '../support/twoCandidates.ts';
import { evidenceOf, reviewOf, runOf } from '../unit/vscode/evidenceRounds.ts';

/** The engine with evidence that a test made up. */
function withEvidence(test: TestEngine, evidence: object): Engine {
  const { engine } = test;
  return new Proxy(engine, {
    get: (_target, name) => {
      if (name === 'evidence') return evidence;
      const value: unknown = Reflect.get(engine, name, engine);
      return typeof value === 'function' ? value.bind(engine) : value;
    },
  });
}

describe('evidence in VS Code', function () {
  this.timeout(30_000);
  let test: TestEngine;
  let round: EndedRound;
  before(async () => {
    test = newEngine();
    round = await runBoth(test);
  });
  after(() => test.dispose());

  describe('as the output of a check', () => {
    let outputs: CheckOutputs;
    let engine: Engine;
    let run: CheckRun | undefined;
    const uriOf = (subject: CandidateId | 'base') =>
      checkOutputUri({ roundId: round.roundId, subject, check: 'a/b: test' }, 'A');
    beforeEach(() => {
      run = runOf({ output: { head: 'hello', tail: '', omittedBytes: 0 } });
      engine = withEvidence(test, { checkRun: () => run, ready: async () => {} });
      outputs = new CheckOutputs(engine);
    });
    afterEach(() => outputs.dispose());

    it('is a read-only document that says whose it is', async () => {
      const [a] = round.ids;
      assert.equal(uriOf(a).path, '/a-b- test on A.log');
      const text = Buffer.from(await outputs.readFile(uriOf(a))).toString();
      assert.match(text, /^test on A\n\$ npm test\n.*hello\n$/s);
      assert.match(Buffer.from(await outputs.readFile(uriOf('base'))).toString(), /^test on the base\n/);
      const { size, permissions, mtime } = await outputs.stat(uriOf(a));
      assert.deepEqual(
        [size, permissions, mtime],
        [Buffer.byteLength(text), vscode.FilePermission.Readonly, run?.endedAt],
      );
      assert.throws(() => outputs.writeFile(uriOf(a)), vscode.FileSystemError);
    });

    it('is not there for a check that has not run, and for a round that is gone', async () => {
      run = undefined;
      await assert.rejects(outputs.readFile(uriOf('base')), vscode.FileSystemError);
      await assert.rejects(outputs.readFile(uriOf('gone' as CandidateId)), vscode.FileSystemError);
    });

    it('has links to the candidate’s files, and to the user’s own where it left them alone', async () => {
      const [a] = round.ids;
      const output = 'text.txt:2:1 bad\nREADME.md:1\ngone.txt:1\nmade/new.txt:1\n/etc/passwd:1\n../x.txt:1\nnone.txt:3';
      const document = { uri: uriOf(a), getText: () => output, positionAt: (at: number) => new vscode.Position(0, at) };
      const { token } = new vscode.CancellationTokenSource();
      const linksIn = (uri: vscode.Uri) =>
        checkLinks(engine, { ...document, uri } as unknown as vscode.TextDocument, token);
      const links = await linksIn(uriOf(a));
      assert.deepEqual(
        links.map(({ target, range }) => [
          target?.scheme,
          target && runFileOf(target)?.side,
          target?.fragment,
          output.slice(range.start.character, range.end.character),
        ]),
        [
          [runFileScheme, 'after', 'L2,1', 'text.txt:2:1'],
          ['file', undefined, 'L1', 'README.md:1'],
          [runFileScheme, 'after', 'L1', 'made/new.txt:1'],
        ],
      );
      const [first] = links;
      assert.ok(first?.target);
      assert.match(Buffer.from(await new RunFiles(test.engine).readFile(first.target)).toString(), /^one\n2\n/);
      const [base, , gone] = await linksIn(uriOf('base'));
      assert.ok(base?.target && gone?.target);
      assert.equal(runFileOf(base.target)?.side, 'base');
      assert.equal(Buffer.from(await new RunFiles(test.engine).readFile(gone.target)).toString(), 'gone\n');
    });
  });

  describe('as comments', () => {
    interface Thread {
      uri: vscode.Uri;
      line: number;
      text: string;
      author: string;
      label?: string;
      canReply?: boolean;
      isDisposed: boolean;
    }
    const original = vscode.comments.createCommentController;
    let threads: Thread[];
    let evidence: RoundEvidence;
    let comments: FindingComments;
    let document: vscode.TextDocument;

    beforeEach(async () => {
      threads = [];
      (vscode.comments as { createCommentController: unknown }).createCommentController = () => ({
        createCommentThread: (uri: vscode.Uri, range: vscode.Range, [comment]: vscode.Comment[]) => {
          assert.ok(typeof comment?.body === 'string', 'no markdown is made of it');
          const [text, author] = [comment.body, comment.author.name];
          const thread = { uri, line: range.start.line, text, author, isDisposed: false };
          threads.push(thread);
          return Object.assign(thread, { dispose: () => Object.assign(thread, { isDisposed: true }) });
        },
        dispose: () => {},
      });
      const finding = { path: 'text.txt', line: 2, severity: 'major', reason: 'Wrong <b>*digit*</b>.' } as const;
      evidence = evidenceOf({ reviews: [reviewOf('r', { [round.ids[0]]: { merge: true, findings: [finding] } })] });
      // Empty and of no blob, so that the extension itself, whose engine is another, can open it.
      const file = { candidate: round.ids[0], key: 'text.txt', side: 'after' } as const;
      document = await vscode.workspace.openTextDocument(runFileUri(file, 'text.txt', undefined));
      comments = new FindingComments(withEvidence(test, { of: () => evidence }));
    });
    afterEach(() => {
      comments.dispose();
      (vscode.comments as { createCommentController: unknown }).createCommentController = original;
    });

    it('stand at their line of the candidate’s file, as text, and know their finding', async () => {
      await comments.update();
      await comments.update();
      const [thread, ...more] = threads;
      assert.ok(thread);
      assert.deepEqual(more, []);
      assert.deepEqual(
        [thread.uri.toString(), thread.line, thread.author, thread.label, thread.canReply],
        [document.uri.toString(), 1, 'R', 'Review: major', false],
      );
      assert.equal(thread.text, 'Wrong <b>*digit*</b>.');
      assert.equal(comments.nameOf(thread)?.roundId, round.roundId);
      assert.equal(comments.nameOf({}), undefined);
    });

    it('are not at lines of another version than the one that was reviewed', async () => {
      const [id] = round.ids;
      const { round: shown, candidate } = test.engine.candidate(id);
      const { after } = versionsOf(shown, 'text.txt', candidate);
      assert.ok(after);
      const open = [after, { ...after, blob: '0'.repeat(40) as ObjectName }].map((version) => ({
        uri: runFileUri({ candidate: id, key: 'text.txt', side: 'after' }, 'text.txt', version),
      }));
      const documents = Object.getOwnPropertyDescriptor(vscode.workspace, 'textDocuments');
      assert.ok(documents);
      Object.defineProperty(vscode.workspace, 'textDocuments', { ...documents, get: () => open });
      try {
        await comments.update();
      } finally {
        Object.defineProperty(vscode.workspace, 'textDocuments', documents);
      }
      assert.deepEqual(
        threads.map(({ uri }) => uri.toString()),
        [open[0]?.uri.toString()],
      );
    });

    it('say that they were sent', async () => {
      const [id] = round.ids;
      const { task } = test.engine.round(round.roundId);
      const [found] = findingsOf(evidence.reviews);
      assert.ok(found);
      const sent = { message: findingMessage(found.finding), start: { from: 'run', runId: id } };
      const later = { ...task, rounds: [...task.rounds, sent] };
      const engine = withEvidence(test, { of: () => evidence });
      comments.dispose();
      comments = new FindingComments(
        new Proxy(engine, {
          get: (_target, name) =>
            name === 'candidate'
              ? (candidate: CandidateId) => ({ ...engine.candidate(candidate), task: later })
              : Reflect.get(engine, name, engine),
        }),
      );
      await comments.update();
      assert.equal(threads.at(-1)?.label, 'Review: major, sent to the run');
    });

    it('go when they are no longer part of the review', async () => {
      await comments.update();
      evidence = evidenceOf();
      await comments.update();
      assert.deepEqual(
        threads.map(({ isDisposed }) => isDisposed),
        [true],
      );
    });
  });

  it('has no second review begun while there is one', async () => {
    const answers = new EditorAnswers();
    let begun = 0;
    const evidence = { of: () => evidenceOf({ isReviewing: true }), review: async () => void begun++ };
    const actions = new EvidenceActions({
      engine: withEvidence(test, evidence),
      settings: { profiles: [], reviewers: [] } as unknown as EvidenceActionParts['settings'],
      folders: {} as unknown as FolderChoice,
      memento: {} as unknown as vscode.Memento,
      showTask: async () => {},
    });
    await actions.review(round.roundId);
    answers.dispose();
    assert.deepEqual([begun, answers.told[0]?.buttons], [0, ['Cancel Review']]);
    assert.match(answers.told[0]?.message ?? '', /being reviewed already/);
  });

  describe('as a message to the run', () => {
    let answers: EditorAnswers;
    beforeEach(() => {
      answers = new EditorAnswers();
    });
    afterEach(() => answers.dispose());
    const parts = () => ({
      engine: test.engine,
      settings: { profiles: [] },
      folders: { requireOpen: () => {} } as unknown as FolderChoice,
    });

    it('is shown first, and sent to its model, going on from it', async () => {
      const [, b] = round.ids;
      const { task } = test.engine.round(round.roundId);
      const message = { candidate: b, text: 'A reviewer says that this is wrong.' };
      assert.equal(await sendFinding(parts(), message), undefined);
      assert.match(answers.asked[0]?.message ?? '', /^Send this to B\?$/);
      assert.match(answers.asked[0]?.detail ?? '', /^A reviewer says that this is wrong\.\n\n.*B’s result/);
      assert.equal(test.engine.task(task.id)?.rounds.length, 1);
      answers.next('Send');
      assert.equal(await sendFinding(parts(), message), task.id);
      const started = test.engine.task(task.id)?.rounds.at(-1);
      assert.ok(started);
      assert.deepEqual(
        [started.message, started.start, started.runs.map(({ profile }) => profile.label)],
        [message.text, { from: 'run', runId: b }, ['B']],
      );
      assert.equal(test.engine.round(round.roundId).round.chosenRunId, undefined, 'nothing is picked by that');
      assert.equal(await sendFinding(parts(), message), undefined);
      assert.match(answers.asked.at(-1)?.message ?? '', /^This was sent already\. Send it to B once more\?$/);
      await test.ended(started.id);
    });
  });
});
