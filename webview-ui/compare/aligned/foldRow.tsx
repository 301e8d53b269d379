import type { JSX } from 'preact';
import { countText } from '../../shared/figures.ts';
import { Icon } from '../../shared/icon.tsx';
import type { LineRange } from './folds.ts';
import { useRegionActions } from './regionActions.ts';

/** How many lines one press reveals. */
const step = 20;

/** Unchanged lines that are folded away; shows some more of them at either end, or all. */
export function FoldRow(props: { readonly range: LineRange; readonly edge?: 'first' | 'last' }): JSX.Element {
  const { range, edge } = props;
  const { reveal } = useRegionActions();
  const count = range.to - range.from;
  const isLong = count > step;
  return (
    <div class="fold-row stays">
      {isLong && edge !== 'first' && (
        <button
          type="button"
          class="fold-step"
          title={`Show ${step} more lines below`}
          aria-label={`Show ${step} more lines after line ${range.from}`}
          onClick={() => reveal({ from: range.from, to: range.from + step })}
        >
          <Icon name="fold-down" />
        </button>
      )}
      {isLong && edge !== 'last' && (
        <button
          type="button"
          class="fold-step"
          title={`Show ${step} more lines above`}
          aria-label={`Show ${step} more lines before line ${range.to + 1}`}
          onClick={() => reveal({ from: range.to - step, to: range.to })}
        >
          <Icon name="fold-up" />
        </button>
      )}
      <button type="button" class="fold-all" title="Show all of them" onClick={() => reveal(range)}>
        <Icon name="unfold" />
        {countText(count, 'unchanged line')}
      </button>
    </div>
  );
}
