import type { Offsets } from './offsets.ts';
import type { AlignedModel, Row } from './rowModel.ts';

/** A row that stays where it is on the screen when rows above it change. */
export interface Anchor {
  readonly key: string;
  /** The base's line it is at, for when the row itself is gone. */
  readonly line: number;
  /** How far below the top of what is visible it begins, in pixels. */
  readonly below: number;
}

/** The rows that may serve as anchors, best first: the preferred one if it is in sight, then those from `top` (a height) on. */
export function anchorsAt(
  model: AlignedModel,
  offsets: Offsets,
  view: { readonly top: number; readonly bottom: number; readonly preferred: string | undefined },
): Anchor[] {
  const anchors: Anchor[] = [];
  for (let index = offsets.indexAt(view.top); index >= 0 && index < model.rows.length; index += 1) {
    const start = offsets.startOf(index);
    const row = model.rows[index];
    if (!row || start > view.bottom) break;
    const anchor = { key: row.key, line: lineAt(model, row), below: start - view.top };
    if (row.key === view.preferred) anchors.unshift(anchor);
    else anchors.push(anchor);
  }
  return anchors;
}

/** What height must be at the top so that the first anchor that is still there stays where it is; absent without anchors. */
export function topFor(anchors: readonly Anchor[], model: AlignedModel, offsets: Offsets): number | undefined {
  const first = anchors[0];
  if (!first) return undefined;
  const indexes = new Map(model.rows.map((row, index) => [row.key, index]));
  const kept = anchors.find(({ key }) => indexes.has(key));
  if (kept) return offsets.startOf(indexes.get(kept.key) ?? 0) - kept.below;
  const near = model.rows.findIndex((row) => lineAt(model, row) >= first.line);
  return offsets.startOf(near < 0 ? model.rows.length - 1 : near) - first.below;
}

/** The base's line that a row is at, counted from 0. */
export function lineAt(model: AlignedModel, row: Row): number {
  switch (row.kind) {
    case 'waiting':
    case 'places':
      return -1;
    case 'finding':
      return lineAt(model, row.under);
    case 'fold':
      return row.range.from;
    case 'context':
      return row.line;
    case 'code':
      return (model.regions[row.region]?.region.start ?? 0) + Math.max(0, row.row.reference);
    case 'head':
    case 'hand':
    case 'take':
      return model.regions[row.region]?.region.start ?? 0;
    default:
      return row satisfies never;
  }
}
