import { homedir, tmpdir } from 'node:os';
import * as vscode from 'vscode';
import type { RunId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import type { Problems } from './problems.ts';
import type { Secrets } from './secrets.ts';
import type { Transcripts } from './transcripts.ts';

export interface RunReportParts {
  readonly engine: Engine;
  readonly transcripts: Transcripts;
  readonly secrets: Secrets;
  readonly problems: Problems;
  /** The version of dursor. */
  readonly version: string;
  /** Where dursor keeps its things. */
  readonly storage: vscode.Uri;
}

/** What a run did, for reading and for giving away. Failures are shown, not thrown. */
export class RunReports {
  readonly #parts: RunReportParts;

  constructor(parts: RunReportParts) {
    this.#parts = parts;
  }

  showTranscript(id: RunId): Promise<void> {
    return this.#attempt(() => this.#parts.transcripts.show(id));
  }

  exportRun(id: RunId): Promise<void> {
    return this.#attempt(() => this.#export(id));
  }

  async #export(id: RunId): Promise<void> {
    const { engine, secrets, version, storage } = this.#parts;
    const { task, round, run } = engine.run(id);
    const name = `dursor-run-${run.profile.model.replace(/[^\w.-]+/g, '-')}.json`;
    const target = await vscode.window.showSaveDialog({
      title: 'Export Run',
      saveLabel: 'Export',
      // Not in the task's folder, where the next run would find it.
      defaultUri: vscode.Uri.joinPath(vscode.Uri.file(homedir()), name),
      filters: { JSON: ['json'] },
    });
    if (!target) return;
    const { exportRun } = await import('../core/engine/runExport.ts');
    const text = await exportRun({
      task,
      round,
      run,
      patch: engine.patch(id),
      versions: {
        dursor: version,
        [vscode.env.appName]: vscode.version,
        node: process.version,
        platform: `${process.platform} ${process.arch}`,
      },
      apiKey: (await secrets.apiKey(run.profile)) ?? '',
      folders: [
        { path: task.folder, name: '<folder>' },
        { path: storage.fsPath, name: '<storage>' },
        { path: tmpdir(), name: '<temporary>' },
        { path: homedir(), name: '<home>' },
      ],
    });
    await vscode.workspace.fs.writeFile(target, Buffer.from(text));
    const open = 'Open File';
    const answer = await vscode.window.showInformationMessage(
      `The run of ${run.profile.label} is exported without keys. It holds your message and the patch: look through it before you give it away.`,
      open,
    );
    if (answer === open) await vscode.window.showTextDocument(target);
  }

  async #attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#parts.problems.show(error, () => void this.#attempt(action));
    }
  }
}
