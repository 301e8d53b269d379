import * as vscode from 'vscode';
import type { Engine } from '../core/engine.ts';
import { isUnprotectedAgreed, withdrawUnprotected } from './consentMemory.ts';

export interface CheckWithdrawalParts {
  readonly evidence: Pick<Engine['evidence'], 'agreedCount' | 'revoke' | 'cancelChecks' | 'settingsChanged'>;
  /** The user's, over all windows and folders. */
  readonly memento: vscode.Memento;
}

/** Something that was agreed to. */
interface Agreement extends vscode.QuickPickItem {
  withdraw(): Promise<void>;
}

/** Lets the user take back what they agreed to. What runs by it is canceled; nothing is asked for again before a check is to run. */
export async function withdrawAgreement(parts: CheckWithdrawalParts, folder: string): Promise<void> {
  const items = await agreements(parts, folder);
  if (items.length === 0) {
    void vscode.window.showInformationMessage('You have not agreed to any check, so there is nothing to withdraw.');
    return;
  }
  const picked = await vscode.window.showQuickPick(items, { title: 'Which agreement should no longer hold?' });
  if (!picked) return;
  await picked.withdraw();
  void vscode.window.showInformationMessage('Withdrawn. You are asked again before such a check runs.');
}

async function agreements({ evidence, memento }: CheckWithdrawalParts, folder: string): Promise<readonly Agreement[]> {
  const [here, everywhere] = await Promise.all([evidence.agreedCount(folder), evidence.agreedCount()]);
  const items: Agreement[] = [];
  if (here > 0) {
    items.push({
      label: 'Checks of this folder',
      description: commands(here),
      detail: folder,
      withdraw: () => evidence.revoke(folder),
    });
  }
  if (everywhere > here) {
    items.push({
      label: 'Checks of every folder',
      description: commands(everywhere),
      withdraw: () => evidence.revoke(),
    });
  }
  if (isUnprotectedAgreed(memento)) {
    items.push({
      label: 'Checks without a sandbox',
      description: 'in every folder',
      detail: 'Until you agree again, checks run in a sandbox or not at all',
      withdraw: async () => {
        await withdrawUnprotected(memento);
        evidence.settingsChanged();
        evidence.cancelChecks();
      },
    });
  }
  return items;
}

function commands(count: number): string {
  return count === 1 ? '1 command' : `${count} commands`;
}
