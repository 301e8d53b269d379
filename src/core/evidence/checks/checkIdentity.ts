import { createHash } from 'node:crypto';
import type { ObjectName } from '../../domain.ts';
import type { Check } from '../../evidence.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

/**
 * Names what the user agrees to: this command, in this sub-folder of exactly this folder, with this report, this network and this time
 * limit. Its name may change. Begins as `consentsIn` of the folder.
 */
export function consentOf(taskFolder: string, { command, folder, report, network, timeoutSeconds }: Check): string {
  return `${consentsIn(taskFolder)}${hash([command, folder ?? '', report ?? '', network ?? false, timeoutSeconds])}`;
}

/** What the name of each consent in a folder begins with. */
export function consentsIn(taskFolder: string): string {
  return `${hash([taskFolder])} `;
}

/** Whether a result of one says what the other would say: its name and its time limit may be others. */
export function isSameCheck(one: Check, other: Check): boolean {
  return (
    one.command === other.command &&
    (one.folder ?? '') === (other.folder ?? '') &&
    one.report === other.report &&
    (one.network ?? false) === (other.network ?? false)
  );
}

/** Names a check's result on a tree, in the sandbox it ran in. */
export function resultKeyOf(tree: ObjectName, check: Check, sandbox: Sandbox): string {
  const { command, folder, report, network, timeoutSeconds } = check;
  const image = 'image' in sandbox ? sandbox.image : '';
  return hash([tree, command, folder ?? '', report ?? '', network ?? false, timeoutSeconds, sandbox.isolation, image]);
}

function hash(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
