import './aligned.css';
import './rows.css';
import './findings.css';
import type { JSX, VNode } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { CandidateId } from '../../../src/core/domain.ts';
import { useCandidates, useCompareHost } from '../compareContext.ts';
import { useSyntax } from '../syntax/useSyntax.ts';
import type { AlignedProps } from './alignedProps.ts';
import { CodePainter } from './codePainter.ts';
import type { LineRange } from './folds.ts';
import { heightOf } from './metrics.ts';
import { Offsets } from './offsets.ts';
import { hostActions, RegionActionsContext } from './regionActions.ts';
import { type AlignedModel, modelOf, type Row } from './rowModel.ts';
import { type RowContext, RowView } from './rowView.tsx';
import { linesOf } from './textLines.ts';
import { probeText, useMetrics, type ViewMetrics } from './useMetrics.ts';
import { useRegionKeys } from './useRegionKeys.ts';
import { useTarget } from './useTarget.ts';
import { useVisibleRows, type RowView as View } from './useVisibleRows.ts';
import { WordMarker } from './wordMarks.ts';

/** One file of all shown candidates, its rows aligned. */
export function AlignedFile(props: AlignedProps): JSX.Element {
  const { file, baseText, scroller, lead, columns } = props;
  const base = useMemo(() => linesOf(baseText), [baseText]);
  const [revealed, setRevealed] = useState<{ id: string; ranges: readonly LineRange[] }>({ id: file.id, ranges: [] });
  const reveal = useCallback(
    (range: LineRange) =>
      setRevealed((before) => ({ id: file.id, ranges: [...(before.id === file.id ? before.ranges : []), range] })),
    [file.id],
  );
  const model = useModel(props, base, revealed.id === file.id ? revealed.ranges : noRanges);
  const ruler = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLElement>(null);
  const hasLead = lead !== undefined;
  const longest = base.length + Math.max(0, ...(model.shifts.at(-1) ?? []));
  const metrics = useMetrics({ scroller, ruler, probe, hasLead, digits: String(longest).length });
  return (
    <section class={`aligned-file ${hasLead ? 'has-lead' : ''}`} aria-label={file.path} data-testid="aligned-file">
      <div class="ruler" ref={ruler} aria-hidden="true">
        {hasLead && <span />}
        {columns.map(({ id }) => (
          <span key={id} />
        ))}
      </div>
      <code class="probe" ref={probe} aria-hidden="true">
        {probeText}
      </code>
      {metrics && <Rows key={file.id} props={props} base={base} model={model} metrics={metrics} reveal={reveal} />}
    </section>
  );
}

const noRanges: readonly LineRange[] = [];

/** The rows; made anew only when something that they show changed, which what the panel sends all the time mostly isn't. */
function useModel(props: AlignedProps, base: readonly string[], revealed: readonly LineRange[]): AlignedModel {
  const { file, columns, composition, lead, isUnfolded } = props;
  const leadLabel = useCandidates().get(lead as CandidateId)?.label;
  const shown = JSON.stringify(
    columns.map((column) => [column.id, column.label, column.type === 'run' && column.run.state.status]),
  );
  // `shown` is all that is used of the columns, and the id all of the composition.
  return useMemo(
    () =>
      modelOf(
        { file, columns, ...(composition ? { composition } : {}), ...(lead ? { lead } : {}), leadLabel },
        base,
        isUnfolded ? undefined : revealed,
      ),
    [file, shown, composition?.id, lead, leadLabel, base, isUnfolded, revealed],
  );
}

interface RowsProps {
  readonly props: AlignedProps;
  readonly base: readonly string[];
  readonly model: AlignedModel;
  readonly metrics: ViewMetrics;
  readonly reveal: (range: LineRange) => void;
}

function Rows({ props, base, model, metrics, reveal }: RowsProps): JSX.Element {
  const { file, scroller, headsHeight, lead, columns, composition } = props;
  const host = useCompareHost();
  const container = useRef<HTMLDivElement>(null);
  const offsets = useMemo(
    () => new Offsets(model.rows.length, (index) => heightOf(model, model.rows[index] as Row, metrics)),
    [model, metrics],
  );
  const painter = usePainter(props, { base, model, metrics });
  const [focusedKey, setFocusedKey] = useState<string>();
  const [current, setCurrent] = useState<number>();
  const view: View = { model, offsets, scroller, headsHeight, container };
  const visible = useVisibleRows(view, focusedKey);
  const actions = useMemo(
    () =>
      hostActions(host, { file, columns, ...(lead ? { lead } : {}), ...(composition ? { composition } : {}) }, reveal),
    [host, file, columns, lead, composition, reveal],
  );
  const goTo = useTarget({ ...view, ...visible, target: props.target, reveal, setCurrent });
  const onKeyDown = useRegionKeys({ model, current, actions, goTo });
  const context: RowContext = useMemo(() => ({ props, model, painter, current }), [props, model, painter, current]);
  const made = useRows(context, offsets);

  const indexes: number[] = [];
  for (let index = visible.first; index <= visible.last; index += 1) indexes.push(index);
  // The row with the focus stays in the page, so that keys keep working while one scrolls.
  const pinned = focusedKey === undefined ? -1 : model.rows.findIndex(({ key }) => key === focusedKey);
  if (pinned >= 0 && pinned < visible.first) indexes.unshift(pinned);
  if (pinned > visible.last) indexes.push(pinned);
  return (
    <RegionActionsContext.Provider value={actions}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys act on the region that has the focus, whichever part of it has. */}
      <div
        class="rows"
        ref={container}
        style={{
          height: `${offsets.total}px`,
          '--line-height': `${metrics.lineHeight}px`,
          '--gutter': `${metrics.gutter}px`,
          '--sight': `${metrics.sight}px`,
        }}
        onKeyDown={onKeyDown}
        onFocusIn={(event) => {
          const row = (event.target as Element).closest<HTMLElement>('[data-key]');
          setFocusedKey(row?.dataset.key);
          if (row?.dataset.region) setCurrent(Number(row.dataset.region));
        }}
        onFocusOut={() => setFocusedKey(undefined)}
      >
        {indexes.map(made)}
      </div>
    </RegionActionsContext.Provider>
  );
}

/** Makes a row's element, the same one as long as nothing in it changed, which Preact then leaves alone. */
function useRows(context: RowContext, offsets: Offsets): (index: number) => VNode | null {
  const made = useRef(
    new Map<
      string,
      { readonly context: RowContext; readonly top: number; readonly height: number; readonly node: VNode }
    >(),
  );
  return (index) => {
    const row = context.model.rows[index];
    if (!row) return null;
    const [top, height] = [offsets.startOf(index), offsets.heightOf(index)];
    const known = made.current.get(row.key);
    if (known?.context === context && known.top === top && known.height === height) return known.node;
    if (made.current.size > 2000) made.current.clear();
    const node = <RowView key={row.key} row={row} top={top} height={height} context={context} />;
    made.current.set(row.key, { context, top, height, node });
    return node;
  };
}

/** What fills the rows of code. Their syntax comes later. */
function usePainter(
  props: AlignedProps,
  { base, model, metrics }: Pick<RowsProps, 'base' | 'model' | 'metrics'>,
): CodePainter {
  const { file, theme, lead, columns, scroller } = props;
  const { leadFits, columnFits, spanFits } = metrics;
  const candidates = useCandidates();
  const marker = useMemo(() => new WordMarker(), []);
  const latest = useRef<CodePainter>(undefined);
  const onProgress = useCallback(() => latest.current?.colour(), []);
  const syntax = useSyntax({ file, base, theme, scroller }, onProgress);
  const painter = useMemo(() => {
    const markOf = (id: (typeof columns)[number]['id']) => candidates.get(id) ?? { label: '', className: '' };
    const marks = model.regions[0]?.columns.map(({ id }) => markOf(id)) ?? [];
    const leadMark = lead === undefined || lead === 'base' ? undefined : markOf(lead);
    const room = { leadFits, columnFits, spanFits };
    return new CodePainter({ model, hasLead: lead !== undefined, leadMark, marks, syntax, room }, marker);
  }, [model, lead, syntax, candidates, marker, leadFits, columnFits, spanFits]);
  useEffect(() => {
    latest.current = painter;
  }, [painter]);
  return painter;
}
