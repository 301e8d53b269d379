import { isEnded } from '../../src/core/domain.ts';
import type { Column, CompareState, FilesState } from '../../src/protocol/comparePanel.ts';

/** What stands where no file is shown. */
export interface StageNote {
  readonly title: string;
  /** What it means, or what to do. */
  readonly more?: string;
  readonly isBusy?: boolean;
}

/** Why there is no file, in words. */
export function emptyNote(
  state: Pick<CompareState, 'failure' | 'isComparing'>,
  visible: readonly Column[],
  files: FilesState | undefined,
): StageNote {
  if (state.failure !== undefined) return { title: 'The candidates could not be compared.', more: state.failure };
  const runs = visible.flatMap((column) => (column.type === 'run' ? [column.run] : []));
  if (runs.some((run) => !isEnded(run))) {
    return {
      title: 'No candidate has changed a file yet.',
      more: 'Files appear here as soon as one does; you can leave this panel open.',
    };
  }
  if (state.isComparing || !files) return { title: 'Comparing the candidates…', isBusy: true };
  if (runs.length > 0 && runs.every((run) => run.state.status === 'failed')) {
    return {
      title: runs.length === 1 ? 'The candidate failed.' : 'All candidates failed.',
      more: 'Above is why. What helps is on their cards in the task view, where they can be run again.',
    };
  }
  return {
    title: runs.length === 1 ? 'The candidate changed no file.' : 'No candidate changed a file.',
    more: 'What they answered is on their cards in the task view.',
  };
}
