import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ModelProfile } from '../core/domain.ts';
import type { EngineSettings } from '../core/engine/engineHost.ts';
import type { Engine } from '../core/engine.ts';
import { UserError } from '../core/problem.ts';
import { secretsOf, type WorkflowChoices, workflowPaths } from '../core/workflow/gitHubWorkflow.ts';
import { planWorkflow, type WorkflowFile, writeWorkflow } from '../core/workflow/workflowFiles.ts';
import { locateRepository } from '../core/workspace/locateRepository.ts';
import type { FolderChoice } from './folderChoice.ts';
import type { Settings } from './settings.ts';

export interface WorkflowParts {
  readonly engine: { readonly evidence: Pick<Engine['evidence'], 'missing'> };
  readonly settings: Pick<Settings, 'profiles' | 'reviewers' | 'parsedChecks'> & {
    readonly engine: Pick<EngineSettings, 'forbiddenPaths' | 'baseUrls'>;
  };
  readonly folders: Pick<FolderChoice, 'pick'>;
}

/**
 * Writes the workflow that runs dursor on GitHub Actions into the repository of a folder, once the user has seen what is to be written. The
 * command line comes along as a file, since no package registry has it. What is there is replaced only when the user says so. Throws
 * `UserError`.
 */
export async function addGitHubWorkflow({ engine, settings, folders }: WorkflowParts): Promise<void> {
  const folder = await folders.pick();
  if (folder === undefined) return;
  const repository = await locateRepository(folder);
  if (!repository) throw noRepository(folder);
  const models = await pickModels(settings.profiles);
  if (!models) return;
  const { checks } = settings.parsedChecks;
  const missing = await engine.evidence.missing(folder, checks);
  const choices: WorkflowChoices = {
    models,
    reviewers: settings.profiles.filter(({ id, provider }) => settings.reviewers.includes(id) && provider !== 'vscode'),
    // What the user has not agreed to may be the folder's own wish.
    checks: checks.filter((check) => !missing.includes(check)),
    forbiddenPaths: settings.engine.forbiddenPaths,
    baseUrls: settings.engine.baseUrls,
  };
  const plan = await planWorkflow(repository.top, await sources(), choices);
  const chosen = await ask(plan, choices, missing.length);
  if (!chosen) return;
  await writeWorkflow(repository.top, chosen);
  await vscode.window.showTextDocument(vscode.Uri.file(join(repository.top, workflowPaths.workflow)));
  void vscode.window.showInformationMessage(
    `The workflow is written. In the repository's settings on GitHub, add the secrets ${secretsOf(choices).join(', ')} for Actions and let GitHub Actions create pull requests. Then commit and push the files to the default branch.`,
  );
}

/** Undefined when the user left it. Throws `UserError` (`model-not-found`) where none can be reached from GitHub. */
async function pickModels(profiles: readonly ModelProfile[]): Promise<readonly ModelProfile[] | undefined> {
  const usable = profiles.filter(({ provider }) => provider !== 'vscode');
  if (usable.length === 0) {
    throw new UserError({
      code: 'model-not-found',
      message:
        'None of your models can be reached from GitHub Actions: those of VS Code can only be reached from here. Add a model with an API key, then try again.',
    });
  }
  const items = usable.map((profile) => ({
    label: profile.label,
    description: profile.model,
    picked: true,
    profile,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Which models should run on GitHub Actions?',
    placeHolder: 'Each of them costs what it costs here, for every comment that begins with /dursor',
    canPickMany: true,
    ignoreFocusOut: true,
  });
  return picked && picked.length > 0 ? picked.map(({ profile }) => profile) : undefined;
}

async function sources() {
  const extension = vscode.extensions.getExtension('dursor.dursor');
  if (!extension) throw new Error('the extension does not know itself');
  const read = async (...path: string[]) =>
    Buffer.from(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extension.extensionUri, ...path))).toString(
      'utf8',
    );
  return { template: await read('media', 'workflow', 'dursor.yml'), commandLine: await read('dist', 'cli.js') };
}

/** Shows what is to be written, and answers with what the user wants of it. */
async function ask(
  plan: readonly WorkflowFile[],
  { models, checks }: WorkflowChoices,
  notAgreed: number,
): Promise<readonly WorkflowFile[] | undefined> {
  const [added, others] = (['new', 'other'] as const).map((state) => plan.filter((file) => file.state === state));
  if (!added || !others || added.length + others.length === 0) {
    void vscode.window.showInformationMessage('The workflow is in this repository already, and up to date.');
    return undefined;
  }
  const show = 'Show Workflow';
  const write = others.length === 0 ? 'Write' : 'Replace';
  const writeNew = others.length > 0 && added.length > 0 ? ['Write Only What Is New'] : [];
  const detail = [
    ...added.map((file) => `New: ${described(file)}`),
    ...others.map((file) => `Replaced: ${described(file)}`),
    '',
    `Models: ${models.map(({ label }) => label).join(', ')}`,
    `Checks: ${checks.map(({ name }) => name).join(', ') || 'none'}${notAgreed > 0 ? `, without ${notAgreed} that you have not agreed to` : ''}`,
    '',
    'On GitHub, code of the repository and of models runs only in a job without secrets. Nothing is committed or pushed now.',
  ].join('\n');
  for (;;) {
    const message = 'Add the dursor workflow to this repository?';
    const answer = await vscode.window.showWarningMessage(message, { modal: true, detail }, write, ...writeNew, show);
    if (answer === write) return [...added, ...others];
    if (answer !== show) return answer === undefined ? undefined : added;
    const workflow = plan.find(({ path }) => path === workflowPaths.workflow);
    await vscode.window.showTextDocument(
      await vscode.workspace.openTextDocument({ language: 'yaml', content: workflow?.text ?? '' }),
    );
    const goOn = 'Go On';
    const seen = await vscode.window.showInformationMessage('This is the workflow. Nothing is written yet.', goOn);
    if (seen !== goOn) return undefined;
  }
}

function described({ path, text }: WorkflowFile): string {
  const size = Buffer.byteLength(text);
  return size < 100_000 ? path : `${path} (dursor’s command line, ${(size / 1_000_000).toFixed(1)} MB)`;
}

function noRepository(folder: string): UserError {
  return new UserError({
    code: 'no-remote',
    message: `${folder} is in no Git repository, so there is nowhere for a workflow. Publish it to GitHub first.`,
  });
}
