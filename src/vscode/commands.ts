import * as vscode from 'vscode';
import { type Candidate, candidatesOf, isComposition, labelOf } from '../core/composition.ts';
import { type CandidateId, isEnded, type ModelProfile, type RoundId, type RunId, type Task } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import { UserError } from '../core/problem.ts';
import type { ModelSetup } from './addModel.ts';
import type { ComparePanels } from './comparePanel.ts';
import type { EvidenceActions } from './evidenceActions.ts';
import type { FindingComments } from './findingComments.ts';
import type { FolderChoice } from './folderChoice.ts';
import type { GitHubSession } from './gitHubSession.ts';
import type { Problems } from './problems.ts';
import type { PullRequestActions } from './pullRequestActions.ts';
import { pullRequestCommands } from './pullRequestCommands.ts';
import type { PullRequestEditor } from './pullRequestEditor.ts';
import type { RunReports } from './runReports.ts';
import type { RunShipping } from './runShipping.ts';
import type { Secrets } from './secrets.ts';
import type { Settings } from './settings.ts';
import type { TaskView } from './taskView.ts';

export interface CommandParts {
  readonly engine: Engine;
  readonly taskView: TaskView;
  readonly compare: ComparePanels;
  readonly shipping: RunShipping;
  readonly reports: RunReports;
  readonly pullRequests: PullRequestEditor;
  /** Loaded when it is asked for. */
  readonly pullRequestActions: () => Promise<PullRequestActions>;
  /** Loaded when it is asked for: few sessions add a model. */
  readonly models: () => Promise<ModelSetup>;
  /** Loaded when it is asked for. */
  readonly evidence: () => Promise<EvidenceActions>;
  readonly findings: FindingComments;
  readonly gitHub: GitHubSession;
  readonly folders: FolderChoice;
  readonly secrets: Secrets;
  readonly settings: Settings;
  readonly problems: Problems;
  readonly log: vscode.LogOutputChannel;
}

/** Registers every command of the manifest. What a command throws is shown with its button. */
export function registerCommands(parts: CommandParts): vscode.Disposable {
  const { taskView, compare, shipping, reports, models, gitHub, folders, problems } = parts;
  const { evidence, findings } = parts;
  const commands: Record<string, (argument?: unknown) => unknown> = {
    'dursor.newTask': () => taskView.newTask(),
    'dursor.runTaskHere': (uri) => {
      const place = uri instanceof vscode.Uri ? folders.locate(uri) : undefined;
      return taskView.newTask(place);
    },
    'dursor.addModel': async () => {
      const profile = await (await models()).addModel();
      if (profile) void vscode.window.showInformationMessage(`${profile.label} runs with your next message.`);
    },
    'dursor.setApiKey': async () => (await models()).setKey(),
    'dursor.setProfileApiKey': () => setProfileKey(parts),
    'dursor.removeKeys': () => removeKeys(parts),
    'dursor.setUpGitHubApp': () => gitHub.setUpApp(),
    'dursor.addGitHubWorkflow': async () => (await import('./addGitHubWorkflow.ts')).addGitHubWorkflow(parts),
    'dursor.openCompare': () => compare.open(lastRound(openTask(parts))),
    'dursor.setUpChecks': async () => (await evidence()).setUp(taskView.openTask),
    'dursor.agreeToChecks': async () => (await evidence()).agree(taskView.openTask),
    'dursor.withdrawChecks': async () => (await evidence()).withdraw(taskView.openTask),
    'dursor.runChecks': async () => (await evidence()).run(shownRound(parts)),
    'dursor.cancelChecks': async () => (await evidence()).cancel(shownRound(parts)),
    'dursor.reviewCandidates': async () => (await evidence()).review(shownRound(parts)),
    'dursor.copyEvidence': async () => (await evidence()).copy(shownRound(parts)),
    'dursor.sendFinding': async (thread) => {
      const name = findings.nameOf(thread);
      if (name) await (await evidence()).send(name.roundId, name.findingId);
    },
    'dursor.cancelRuns': () => cancelRuns(parts),
    'dursor.previewPatch': () => withCandidate(parts, (id) => shipping.preview(id)),
    'dursor.openRunInNewWindow': () => withCandidate(parts, (id) => shipping.openFolder(id)),
    'dursor.applyToWorkspace': () => withCandidate(parts, (id) => shipping.apply(id)),
    'dursor.createPullRequest': () => withCandidate(parts, (id) => shipping.createPullRequest(id)),
    'dursor.applyThisFile': async (uri) => {
      const { fileToApply } = await import('./shownFile.ts');
      const { id, path } = fileToApply(parts.engine, uri);
      return shipping.apply(id, [path]);
    },
    'dursor.revealInCompare': async (uri) => {
      const { placeToReveal } = await import('./shownFile.ts');
      const { roundId, place } = await placeToReveal(parts.engine, uri);
      compare.reveal(roundId, place);
    },
    'dursor.showTranscript': () => withAnyRun(parts, (runId) => reports.showTranscript(runId)),
    'dursor.exportRun': () => withAnyRun(parts, (runId) => reports.exportRun(runId)),
    ...pullRequestCommands({
      editor: parts.pullRequests,
      folders,
      actions: parts.pullRequestActions,
      openTask: () => openTask(parts),
      withCandidate: (action, isWanted) => withCandidate(parts, action, isWanted),
    }),
    'dursor.openSettings': () => vscode.commands.executeCommand('workbench.action.openSettings', '@ext:dursor.dursor'),
    'dursor.showStorage': async () =>
      (await import('./showStorage.ts')).showStorage({
        disk: parts.engine.disk,
        problems,
        modelOf: (id) => labelOf(parts.engine.candidate(id).candidate),
        isOpen: (folder) => folders.isOpen(folder),
        showTask: (id) => taskView.show(id),
      }),
    'dursor.showLog': () => parts.log.show(),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, run]) => {
      const attempt = async (argument?: unknown): Promise<void> => {
        try {
          await run(argument);
        } catch (error) {
          problems.show(error, () => void attempt(argument));
        }
      };
      return vscode.commands.registerCommand(id, attempt);
    }),
  );
}

function openTask({ engine, taskView }: CommandParts): Task {
  const task = taskView.openTaskId && engine.task(taskView.openTaskId);
  if (!task)
    throw new UserError({
      code: 'not-found',
      message: 'No task is open. Open one in the dursor view, or start a new one.',
    });
  return task;
}

function lastRound(task: Task): RoundId {
  const round = task.rounds.at(-1);
  if (!round)
    throw new UserError({ code: 'not-found', message: 'This task has no runs yet. Send it a message first.' });
  return round.id;
}

/** The round of the compare panel that the user is in, else the last of the open task. */
function shownRound(parts: CommandParts): RoundId {
  return parts.compare.activeRound ?? lastRound(openTask(parts));
}

/**
 * The chosen candidate of the open task's last round, else the only one with a patch, else the one the user picks. Those that aren't wanted
 * count only where none is.
 */
async function withCandidate(
  parts: CommandParts,
  action: (id: CandidateId) => Promise<void>,
  isWanted: (id: CandidateId) => boolean = () => true,
): Promise<void> {
  const round = openTask(parts).rounds.at(-1);
  const ready = (round ? candidatesOf(round) : []).filter(
    (candidate) => (isComposition(candidate) || isEnded(candidate)) && candidate.changes.length > 0,
  );
  const wanted = ready.filter(({ id }) => isWanted(id));
  const candidates = wanted.length > 0 ? wanted : ready;
  if (candidates.length === 0)
    throw new UserError({ code: 'nothing-to-ship', message: 'No run of this task has a patch yet.' });
  const chosen = candidates.find(({ id }) => id === round?.chosenRunId);
  const id = chosen?.id ?? (await pick(candidates));
  if (id) await action(id);
}

/** The only run of the open task's last round, else the one the user picks, however far it is. */
async function withAnyRun(parts: CommandParts, action: (runId: RunId) => Promise<void>): Promise<void> {
  const task = openTask(parts);
  const { round } = parts.engine.round(lastRound(task));
  const id = await pick(round.runs);
  if (id) await action(id);
}

async function pick<C extends Candidate>(candidates: readonly C[]): Promise<C['id'] | undefined> {
  if (candidates.length === 1) return candidates[0]?.id;
  const items = candidates.map((candidate) => ({
    label: labelOf(candidate),
    description: `${countOf(candidate.changes.length)}, ${isComposition(candidate) ? candidate.name : candidate.state.status}`,
    id: candidate.id,
  }));
  const title = candidates.some(isComposition) ? 'Which candidate?' : 'Which run?';
  return (await vscode.window.showQuickPick(items, { title }))?.id;
}

function countOf(files: number): string {
  return files === 1 ? '1 file' : `${files} files`;
}

async function cancelRuns({ engine, folders }: CommandParts): Promise<void> {
  const tasks = folders.folders.flatMap((folder) => engine.tasks(folder.uri.fsPath)).filter((task) => task.running > 0);
  await Promise.all(
    tasks.flatMap(({ id }) => engine.task(id)?.rounds.map((round) => engine.cancelRound(round.id)) ?? []),
  );
}

async function setProfileKey({ settings, models }: CommandParts): Promise<void> {
  const keyed = settings.profiles.filter(({ provider }) => provider !== 'vscode');
  const items = keyed.map((profile: ModelProfile) => ({
    label: profile.label,
    description: profile.model,
    profile,
  }));
  const picked = await vscode.window.showQuickPick(items, { title: 'Which model gets a key of its own?' });
  if (picked) await (await models()).setKey(picked.profile.provider, picked.profile);
}

async function removeKeys({ secrets }: CommandParts): Promise<void> {
  const answer = await vscode.window.showWarningMessage(
    'Remove every key that dursor stored?',
    {
      modal: true,
      detail:
        'API keys and the GitHub App private key are removed from secret storage. Environment variables stay as they are.',
    },
    'Remove',
  );
  if (answer === 'Remove') await secrets.removeAll();
}
