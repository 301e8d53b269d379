import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secretsOf, workflowPaths } from '../../../src/core/workflow/gitHubWorkflow.ts';
import { planWorkflow, writeWorkflow } from '../../../src/core/workflow/workflowFiles.ts';
import { workflowModels, workflowTemplate } from '../../support/workflow/workflowScene.ts';

describe('the files of the GitHub workflow', () => {
  const sources = { template: workflowTemplate, commandLine: '// dursor\n' };
  const checks = [{ name: 'tests', command: 'npm test', timeoutSeconds: 900 }];
  const choices = { models: workflowModels, reviewers: [], checks, forbiddenPaths: [], baseUrls: {} };
  let top: string;
  beforeEach(() => {
    top = mkdtempSync(join(tmpdir(), 'dursor-workflow-'));
  });
  afterEach(() => rmSync(top, { recursive: true }));

  const states = async () =>
    Object.fromEntries((await planWorkflow(top, sources, choices)).map(({ path, state }) => [path, state]));

  it('are written as planned, and are then the same', async () => {
    await writeWorkflow(top, await planWorkflow(top, sources, choices));
    assert.deepEqual(JSON.parse(readFileSync(join(top, workflowPaths.checks), 'utf8')), [
      { name: 'tests', command: 'npm test', timeout: 900 },
    ]);
    assert.deepEqual([...new Set(Object.values(await states()))], ['same']);
  });

  it('are told apart where something else is there', async () => {
    mkdirSync(join(top, '.github/workflows'), { recursive: true });
    writeFileSync(join(top, workflowPaths.workflow), 'name: mine\n');
    assert.deepEqual(await states(), {
      [workflowPaths.workflow]: 'other',
      [workflowPaths.checks]: 'new',
      [workflowPaths.commandLine]: 'new',
    });
    assert.equal(readFileSync(join(top, workflowPaths.workflow), 'utf8'), 'name: mine\n');
  });

  it('replace nothing that has come there since they were planned', async () => {
    const plan = await planWorkflow(top, sources, choices);
    mkdirSync(join(top, '.github/workflows'), { recursive: true });
    writeFileSync(join(top, workflowPaths.workflow), 'name: mine\n');
    await assert.rejects(writeWorkflow(top, plan), /in the meantime/);
    assert.equal(readFileSync(join(top, workflowPaths.workflow), 'utf8'), 'name: mine\n');
  });

  it('are not written through a link', async () => {
    mkdirSync(join(top, 'elsewhere'));
    symlinkSync('elsewhere', join(top, '.github'));
    await assert.rejects(planWorkflow(top, sources, choices), /symbolic link/);
  });

  it('need the secrets of the providers that are asked', () => {
    assert.deepEqual(secretsOf(choices), ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY']);
  });
});
