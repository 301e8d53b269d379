import type { ComponentChildren, CSSProperties, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { AlignedProps } from './alignedProps.ts';
import { choicesOf } from './choices.ts';
import type { CodePainter, CodeRow } from './codePainter.ts';
import { FindingRow } from './findingRow.tsx';
import { FoldRow } from './foldRow.tsx';
import { PlacesRow } from './placesRow.tsx';
import { type RegionActions, useRegionActions } from './regionActions.ts';
import { RegionHead } from './regionHead.tsx';
import { lineText, namesOf, verdictOf } from './regionSentence.ts';
import { type AlignedModel, type RegionLayout, type Row, regionOf } from './rowModel.ts';
import { TakeRow } from './takeRow.tsx';
import { shownColumns } from './versions.ts';

/** What a row is shown from. */
export interface RowContext {
  readonly props: AlignedProps;
  readonly model: AlignedModel;
  readonly painter: CodePainter;
  /** The region that keys act on. */
  readonly current: number | undefined;
}

/** One row, at a height of its own in the view. */
export function RowView(props: {
  readonly row: Row;
  readonly top: number;
  readonly height: number;
  readonly context: RowContext;
}): JSX.Element {
  const { row, top, height, context } = props;
  const style = { top: `${top}px`, height: `${height}px` };
  if (row.kind === 'context' || row.kind === 'code' || row.kind === 'hand') {
    return (
      <CodeRowView
        row={row}
        painter={context.painter}
        class={`row row-code ${regionClass(row, context)}`}
        style={style}
      />
    );
  }
  const index = regionOf(row);
  const region = index === undefined ? undefined : context.model.regions[index];
  return (
    <div
      class={`row row-${row.kind} ${regionClass(row, context)}`}
      style={style}
      data-key={row.key}
      data-region={index}
      data-testid={row.kind === 'head' ? 'region' : undefined}
    >
      <RowContent row={row} region={region} context={context} />
    </div>
  );
}

function RowContent({
  row,
  region,
  context,
}: {
  row: Row;
  region: RegionLayout | undefined;
  context: RowContext;
}): ComponentChildren {
  const { props } = context;
  const actions = useRegionActions();
  switch (row.kind) {
    case 'waiting':
      return <WaitingRow {...props} />;
    case 'places':
      return <PlacesRow {...props} />;
    case 'fold':
      return <FoldRow range={row.range} {...(row.edge ? { edge: row.edge } : {})} />;
    case 'head':
      return region && <RegionHead region={region} hasBase={props.lead === 'base'} />;
    case 'take':
      return (
        region && <RegionTake region={region} lead={props.lead} composition={props.composition} actions={actions} />
      );
    case 'finding':
      return <FindingRow placed={row.placed} columns={props.columns} lead={props.lead} />;
    default:
      return null;
  }
}

function RegionTake(props: {
  readonly region: RegionLayout;
  readonly lead: AlignedProps['lead'];
  readonly composition: AlignedProps['composition'];
  readonly actions: RegionActions;
}): JSX.Element {
  const { region, lead, actions } = props;
  return (
    <TakeRow
      label={`Version of ${lineText(region).toLowerCase()}`}
      choices={choicesOf(region, props)}
      leadLabel={region.leadColumn?.label}
      columns={region.columns}
      hasLead={lead !== undefined}
      isSpanning={region.isSpanning}
      what="this version"
      take={(from) => actions.take(region, from)}
      openDiff={(column) => actions.openDiff(region, column)}
    />
  );
}

/** Which columns have no result of the file, and why. */
function WaitingRow(props: AlignedProps): JSX.Element {
  const columns = shownColumns(props);
  const working = columns.filter(({ at, isWorking }) => at < 0 && isWorking);
  return (
    <>
      {props.lead !== undefined && <span class="lead" />}
      {columns.map(({ id, at, isWorking }) => (
        <span key={id} class="waiting-cell quiet one-line">
          {at < 0 && (isWorking ? 'still working; joins when it ends' : 'no result')}
        </span>
      ))}
      <span class="hidden-text">{working.length > 0 && `${namesOf(working)} still working`}</span>
    </>
  );
}

function CodeRowView(props: {
  readonly row: CodeRow;
  readonly painter: CodePainter;
  readonly class: string;
  readonly style: CSSProperties;
}): JSX.Element {
  const { row, painter } = props;
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => (element.current ? painter.paint(element.current, row) : undefined), [row, painter]);
  return <div ref={element} class={props.class} style={props.style} />;
}

function regionClass(row: Row, { model, current }: RowContext): string {
  const region = regionOf(row);
  const layout = region === undefined ? undefined : model.regions[region];
  if (!layout) return '';
  return `in-region ${verdictOf(layout)} ${region === current ? 'is-current' : ''}`;
}
