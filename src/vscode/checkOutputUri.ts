import * as vscode from 'vscode';
import type { CandidateId, RoundId } from '../core/domain.ts';

/** The scheme of what checks printed. */
export const checkScheme = 'dursor-check';

/** One check of a candidate, or of the base. */
export interface CheckOutput {
  readonly roundId: RoundId;
  readonly subject: CandidateId | 'base';
  readonly check: string;
}

/** Where VS Code finds what a check printed; `label` is what the candidate is called. */
export function checkOutputUri({ roundId, subject, check }: CheckOutput, label: string): vscode.Uri {
  const name = `${check} on ${label}`.replace(/[\\/:*?"<>|\p{C}]/gu, '-');
  const query = new URLSearchParams({ round: roundId, subject, check });
  return vscode.Uri.from({ scheme: checkScheme, path: `/${name}.log`, query: query.toString() });
}

/** What a URI of this scheme shows; undefined for one that was not made here. */
export function checkOutputOf(uri: vscode.Uri): CheckOutput | undefined {
  const query = new URLSearchParams(uri.query);
  const [roundId, subject, check] = [query.get('round'), query.get('subject'), query.get('check')];
  if (uri.scheme !== checkScheme || !roundId || !subject || check === null) return undefined;
  return { roundId: roundId as RoundId, subject: subject as CheckOutput['subject'], check };
}
