import * as vscode from 'vscode';
import type { RoundId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import type { FindingView } from '../protocol/compareEvidence.ts';
import { versionsOf } from './fileVersions.ts';
import { FrameTimer } from './frameTimer.ts';
import { blobIn, runFileOf, runFileScheme } from './runFiles.ts';

/** Names a finding over all rounds. */
export interface FindingName {
  readonly roundId: RoundId;
  readonly findingId: string;
}

type FindingViews = typeof import('./comparisonEvidence.ts').findingViews;

interface Shown {
  readonly thread: vscode.CommentThread;
  /** What its comment says. */
  readonly text: string;
}

/** What reviewers found, as comments in the editors that show a candidate's file. */
export class FindingComments implements vscode.Disposable {
  readonly #engine: Pick<Engine, 'candidate' | 'evidence' | 'onDidChange'>;
  readonly #frame = new FrameTimer(() => void this.update());
  readonly #subscriptions: readonly { dispose(): unknown }[];
  readonly #names = new WeakMap<vscode.CommentThread, FindingName>();
  /** By document and finding. */
  readonly #shown = new Map<string, Shown>();
  #controller: vscode.CommentController | undefined;
  #isDisposed = false;

  constructor(engine: Pick<Engine, 'candidate' | 'evidence' | 'onDidChange'>) {
    this.#engine = engine;
    const ifOurs = ({ uri }: vscode.TextDocument) => {
      if (uri.scheme === runFileScheme) this.#frame.schedule();
    };
    this.#subscriptions = [
      vscode.workspace.onDidOpenTextDocument(ifOurs),
      vscode.workspace.onDidCloseTextDocument(ifOurs),
      engine.onDidChange(({ type }) => {
        if (type !== 'text' && (this.#shown.size > 0 || openFiles().length > 0)) this.#frame.schedule();
      }),
    ];
    if (openFiles().length > 0) this.#frame.schedule();
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#frame.dispose();
    this.#controller?.dispose();
  }

  /** Which finding a comment thread is; undefined for another's. */
  nameOf(thread: unknown): FindingName | undefined {
    return typeof thread === 'object' && thread !== null ? this.#names.get(thread as vscode.CommentThread) : undefined;
  }

  /** Brings the comments of all open files up to date, when the code that words them is loaded. */
  async update(): Promise<void> {
    const { findingViews } = await import('./comparisonEvidence.ts');
    if (this.#isDisposed) return;
    const wanted = new Set<string>();
    for (const { uri } of openFiles()) {
      for (const { roundId, finding } of this.#findingsIn(uri, findingViews)) {
        const key = `${finding.id} ${uri.toString()}`;
        wanted.add(key);
        this.#show(key, uri, finding, roundId);
      }
    }
    for (const [key, { thread }] of this.#shown) {
      if (wanted.has(key)) continue;
      thread.dispose();
      this.#shown.delete(key);
    }
  }

  #show(key: string, uri: vscode.Uri, finding: FindingView, roundId: RoundId): void {
    const text = JSON.stringify(finding);
    const shown = this.#shown.get(key);
    if (shown?.text === text) return;
    shown?.thread.dispose();
    this.#controller ??= vscode.comments.createCommentController('dursor-findings', 'dursor: review');
    const at = new vscode.Range(finding.line - 1, 0, finding.line - 1, 0);
    const thread = this.#controller.createCommentThread(uri, at, [commentOf(finding)]);
    thread.canReply = false;
    thread.label = `Review: ${finding.severity}${finding.isSent ? ', sent to the run' : ''}`;
    thread.contextValue = 'finding';
    thread.collapsibleState = vscode.CommentThreadCollapsibleState.Expanded;
    this.#names.set(thread, { roundId, findingId: finding.id });
    this.#shown.set(key, { thread, text });
  }

  /** What was found in the candidate whose file it is; its base has none. */
  #findingsIn(
    uri: vscode.Uri,
    findingViews: FindingViews,
  ): readonly { readonly roundId: RoundId; readonly finding: FindingView }[] {
    const file = runFileOf(uri);
    if (file?.side !== 'after') return [];
    try {
      const { task, round, candidate } = this.#engine.candidate(file.candidate);
      // A run that was done again, or a composition since, has other lines; one that is gone has none at all.
      const blob = blobIn(uri);
      if (blob !== undefined && blob !== versionsOf(round, file.key, candidate).after?.blob) return [];
      const evidence = this.#engine.evidence.of(round.id);
      return findingViews(round, evidence, file.key, task.rounds)
        .filter(({ candidate }) => candidate === file.candidate)
        .map((finding) => ({ roundId: round.id, finding }));
    } catch {
      // Its task is gone, or was never here.
      return [];
    }
  }
}

function openFiles(): readonly vscode.TextDocument[] {
  return vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === runFileScheme);
}

/** A model's words: a string is shown as text, and no markdown is made of it. */
function commentOf({ reason, reviewer }: FindingView): vscode.Comment {
  return {
    author: { name: reviewer },
    body: reason,
    mode: vscode.CommentMode.Preview,
  };
}
