import * as vscode from 'vscode';
import { isComposition, labelOf } from '../core/composition.ts';
import type { CandidateId, ModelProfile, TaskId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import { UserError } from '../core/problem.ts';
import type { FolderChoice } from './folderChoice.ts';
import { isSentTo } from './sentFindings.ts';
import type { Settings } from './settings.ts';
import { continueFrom } from './startRound.ts';

export interface SendFindingParts {
  readonly engine: Engine;
  readonly folders: FolderChoice;
  readonly settings: Pick<Settings, 'profiles'>;
}

/** A message about a candidate, for whoever made it. */
export interface FindingMessage {
  readonly candidate: CandidateId;
  readonly text: string;
}

/**
 * Shows a message about a candidate and, where the user wants it sent, starts a round on its model that goes on from it. Undefined when
 * the user left it. Throws `UserError`.
 */
export async function sendFinding(parts: SendFindingParts, message: FindingMessage): Promise<TaskId | undefined> {
  const { engine, folders } = parts;
  const { task, candidate } = engine.candidate(message.candidate);
  folders.requireOpen(task.folder);
  const profile = await modelFor(parts, message.candidate);
  if (!profile) return undefined;
  const isSent = isSentTo(task.rounds, message.candidate, message.text);
  const answer = await vscode.window.showWarningMessage(
    isSent ? `This was sent already. Send it to ${profile.label} once more?` : `Send this to ${profile.label}?`,
    {
      modal: true,
      detail: `${message.text}\n\nIt goes on from ${nameOf(labelOf(candidate))} in a new round of the task.`,
    },
    'Send',
  );
  return answer === 'Send' ? continueFrom(parts, message.candidate, { profile, text: message.text }) : undefined;
}

/** The model of a run as it is set up now; for what the user put together, the one that they pick. */
async function modelFor({ engine, settings }: SendFindingParts, id: CandidateId): Promise<ModelProfile | undefined> {
  const { candidate } = engine.candidate(id);
  const { profiles } = settings;
  if (!isComposition(candidate))
    return profiles.find((profile) => profile.id === candidate.profile.id) ?? candidate.profile;
  if (profiles.length === 0)
    throw new UserError({
      code: 'model-not-found',
      message: 'There is no model to send it to. Add one with dursor: Add Model…, then try again.',
    });
  const items = profiles.map((profile) => ({ label: profile.label, description: profile.model, profile }));
  return (await vscode.window.showQuickPick(items, { title: 'Which model should work on it?' }))?.profile;
}

function nameOf(label: string): string {
  return label === 'Your composition' ? 'your composition' : `${label}’s result`;
}
