import type { RefObject } from 'preact';
import { useLayoutEffect, useMemo, useState } from 'preact/hooks';
import type { Metrics } from './metrics.ts';
import { TextWidths } from './textWidths.ts';

/** Space in a cell beside the text: between number and text (where the sign is), and at the end. In pixels; the style sheet's too. */
const besideText = 28;
const sample = 50;

/** `Metrics`, and what the style sheet needs to know of them. In pixels. */
export interface ViewMetrics extends Metrics {
  /** The width of line numbers. */
  readonly gutter: number;
  /** The width of what is in sight. */
  readonly sight: number;
}

/** The elements that are measured. */
export interface Measured {
  readonly scroller: HTMLElement;
  /** A grid with the columns of the rows, with a cell for the lead (if shown) and one per column. */
  readonly ruler: RefObject<HTMLElement | null>;
  /** `sample` wide characters in the font of the code. */
  readonly probe: RefObject<HTMLElement | null>;
  readonly hasLead: boolean;
  /** The most digits that a line number has. */
  readonly digits: number;
}

/** The text of the probe: the widest letter, in case the font is not monospaced. */
export const probeText = 'W'.repeat(sample);

/** Measures cells and characters, again whenever they change; absent before the first time. */
export function useMetrics({ scroller, ruler, probe, hasLead, digits }: Measured): ViewMetrics | undefined {
  const [metrics, setMetrics] = useState<ViewMetrics>();
  const widths = useMemo(() => new TextWidths(), []);
  useLayoutEffect(() => {
    const update = () => {
      const next = measured({ scroller, ruler, probe, hasLead, digits }, widths);
      if (next) setMetrics((before) => (before && isSame(before, next) ? before : next));
    };
    update();
    const observer = new ResizeObserver(update);
    for (const element of [scroller, ruler.current, probe.current, ...(ruler.current?.children ?? [])]) {
      if (element) observer.observe(element);
    }
    return () => observer.disconnect();
  }, [scroller, ruler, probe, hasLead, digits]);
  return metrics;
}

function measured({ scroller, ruler, probe, hasLead, digits }: Measured, widths: TextWidths): ViewMetrics | undefined {
  if (!ruler.current || !probe.current) return undefined;
  const cells = [...ruler.current.children].map((cell) => cell.getBoundingClientRect().width);
  const character = probe.current.getBoundingClientRect().width / sample;
  const columns = hasLead ? cells.slice(1) : cells;
  const gutter = Math.ceil(digits * character) + 18;
  const fits = (width: number) => Math.max(8, Math.floor((width - gutter - besideText) / character));
  return {
    lineHeight: Math.round(Number.parseFloat(getComputedStyle(probe.current).fontSize) * 1.5),
    leadFits: hasLead ? fits(cells[0] ?? 0) : Number.POSITIVE_INFINITY,
    columnFits: fits(columns[0] ?? 0),
    spanFits: fits(columns.reduce((sum, width) => sum + width, 0)),
    leadWidth: cells[0] ?? 0,
    columnWidth: columns[0] ?? 0,
    widthOf: widths.in(`12px ${getComputedStyle(scroller).fontFamily}`),
    gutter,
    sight: scroller.clientWidth,
  };
}

function isSame(before: ViewMetrics, after: ViewMetrics): boolean {
  return (Object.keys(after) as (keyof ViewMetrics)[]).every((key) => before[key] === after[key]);
}
