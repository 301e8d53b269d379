import * as vscode from 'vscode';
import type { Engine } from '../core/engine.ts';
import { entryOf } from '../core/evidence/checks/checkSetting.ts';
import { UserError } from '../core/problem.ts';
import type { CheckConsent } from './checkConsent.ts';
import type { Settings } from './settings.ts';

export interface CheckSetupParts {
  readonly evidence: Pick<Engine['evidence'], 'suggest'>;
  readonly settings: Pick<Settings, 'parsedChecks' | 'addChecks'>;
  readonly consent: Pick<CheckConsent, 'ensure'>;
}

/**
 * Lets the user tick what the folder seems to have, writes it into the workspace's settings, and asks for agreement. Answers whether
 * there are checks now that may run. Throws `UserError` (`not-found`) where nothing is suggested.
 */
export async function setUpChecks({ evidence, settings, consent }: CheckSetupParts, folder: string): Promise<boolean> {
  const present = settings.parsedChecks.checks;
  const known = new Set(present.flatMap(({ name, command }) => [name, command]));
  const suggested = (await evidence.suggest(folder)).filter(
    ({ check }) => !known.has(check.name) && !known.has(check.command),
  );
  if (suggested.length === 0) throw nothingSuggested(present.length);
  const items = suggested.map(({ check, from }) => ({
    label: check.name,
    description: `from ${from}${check.network ? ', with the network' : ''}`,
    detail: check.command,
    picked: true,
    check,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Which of these tell whether a candidate is sound?',
    placeHolder: 'They are written into the workspace’s settings; none runs before you agreed to it',
    canPickMany: true,
    ignoreFocusOut: true,
    matchOnDetail: true,
  });
  if (!picked || picked.length === 0) return false;
  await settings.addChecks(picked.map(({ check }) => entryOf(check)));
  return consent.ensure(folder);
}

function nothingSuggested(present: number): UserError {
  const why = present > 0 ? 'No other checks were found in this folder' : 'No checks were found in this folder';
  return new UserError({
    code: 'not-found',
    message: `${why}: no script, target or tool that dursor knows. Write a name and a command into the setting \`dursor.checks\`.`,
    action: { type: 'open-settings', setting: 'dursor.checks' },
  });
}
