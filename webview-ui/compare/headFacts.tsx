import type { JSX } from 'preact';
import { isEnded } from '../../src/core/domain.ts';
import type { Column, RunColumn } from '../../src/protocol/comparePanel.ts';
import { costText, countText, durationText, secondsOf, tokensText } from '../shared/figures.ts';
import { LineCount } from '../shared/lineCount.tsx';
import { StatusMark } from '../shared/statusMark.tsx';
import { useNow } from '../shared/useNow.ts';

/** What a candidate changes and what it took: always two lines, so that nothing jumps while runs go on. */
export function HeadFacts(props: { readonly column: Column }): JSX.Element {
  const { column } = props;
  const { size } = column;
  return (
    <>
      <div class="facts number">
        {column.type === 'run' && <StatusMark run={column.run} />}
        <span class="one-line">
          {size.files > 0 ? (
            <>
              <LineCount {...size} /> <span class="quiet">in {countText(size.files, 'file')}</span>
            </>
          ) : (
            <span class="quiet">{emptyText(column)}</span>
          )}
        </span>
      </div>
      {column.type === 'run' ? (
        <RunFigures column={column} />
      ) : (
        <div class="facts quiet one-line" title={column.name}>
          {column.name}
        </div>
      )}
    </>
  );
}

function RunFigures(props: { readonly column: RunColumn }): JSX.Element {
  const { run, cost } = props.column;
  const seconds = secondsOf(run, useNow(run.state.status === 'running'));
  const tokens = tokensText(run.usage);
  const figures = [seconds === undefined ? '' : durationText(seconds), tokens, tokens && costText(cost)];
  const text = figures.filter(Boolean).join(' · ');
  return (
    <div class="facts quiet number one-line" title={text}>
      {text}
    </div>
  );
}

function emptyText(column: Column): string {
  if (column.type === 'composition') return 'the same as the base';
  return isEnded(column.run) ? 'no file changed' : 'no file changed yet';
}
