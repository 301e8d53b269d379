import { useCallback, useEffect, useLayoutEffect, useReducer, useRef } from 'preact/hooks';
import type { AlignedProps } from './alignedProps.ts';
import { lineAt } from './anchor.ts';
import { contextLines, type LineRange } from './folds.ts';
import type { AlignedModel } from './rowModel.ts';
import { takesIn } from './useRegionKeys.ts';
import type { RowView } from './useVisibleRows.ts';

/** How far below the heads a place that is brought into view begins, in pixels: room for the lines above it. */
const headroom = 60;

interface TargetView extends RowView {
  readonly target: AlignedProps['target'] | undefined;
  readonly scrollTo: (height: number) => void;
  readonly sight: () => { top: number; bottom: number };
  readonly reveal: (range: LineRange) => void;
  readonly setCurrent: (region: number) => void;
}

interface Wish {
  readonly region: number;
  /** The take button to focus; the taken one where it is absent. */
  readonly take: string | undefined;
}

/** Brings the asked-for place into view and focuses it. The answer does the same for a region, by its index. */
export function useTarget(view: TargetView): (region: number, take: string | undefined) => void {
  const { model, offsets, container, target, reveal, setCurrent, sight, scrollTo } = view;
  const wish = useRef<Wish>(undefined);
  const [, redraw] = useReducer((count: number, _: undefined) => count + 1, 0);

  const show = (first: number, last: number) => {
    const { top, bottom } = sight();
    const [start, end] = [offsets.startOf(first), offsets.startOf(last + 1)];
    if (start < top || end > bottom) scrollTo(start - headroom);
  };
  const goTo = (region: number, take: string | undefined) => {
    const rows = model.rows.flatMap((row, index) => ('region' in row && row.region === region ? [index] : []));
    show(rows[0] ?? 0, rows.at(-1) ?? 0);
    setCurrent(region);
    wish.current = { region, take };
    redraw(undefined);
  };
  const go = useRef(goTo);
  go.current = goTo;

  useLayoutEffect(() => {
    const wanted = wish.current;
    if (!wanted) return;
    const row = container.current?.querySelector<HTMLElement>(`.row-take[data-region="${wanted.region}"]`);
    if (!row) return;
    const takes = takesIn(row);
    const button =
      takes.find(({ dataset }) => dataset.take === wanted.take) ??
      takes.find(({ tabIndex }) => tabIndex === 0) ??
      takes[0];
    wish.current = undefined;
    button?.focus({ preventScroll: true });
  });

  // A place is asked for once per nonce.
  useEffect(() => {
    if (!target) return;
    const region = regionFor(model, target);
    if (region >= 0) return goTo(region, undefined);
    if (target.line === undefined) return;
    const line = target.line - 1;
    const fold = model.rows.find((row) => row.kind === 'fold' && row.range.from <= line && line < row.range.to);
    if (fold) reveal({ from: line - contextLines, to: line + contextLines + 1 });
    const index = model.rows.findLastIndex((row) => lineAt(model, row) <= line);
    show(Math.max(0, index), Math.max(0, index));
  }, [target?.nonce]);

  return useCallback((region, take) => go.current(region, take), []);
}

/** The region that a target names or is in; -1 for none. */
function regionFor({ regions }: AlignedModel, target: NonNullable<AlignedProps['target']>): number {
  if (target.regionId !== undefined) {
    const named = regions.findIndex(({ region }) => region.id === target.regionId);
    if (named >= 0) return named;
  }
  const line = (target.line ?? 0) - 1;
  return regions.findIndex(
    ({ region }) => region.start <= line && line < Math.max(region.start + region.length, region.start + 1),
  );
}
