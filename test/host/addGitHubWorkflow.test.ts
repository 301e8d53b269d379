import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { ModelProfile, ProfileId } from '../../src/core/domain.ts';
import { workflowPaths } from '../../src/core/workflow/gitHubWorkflow.ts';
import { addGitHubWorkflow } from '../../src/vscode/addGitHubWorkflow.ts';
import { EditorAnswers } from '../support/editorAnswers.ts';

const gpt: ModelProfile = {
  ...{ id: 'gpt' as ProfileId, provider: 'openai', model: 'gpt-5.1-codex', label: 'GPT', options: {} },
};
const inEditor: ModelProfile = { ...gpt, id: 'editor' as ProfileId, provider: 'vscode', label: 'In VS Code' };

describe('adding the GitHub workflow', function () {
  this.timeout(30_000);
  let top: string;
  let answers: EditorAnswers;
  let offered: readonly string[];

  beforeEach(() => {
    top = mkdtempSync(join(tmpdir(), 'dursor-add-workflow-'));
    execFileSync('git', ['init', '-q'], { cwd: top });
    answers = new EditorAnswers();
    offered = [];
    // Of a list of several, all are picked.
    (vscode.window as { showQuickPick: unknown }).showQuickPick = async (items: readonly vscode.QuickPickItem[]) => {
      offered = items.map(({ label }) => label);
      return items;
    };
  });
  afterEach(async () => {
    answers.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(top, { recursive: true, force: true, maxRetries: 5 });
  });

  const checks = ['agreed', 'not agreed'].map((name) => ({ name, command: `echo ${name}`, timeoutSeconds: 60 }));
  const add = () =>
    addGitHubWorkflow({
      engine: { evidence: { missing: async () => checks.slice(1) } },
      settings: {
        ...{ profiles: [gpt, inEditor], reviewers: [], parsedChecks: { checks, problems: [] } },
        engine: { forbiddenPaths: [], baseUrls: { openai: 'https://models.example.com/v1' } },
      },
      folders: { pick: async () => top },
    });
  const read = (path: string) => readFileSync(join(top, path), 'utf8');
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), text);
  };

  it('writes what it has shown, once it is told to', async () => {
    answers.next('Show Workflow');
    await add();
    const shown = vscode.window.activeTextEditor?.document.getText();
    assert.match(shown ?? '', /^name: dursor$/m);
    assert.equal(existsSync(join(top, '.github')), false);
    answers.next('Write');
    await add();
    assert.deepEqual(offered, ['GPT']);
    assert.equal(read(workflowPaths.workflow), shown);
    assert.match(read(workflowPaths.workflow), /OPENAI_BASE_URL: "https:\/\/models\.example\.com\/v1"/);
    assert.match(read(workflowPaths.checks), /"agreed"/);
    assert.doesNotMatch(read(workflowPaths.checks), /not agreed/);
    assert.match(read(workflowPaths.commandLine), /^#!\/usr\/bin\/env node\n/);
    const [asked] = answers.asked;
    for (const path of Object.values(workflowPaths)) assert.ok(asked?.detail.includes(`New: ${path}`), asked?.detail);
    assert.match(asked?.detail ?? '', /without 1 that you have not agreed to/);
    assert.match(answers.told.at(-1)?.message ?? '', /add the secrets OPENAI_API_KEY/);
    answers.next();
    await add();
    assert.match(answers.told.at(-1)?.message ?? '', /up to date/);
  });

  it('writes nothing where the question is left', async () => {
    await add();
    assert.equal(answers.asked.length, 1);
    assert.equal(existsSync(join(top, '.github')), false);
  });

  it('replaces what is there only when told to', async () => {
    write(workflowPaths.workflow, 'name: mine\n');
    await add();
    assert.deepEqual(answers.asked[0]?.buttons, ['Replace', 'Write Only What Is New', 'Show Workflow']);
    assert.match(answers.asked[0]?.detail ?? '', /Replaced: \.github\/workflows\/dursor\.yml/);
    assert.equal(existsSync(join(top, workflowPaths.checks)), false);
    answers.next('Write Only What Is New');
    await add();
    assert.equal(read(workflowPaths.workflow), 'name: mine\n');
    assert.ok(existsSync(join(top, workflowPaths.commandLine)));
    answers.next('Replace');
    await add();
    assert.match(read(workflowPaths.workflow), /^name: dursor$/m);
  });
});
