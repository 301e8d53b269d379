import type { DatabaseSync } from 'node:sqlite';
import type { CandidateId, RoundId, TaskId, Timestamp } from '../domain.ts';

/** A comment on GitHub. Numbers are unique within a place only. */
export interface CommentKey {
  /** The API, the repository, and the kind of comment. */
  readonly place: string;
  readonly id: number;
}

/** Where a comment is to be answered. */
export interface CommentPlace {
  readonly kind: 'conversation' | 'review';
  /** Of a comment of a review: the first of its thread. */
  readonly thread?: number;
  /** By GitHub's clock, in milliseconds. */
  readonly createdAt: Timestamp;
}

/**
 * How far a comment is. `before`: it was there when listening began. `taken`: it may start a round. `started`: it did. `answered`: it was
 * told what came of it. `refused`: it came from somebody who may not.
 */
export type CommentState =
  | { readonly type: 'before' }
  | { readonly type: 'taken'; readonly pull: CandidateId; readonly about: CommentPlace }
  | { readonly type: 'started'; readonly pull: CandidateId; readonly about: CommentPlace; readonly roundId: RoundId }
  | { readonly type: 'answered' }
  | { readonly type: 'refused' };

/** A comment that a window handles, or has handled. */
export interface HandledComment {
  readonly taskId: TaskId;
  readonly owner: string;
  readonly state: CommentState;
}

/** The comments on pull requests that were acted on, each by one window. */
export class HandledCommentRows {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  find({ place, id }: CommentKey): HandledComment | undefined {
    const row = this.#database
      .prepare('SELECT * FROM handled_comments WHERE place = ? AND comment_id = ?')
      .get(place, id);
    return row && rowOf(row);
  }

  /** Says that a window handles a comment that nobody has handled. False when another one was faster. */
  claim({ place, id }: CommentKey, { taskId, owner, state }: HandledComment): boolean {
    const claim = this.#database.prepare(
      'INSERT INTO handled_comments (place, comment_id, task_id, owner, data) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
    return claim.run(place, id, taskId, owner, JSON.stringify(state)).changes > 0;
  }

  /** Goes on with a comment in place of a window that is gone. False when another one was faster. */
  takeOver({ place, id }: CommentKey, owner: string, previous: string): boolean {
    return (
      this.#database
        .prepare('UPDATE handled_comments SET owner = ? WHERE place = ? AND comment_id = ? AND owner = ?')
        .run(owner, place, id, previous).changes > 0
    );
  }

  /** Says how far a comment is that this window handles. */
  save({ place, id }: CommentKey, owner: string, state: CommentState): void {
    this.#database
      .prepare('UPDATE handled_comments SET data = ? WHERE place = ? AND comment_id = ? AND owner = ?')
      .run(JSON.stringify(state), place, id, owner);
  }

  /** The comments on a task's pull request that are not at their end, in any window. */
  unfinished(taskId: TaskId, pull: CandidateId): readonly (CommentKey & HandledComment)[] {
    return this.#database
      .prepare(`SELECT * FROM handled_comments WHERE task_id = ? AND json_extract(data, '$.pull') = ? ORDER BY rowid`)
      .all(taskId, pull)
      .map(rowOf);
  }

  /** The comment that a round was started by, until it is answered. */
  ofRound(id: RoundId): (CommentKey & HandledComment) | undefined {
    const row = this.#database
      .prepare(`SELECT * FROM handled_comments WHERE json_extract(data, '$.roundId') = ?`)
      .get(id);
    return row && rowOf(row);
  }
}

function rowOf(row: Readonly<Record<string, unknown>>): CommentKey & HandledComment {
  return {
    ...{
      place: String(row.place),
      id: Number(row.comment_id),
      taskId: row.task_id as TaskId,
      owner: String(row.owner),
    },
    state: JSON.parse(String(row.data)) as CommentState,
  };
}
