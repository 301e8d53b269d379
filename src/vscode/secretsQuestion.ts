import * as vscode from 'vscode';
import { type PatchSecret, placeOf } from '../core/domain.ts';

const maxShown = 10;

/** Tells the user where the secrets of a patch are, with a button that sends it all the same. False when they are not to be pushed. */
export async function acceptsSecrets(secrets: readonly PatchSecret[], button: string): Promise<boolean> {
  const shown = secrets.slice(0, maxShown).map(placeOf);
  const more = secrets.length > shown.length ? [`and ${secrets.length - shown.length} more`] : [];
  const consequence = 'Whoever can read the repository will be able to read it, also after it is removed again.';
  const picked = await vscode.window.showWarningMessage(
    `The patch has ${secrets.length === 1 ? 'a secret' : `${secrets.length} secrets`} in it.`,
    { modal: true, detail: [...shown, ...more, '', consequence].join('\n') },
    button,
  );
  return picked === button;
}
