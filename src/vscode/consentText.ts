import { join } from 'node:path';
import type { Check, Isolation } from '../core/evidence.ts';

/** What a dialog can show without cutting anything off. */
const mostLines = 18;
const lineLength = 50;
const longLine = /.{1,350}/gu;

/** What the user is told about where checks run. */
export interface InForce {
  /** Absent where none works that the settings allow: then nothing runs. */
  readonly isolation?: Isolation;
  readonly image: string;
}

/**
 * All that the user agrees to, as the texts of one dialog after another: nothing of a command is left out, and what would not be seen
 * is written as its code. Pure.
 */
export function consentPages(taskFolder: string, checks: readonly Check[], inForce: InForce): readonly string[] {
  const end = sandboxText(inForce);
  const room = mostLines - heightOf(end) - 1;
  const pages: string[][] = [[]];
  let used = 0;
  for (const block of checks.flatMap((check) => piecesOf(checkText(taskFolder, check), room))) {
    const height = heightOf(block) + 1;
    if (used > 0 && used + height > room) {
      pages.push([]);
      used = 0;
    }
    pages.at(-1)?.push(block);
    used += height;
  }
  return pages.map((blocks) => [...blocks, end].join('\n\n'));
}

/** Where checks run, in words. Pure. */
export function sandboxText({ isolation, image }: InForce): string {
  if (isolation === undefined) return 'No sandbox works here yet, and nothing runs before one does.';
  if (isolation === 'none')
    return 'No sandbox: it can read, change and send whatever you can, and so can the code that the models wrote.';
  const name = isolation === 'docker' || isolation === 'podman' ? `${isolation}, ${image}` : isolation;
  return [
    `It runs in a copy, in a sandbox (${name}): without your home folder, keys and other folders; without the network, unless it says so above.`,
    'A command like npm test does what the files of the copy say, also those that a model has changed.',
  ].join(' ');
}

/** What running without a sandbox means, for the one time that it is asked. */
export const unprotectedText = [
  '`dursor.sandbox` is set to `none`. Checks then run as you: with your files, your keys, your SSH agent and your network.',
  'They run code that models wrote and that nobody has read yet. It could delete or send away anything that you can reach.',
  'This is asked once, and holds for every folder on this computer.',
].join('\n\n');

function checkText(taskFolder: string, { name, command, folder, report, network, timeoutSeconds }: Check): string {
  return [
    `${visible(name)}:`,
    ...command.split('\n').map((line) => `  ${visible(line)}`),
    `in ${visible(folder ? join(taskFolder, folder) : taskFolder)}`,
    ...(report ? [`reads its report ${visible(report)}`] : []),
    `${network ? 'WITH the network and the servers on this computer, ' : ''}for up to ${timeoutSeconds} seconds`,
  ].join('\n');
}

/** A text in parts that fit, each line as many as it takes. */
function piecesOf(text: string, room: number): readonly string[] {
  const lines = text.split('\n').flatMap((line) => line.match(longLine) ?? ['']);
  const pieces: string[][] = [[]];
  for (const line of lines) {
    const piece = pieces.at(-1) ?? [];
    if (piece.length > 0 && heightOf([...piece, line].join('\n')) > room) pieces.push([line]);
    else piece.push(line);
  }
  return pieces.map((piece) => piece.join('\n'));
}

function heightOf(text: string): number {
  return text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / lineLength)), 0);
}

/**
 * Control characters, and those that turn or hide text or can't be seen, as their codes; a run of blanks, which could push text out of
 * sight, as its length; marks that pile up over other text as their codes.
 */
function visible(text: string): string {
  return text
    .replace(
      /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800]|(?<=\p{M}{2})\p{M}/gu,
      (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
    )
    .replace(/\p{Zs}{4,}/gu, (blanks) => `⟨${blanks.length} blanks⟩`);
}
