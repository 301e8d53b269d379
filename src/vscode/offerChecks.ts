import * as vscode from 'vscode';
import type { Engine } from '../core/engine.ts';
import { plainNotice } from './plainNotice.ts';
import type { Problems } from './problems.ts';

const offeredKey = 'dursor.foldersOfferedChecks';
const mostRemembered = 500;
const mostNamed = 3;

export interface OfferChecksParts {
  readonly engine: Engine;
  /** The user's, over all windows and folders. */
  readonly memento: vscode.Memento;
  readonly problems: Problems;
  /** Whether the setting has any check. */
  hasChecks(): boolean;
  /** Whether a folder is open in this window. */
  isHere(folder: string): boolean;
  setUp(): void;
}

/** Tells once for each folder, when there is a first candidate, that its checks could be run on it. */
export function offerChecks(parts: OfferChecksParts): vscode.Disposable {
  const { engine, problems } = parts;
  return engine.onDidChange((change) => {
    if (change.type !== 'round-ended') return;
    const task = engine.task(change.taskId);
    const round = task?.rounds.find(({ id }) => id === change.roundId);
    if (!task || !round?.runs.some(({ changes }) => changes.length > 0)) return;
    // Nobody waits for it, and nobody misses it: what goes wrong is in the log.
    offer(parts, task.folder).catch((error: unknown) => problems.from(error));
  });
}

async function offer({ engine, memento, hasChecks, isHere, setUp }: OfferChecksParts, folder: string): Promise<void> {
  const offered = memento.get<readonly string[]>(offeredKey, []);
  if (hasChecks() || !isHere(folder) || offered.includes(folder)) return;
  const suggested = await engine.evidence.suggest(folder);
  if (suggested.length === 0) return;
  await memento.update(offeredKey, [...offered, folder].slice(-mostRemembered));
  const names = suggested.slice(0, mostNamed).map(({ check }) => check.name);
  const more = suggested.length > mostNamed ? ` and ${suggested.length - mostNamed} more` : '';
  const answer = await vscode.window.showInformationMessage(
    plainNotice(
      `dursor can tell which candidate passes the checks of this folder: ${names.join(', ')}${more}. Nothing runs before you agreed to it.`,
    ),
    'Set Up Checks…',
  );
  if (answer) setUp();
}
