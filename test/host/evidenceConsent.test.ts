import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { RoundId } from '../../src/core/domain.ts';
import type { Engine } from '../../src/core/engine.ts';
import type { Check } from '../../src/core/evidence.ts';
import { UserError } from '../../src/core/problem.ts';
import { CheckOutputs } from '../../src/vscode/checkOutputs.ts';
import { checkOutputUri } from '../../src/vscode/checkOutputUri.ts';
import { consentsIn } from '../../src/vscode/consentMemory.ts';
import { EvidenceActions } from '../../src/vscode/evidenceActions.ts';
import type { FolderChoice } from '../../src/vscode/folderChoice.ts';
import { offerChecks } from '../../src/vscode/offerChecks.ts';
import type { Problems } from '../../src/vscode/problems.ts';
import type { Settings } from '../../src/vscode/settings.ts';
import { EditorAnswers } from '../support/editorAnswers.ts';
import { MemoryMemento } from '../support/memoryMemento.ts';
import { TestEngine, testSettings, writer } from '../support/testEngine.ts';

const folder = '/work/app';
const roundId = 'round' as RoundId;
const test: Check = { name: 'test', command: 'npm test', timeoutSeconds: 600 };

describe('the agreement to checks', function () {
  this.timeout(30_000);
  let answers: EditorAnswers;
  let memento: MemoryMemento;
  let done: string[];
  let agreed: Set<string>;
  let checks: readonly Check[];
  let sandbox: string;
  let actions: EvidenceActions;
  /** Agreements in other folders. */
  let elsewhere: number;

  beforeEach(() => {
    elsewhere = 0;
    answers = new EditorAnswers();
    memento = new MemoryMemento();
    done = [];
    agreed = new Set();
    checks = [test];
    sandbox = 'auto';
    const evidence = {
      sandbox: async () => ({ isolation: sandbox === 'none' ? 'none' : 'bubblewrap' }),
      missing: async (_folder: string, list: readonly Check[]) => list.filter(({ command }) => !agreed.has(command)),
      agree: async (_folder: string, list: readonly Check[]) => {
        for (const { command } of list) agreed.add(command);
      },
      agreedCount: async (where?: string) => agreed.size + (where === undefined ? elsewhere : 0),
      revoke: async (where?: string) => {
        done.push(`revoke ${where ?? 'all'}`);
        agreed.clear();
        if (where === undefined) elsewhere = 0;
      },
      cancelChecks: (id?: RoundId) => void done.push(`cancel ${id ?? 'all'}`),
      settingsChanged: () => {},
      suggest: async () => [
        { check: test, kind: 'test', from: 'package.json' },
        { check: { ...test, name: 'lint', command: 'npm run lint' }, kind: 'lint', from: 'package.json' },
      ],
      runChecks: async (_id: RoundId, ids?: readonly string[]) => void done.push(`run ${ids ?? 'all'}`),
    };
    const settings = {
      get parsedChecks() {
        return { checks, problems: [] };
      },
      get sandbox() {
        return sandbox;
      },
      sandboxImage: '',
      addChecks: async (entries: readonly Check[]) => {
        done.push(`written ${entries.map(({ command }) => command)}`);
        checks = entries.map((entry) => ({ ...entry, timeoutSeconds: 600 }));
      },
    };
    actions = new EvidenceActions({
      engine: { evidence, round: () => ({ task: { folder } }) } as unknown as Engine,
      settings: settings as unknown as Settings,
      folders: { requireOpen: () => {}, pick: async () => folder } as unknown as FolderChoice,
      memento,
      showTask: async () => {},
    });
  });
  afterEach(() => answers.dispose());

  it('is asked for with the whole command, and nothing runs without it', async () => {
    await actions.run(roundId);
    const [asked] = answers.asked;
    assert.match(asked?.message ?? '', /^Let dursor run this command as a check\?$/);
    assert.match(asked?.detail ?? '', /npm test\nin \/work\/app\n.*in a sandbox \(bubblewrap\)/s);
    assert.deepEqual([done, [...agreed]], [[], []]);
  });

  it('lets them run, and is asked for again when a command is another', async () => {
    answers.next('Agree');
    await actions.run(roundId, 'a' as never);
    await actions.run(roundId);
    assert.deepEqual([done, answers.asked.length], [['run a', 'run all'], 1]);
    checks = [{ ...test, command: 'npm test; curl x' }];
    await actions.run(roundId);
    assert.deepEqual([done.length, answers.asked.length], [2, 2]);
  });

  it('needs every dialog of a long list', async () => {
    checks = Array.from({ length: 12 }, (_, index) => ({ ...test, name: `n${index}`, command: `c${index}` }));
    answers.next('Next');
    await actions.run(roundId);
    assert.ok(answers.asked.length > 1);
    assert.deepEqual([done, agreed.size], [[], 0]);
  });

  it('is asked once more where there is no sandbox, in words that say so, and once only', async () => {
    sandbox = 'none';
    await actions.run(roundId);
    assert.match(answers.asked[0]?.message ?? '', /without any protection/);
    assert.match(answers.asked[0]?.detail ?? '', /your keys, your SSH agent and your network/);
    assert.deepEqual([done, answers.asked.length], [[], 1]);
    answers.next('Run Unprotected', 'Agree');
    await actions.run(roundId);
    await actions.run(roundId);
    assert.deepEqual([done, answers.asked.length], [['run all', 'run all'], 3]);
  });

  it('is what ticked suggestions need, too', async () => {
    checks = [];
    const window = vscode.window as { showQuickPick: unknown };
    const original = window.showQuickPick;
    window.showQuickPick = async (items: readonly { readonly detail: string }[]) =>
      items.filter(({ detail }) => detail === 'npm run lint');
    try {
      await actions.run(roundId);
      assert.deepEqual(done, ['written npm run lint']);
      answers.next('Agree');
      await actions.agree(undefined);
      assert.deepEqual([[...agreed], done], [['npm run lint'], ['written npm run lint']]);
      checks = [test, { ...test, name: 'lint', command: 'npm run lint' }];
      await assert.rejects(actions.setUp(undefined), UserError, 'nothing is left to suggest');
    } finally {
      window.showQuickPick = original;
    }
  });

  it('can be taken back, for a folder, everywhere, and for checks without a sandbox', async () => {
    const window = vscode.window as { showQuickPick: unknown };
    const original = window.showQuickPick;
    let offered: readonly string[] = [];
    let choice = '';
    window.showQuickPick = async (items: readonly { readonly label: string }[]) => {
      offered = items.map(({ label }) => label);
      return items.find(({ label }) => label === choice);
    };
    try {
      await actions.withdraw(undefined);
      assert.deepEqual(offered, []);
      assert.match(answers.told[0]?.message ?? '', /nothing to withdraw/);
      sandbox = 'none';
      answers.next('Run Unprotected', 'Agree');
      await actions.run(roundId);
      done = [];
      elsewhere = 1;
      for (choice of ['', 'Checks of this folder', 'Checks of every folder', 'Checks without a sandbox']) {
        await actions.withdraw(undefined);
      }
      assert.deepEqual(done, [`revoke ${folder}`, 'revoke all', 'cancel all']);
      assert.deepEqual(offered, ['Checks without a sandbox']);
      // Asked again, for both.
      answers.asked.length = 0;
      answers.next('Run Unprotected');
      await actions.run(roundId);
      assert.equal(answers.asked.length, 2);
    } finally {
      window.showQuickPick = original;
    }
  });

  it('is kept with the user’s own state', async () => {
    const consents = consentsIn(memento);
    assert.deepEqual(consents.read(), []);
    await consents.write(['x']);
    assert.deepEqual(consentsIn(memento).read(), ['x']);
  });
});

describe('a check of a round', function () {
  this.timeout(60_000);
  const hello: Check = { name: 'hello', command: 'echo from the copy of; ls', timeoutSeconds: 60 };
  const memento = new MemoryMemento();
  let answers: EditorAnswers;
  let scene: TestEngine;
  beforeEach(() => {
    answers = new EditorAnswers();
    const evidence = { ...testSettings.evidence, checks: [hello], sandbox: 'none' as const, checksWhenDone: true };
    const more = { settings: () => ({ ...testSettings, evidence }), checkConsents: consentsIn(memento) };
    scene = new TestEngine({ a: writer('a.txt', 'a\n') }, more);
  });
  afterEach(async () => {
    answers.dispose();
    await scene.dispose();
  });

  it('runs only once the user agreed, and what it printed can be read', async () => {
    const { engine } = scene;
    const made = await scene.round('Go', ['a']);
    const [run] = scene.runs(made);
    assert.ok(run);
    const ended = () => engine.evidence.checkRun(made, run.id, 'hello');
    const settings = { parsedChecks: { checks: [hello], problems: [] }, sandbox: 'os', sandboxImage: '' };
    const theirs = new EvidenceActions({
      engine,
      settings: settings as unknown as Settings,
      folders: { requireOpen: () => {} } as unknown as FolderChoice,
      memento,
      showTask: async () => {},
    });
    await theirs.run(made);
    assert.equal(answers.asked.length, 1);
    await assert.rejects(engine.evidence.runChecks(made), /you have not agreed/);
    assert.equal(ended(), undefined);
    answers.next('Agree');
    await theirs.run(made);
    await scene.until(() => ended() !== undefined);
    const outputs = new CheckOutputs(engine);
    const uri = checkOutputUri({ roundId: made, subject: run.id, check: 'hello' }, 'A');
    assert.match(
      Buffer.from(await outputs.readFile(uri)).toString(),
      /from the copy of\na\.txt\nREADME\.md|README\.md\na\.txt/,
    );
    outputs.dispose();
    await theirs.copy(made);
    assert.match(await vscode.env.clipboard.readText(), /\|/);
  });
});

describe('the offer to set up checks', function () {
  this.timeout(30_000);
  let answers: EditorAnswers;
  let scene: TestEngine;
  let offers: vscode.Disposable;
  beforeEach(() => {
    answers = new EditorAnswers();
    scene = new TestEngine({ a: writer('a.txt', 'a\n') });
    offers = offerChecks({
      engine: scene.engine,
      memento: new MemoryMemento(),
      problems: { from: (error: unknown) => assert.fail(String(error)) } as unknown as Problems,
      hasChecks: () => false,
      isHere: () => true,
      setUp: () => {},
    });
  });
  afterEach(async () => {
    offers.dispose();
    answers.dispose();
    await scene.dispose();
  });

  it('is made once, when a folder that has some has its first candidate', async () => {
    scene.write('package.json', JSON.stringify({ scripts: { test: 'node --test', lint: 'eslint [x](command:y)' } }));
    await scene.round('Go', ['a']);
    await scene.until(() => answers.told.length > 0);
    const [{ message, buttons } = assert.fail()] = answers.told;
    assert.match(message, /passes the checks of this folder: lint, test\. Nothing runs before you agreed to it\.$/);
    assert.deepEqual(buttons, ['Set Up Checks…']);
    const { suggest } = scene.engine.evidence;
    let suggested = 0;
    scene.engine.evidence.suggest = (folder) => {
      suggested++;
      return suggest.call(scene.engine.evidence, folder);
    };
    await scene.round('Again', ['a']);
    assert.deepEqual([answers.told.length, suggested], [1, 0]);
  });
});
