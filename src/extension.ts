import * as vscode from 'vscode';
import type { TaskId } from './core/domain.ts';
import type { EngineHost } from './core/engine/engineHost.ts';
import { Engine } from './core/engine.ts';
import { UserError } from './core/problem.ts';
import { createProvider } from './core/providers/createProvider.ts';
import { createActionRunner } from './vscode/actions.ts';
import { registerApply } from './vscode/applyCommands.ts';
import { CheckOutputs } from './vscode/checkOutputs.ts';
import { checkScheme } from './vscode/checkOutputUri.ts';
import { registerCommands } from './vscode/commands.ts';
import { ComparePanels } from './vscode/comparePanel.ts';
import { Composer } from './vscode/composer.ts';
import { CompositionFiles, compositionScheme } from './vscode/compositionFiles.ts';
import { consentsIn, isUnprotectedAgreed } from './vscode/consentMemory.ts';
import { announceEvidence } from './vscode/evidenceNews.ts';
import { FileLanguages } from './vscode/fileLanguages.ts';
import { FindingComments } from './vscode/findingComments.ts';
import { FolderChoice } from './vscode/folderChoice.ts';
import { followFolders } from './vscode/followFolders.ts';
import { GitHubSession } from './vscode/gitHubSession.ts';
import { logTo } from './vscode/logChannel.ts';
import { offerChecks } from './vscode/offerChecks.ts';
import { openWhenDone } from './vscode/openWhenDone.ts';
import { Problems } from './vscode/problems.ts';
import type { WrittenMessage } from './vscode/pullRequestActions.ts';
import { PullRequestButtons } from './vscode/pullRequestButtons.ts';
import { PullRequestEditor, pullRequestScheme } from './vscode/pullRequestEditor.ts';
import { announceRounds } from './vscode/roundNews.ts';
import { RunFiles, runFileScheme } from './vscode/runFiles.ts';
import { RunReports } from './vscode/runReports.ts';
import { RunShipping } from './vscode/runShipping.ts';
import { Secrets } from './vscode/secrets.ts';
import { Settings } from './vscode/settings.ts';
import { standIn } from './vscode/standIn.ts';
import { announceRemovals } from './vscode/storageNews.ts';
import { TaskView } from './vscode/taskView.ts';
import { Transcripts, transcriptScheme } from './vscode/transcripts.ts';
import { unsavedTexts } from './vscode/unsavedTexts.ts';

/** Builds the engine and the shell, and wires them. */
export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri, subscriptions } = context;
  const channel = vscode.window.createOutputChannel('dursor', { log: true });
  const log = logTo(channel);
  const settings = new Settings(() => isUnprotectedAgreed(context.globalState));
  const secrets = new Secrets(context.secrets, process.env);
  const models = async () => new (await import('./vscode/addModel.ts')).ModelSetup(secrets, settings, connect);
  const gitHub = new GitHubSession(secrets, settings);
  const act = createActionRunner({
    log: channel,
    setKey: async (provider, profile) => (await models()).replaceKey(provider, profile),
    signIn: () => gitHub.signIn(),
    setUpGitHubApp: () => gitHub.setUpApp(),
  });
  const problems = new Problems(log, act);
  subscriptions.push(channel);

  let engine: Engine;
  try {
    engine = new Engine({
      log,
      storageDirectory: context.globalStorageUri.fsPath,
      settings: () => settings.engine,
      checkConsents: consentsIn(context.globalState),
      profiles: () => settings.profiles,
      apiKey: (profile) => secrets.apiKey(profile),
      unsavedTexts,
      gitHubAuth: (_, how) => gitHub.auth(how),
      gitPush: async (request) => {
        const { pushWithGit } = await import('./vscode/gitPush.ts');
        return pushWithGit(request);
      },
      createProvider: connect,
    });
  } catch (error) {
    const problem = problems.from(error);
    problems.show(new UserError(problem));
    subscriptions.push(
      standIn(context.extension, problem, (id) => {
        if (id === 'dursor.showLog') channel.show();
        else problems.show(new UserError(problem));
      }),
    );
    return;
  }
  subscriptions.push({ dispose: () => void engine.dispose() });
  const folders = new FolderChoice();
  const pullRequests = new PullRequestEditor(engine, context.workspaceState, settings);
  const shipping = new RunShipping(engine, pullRequests, folders, problems);
  const transcripts = new Transcripts(engine);
  const reports = new RunReports({
    engine,
    transcripts,
    secrets,
    problems,
    version: (context.extension.packageJSON as { version: string }).version,
    storage: context.globalStorageUri,
  });
  const languages = new FileLanguages();
  const compositions = new CompositionFiles(engine);
  const languageOf = (path: string) => languages.of(path);
  const checkOutputs = new CheckOutputs(engine);
  const findings = new FindingComments(engine);
  const evidence = async () => {
    const { EvidenceActions } = await import('./vscode/evidenceActions.ts');
    const showTask = (taskId: TaskId) => taskView.show(taskId);
    return new EvidenceActions({ engine, settings, folders, memento: context.globalState, showTask });
  };
  const pullRequestActions = async () => {
    const { PullRequestActions } = await import('./vscode/pullRequestActions.ts');
    const { remotes } = pullRequests;
    const write = (message: WrittenMessage) => taskView.write(message);
    return new PullRequestActions({ engine, folders, settings, remotes, write });
  };
  const pulls = new PullRequestButtons(pullRequestActions, problems);
  const compare = new ComparePanels({
    extensionUri,
    engine,
    shipping,
    pulls,
    settings,
    problems,
    checkOutputs,
    evidence,
    languageOf,
  });
  const taskView = new TaskView({
    extensionUri,
    memento: context.workspaceState,
    engine,
    composer: new Composer({ everywhere: context.globalState, workspace: context.workspaceState }, settings),
    folders,
    shipping,
    pulls,
    reports,
    settings,
    problems,
    act,
    addModel: () => void vscode.commands.executeCommand('dursor.addModel'),
    openCompare: (roundId) => compare.open(roundId),
    isComparing: (roundId) => compare.isShowing(roundId),
  });
  subscriptions.push(
    vscode.window.registerWebviewViewProvider(TaskView.id, taskView),
    vscode.window.registerWebviewPanelSerializer(ComparePanels.viewType, compare),
    vscode.workspace.registerFileSystemProvider(runFileScheme, new RunFiles(engine), { isReadonly: true }),
    languages,
    compositions,
    vscode.workspace.registerFileSystemProvider(compositionScheme, compositions),
    checkOutputs,
    vscode.workspace.registerFileSystemProvider(checkScheme, checkOutputs, { isReadonly: true }),
    vscode.languages.registerDocumentLinkProvider(
      { scheme: checkScheme },
      {
        provideDocumentLinks: async (document, token) =>
          (await import('./vscode/checkLinks.ts')).checkLinks(engine, document, token),
      },
    ),
    findings,
    transcripts,
    vscode.workspace.registerFileSystemProvider(transcriptScheme, transcripts, { isReadonly: true }),
    vscode.workspace.registerFileSystemProvider(pullRequestScheme, pullRequests),
    vscode.languages.registerCodeLensProvider({ scheme: pullRequestScheme }, pullRequests),
    vscode.workspace.onDidChangeWorkspaceFolders(() => taskView.refresh()),
    settings.onDidChange(() => {
      engine.settingsChanged();
      taskView.refresh();
      pullRequests.refresh();
    }),
    vscode.extensions.onDidChange(() => taskView.refresh()),
    followFolders(engine, folders),
    announceRemovals(engine),
    openWhenDone({
      engine,
      isWanted: () => settings.opensCompareWhenDone && !compare.isVisible,
      isHere: (folder) => folders.isOpen(folder),
      open: (roundId) => compare.open(roundId, true),
    }),
    announceRounds({
      engine,
      isWatching: (taskId, roundId) => taskView.isWatching(taskId, roundId),
      onUnseen: (taskId, roundId) => taskView.markUnseen(taskId, roundId),
      openCompare: (roundId) => compare.open(roundId),
      showTask: (taskId) => void taskView.show(taskId),
    }),
    announceEvidence({
      engine,
      isWatching: (taskId, roundId) => taskView.isWatching(taskId, roundId) && compare.isShowing(roundId),
      openCompare: (roundId) => compare.open(roundId),
    }),
    offerChecks({
      engine,
      memento: context.globalState,
      problems,
      hasChecks: () => settings.parsedChecks.checks.length > 0,
      isHere: (folder) => folders.isOpen(folder),
      setUp: () => void vscode.commands.executeCommand('dursor.setUpChecks'),
    }),
    vscode.window.onDidChangeWindowState(() => taskView.refresh()),
    vscode.window.tabGroups.onDidChangeTabs(() => taskView.noteSeen()),
    registerApply({ engine, problems }),
    registerCommands({
      engine,
      taskView,
      compare,
      shipping,
      reports,
      pullRequests,
      pullRequestActions,
      models,
      evidence,
      findings,
      gitHub,
      folders,
      secrets,
      settings,
      problems,
      log: channel,
    }),
  );
}

/** Every provider as the engine reaches it. VS Code's own models are behind its API, which only the shell has. */
const connect: EngineHost['createProvider'] = async (provider, account) => {
  if (provider !== 'vscode') return createProvider(provider, account);
  const { createLanguageModelProvider } = await import('./vscode/languageModels.ts');
  return createLanguageModelProvider(vscode);
};
