import type * as vscode from 'vscode';
import type { ConsentMemory } from '../core/evidence/checks/checkConsents.ts';

const consentsKey = 'dursor.checkConsents';
const unprotectedKey = 'dursor.unprotectedChecks';

/** Whether the user agreed, when asked, that checks run without a sandbox. Kept outside of every folder. */
export function isUnprotectedAgreed(memento: vscode.Memento): boolean {
  return memento.get<unknown>(unprotectedKey) === true;
}

/** Where consents are kept: with the user's own state, outside of every folder. */
export function consentsIn(memento: vscode.Memento): ConsentMemory {
  return {
    read: () => memento.get<readonly string[]>(consentsKey, []),
    write: async (consents) => memento.update(consentsKey, consents),
  };
}

/** Remembers that the user agreed to that. */
export async function agreeToUnprotected(memento: vscode.Memento): Promise<void> {
  await memento.update(unprotectedKey, true);
}

/** Forgets that again. */
export async function withdrawUnprotected(memento: vscode.Memento): Promise<void> {
  await memento.update(unprotectedKey, undefined);
}
