import type { CandidateMark } from '../compareContext.ts';
import type { FileSyntax } from '../syntax/fileSyntax.ts';
import type { LineTokens } from '../syntax/lineTokens.ts';
import { type CellLine, columnLine, leadLine, lineOf } from './cellLines.ts';
import { candidateName, codeCell, copyCell, emptyCell, wordCell } from './codeCells.ts';
import { contextFits, type Room } from './metrics.ts';
import type { AlignedModel, RegionLayout, Row } from './rowModel.ts';
import { shownText } from './textLines.ts';
import type { CellContent } from './versions.ts';
import type { WordMarker } from './wordMarks.ts';

/** A row that holds text of the file. */
export type CodeRow = Row & { readonly kind: 'context' | 'code' | 'hand' };

interface UncolouredRow {
  readonly row: CodeRow;
  readonly missing: readonly (() => LineTokens | undefined)[];
}

/** What code rows are painted from. */
export interface Painting {
  readonly model: AlignedModel;
  readonly hasLead: boolean;
  /** What the lead is called, where it is a candidate. */
  readonly leadMark: CandidateMark | undefined;
  /** What the shown columns are called, in their order. */
  readonly marks: readonly CandidateMark[];
  readonly syntax: FileSyntax | undefined;
  readonly room: Room;
}

/** Fills rows of code, and again when their syntax has become known. */
export class CodePainter {
  readonly #painting: Painting;
  readonly #marker: WordMarker;
  readonly #uncoloured = new Map<HTMLElement, UncolouredRow>();
  /** The look-ups that found no syntax while a row was filled. */
  #missing: (() => LineTokens | undefined)[] = [];

  constructor(painting: Painting, marker: WordMarker) {
    this.#painting = painting;
    this.#marker = marker;
  }

  /** Fills an element with a row; the answer must be called when it goes. */
  paint(element: HTMLElement, row: CodeRow): () => void {
    this.#fill(element, row);
    return () => this.#uncoloured.delete(element);
  }

  /** Paints rows again that lacked their syntax and have it now. */
  colour(): void {
    for (const [element, { row, missing }] of [...this.#uncoloured]) {
      if (missing.every((lookUp) => lookUp() !== undefined)) this.#fill(element, row);
    }
  }

  #fill(element: HTMLElement, row: CodeRow): void {
    this.#missing = [];
    element.replaceChildren(...this.#cells(row));
    if (this.#missing.length > 0) this.#uncoloured.set(element, { row, missing: this.#missing });
    else this.#uncoloured.delete(element);
  }

  #cells(row: CodeRow): HTMLElement[] {
    if (row.kind === 'context') return this.#contextCells(row);
    const layout = this.#painting.model.regions[row.region];
    if (!layout) return [];
    return row.kind === 'hand' ? this.#handCells(layout, row.line) : this.#regionCells(layout, row);
  }

  #contextCells({ line, after }: Row & { kind: 'context' }): HTMLElement[] {
    const { model, hasLead, syntax, room } = this.#painting;
    const tokens = this.#lookUp(() => syntax?.base(line));
    const text = shownText(model.base[line] ?? '');
    const cell = codeCell({ look: 'kept', text, marks: [] }, tokens, contextFits(room));
    const cells = (model.shifts[after] ?? []).map((shift) => copyCell(cell, line + shift + 1));
    if (!hasLead) return cells;
    return [asLead(copyCell(cell, line + (model.leadShifts[after] ?? 0) + 1)), ...cells];
  }

  #handCells(layout: RegionLayout, line: number): HTMLElement[] {
    const source = { alternative: layout.taken ?? 0, line };
    const text = shownText(lineOf(layout, source.alternative, line));
    const cell = this.#cell(layout, { look: 'added', text, marks: [], source }, this.#painting.room.spanFits);
    cell.classList.add('spanning', 'by-hand');
    return this.#painting.hasLead ? [asLead(emptyCell('')), cell] : [cell];
  }

  #regionCells(layout: RegionLayout, row: Row & { kind: 'code' }): HTMLElement[] {
    const { hasLead, room } = this.#painting;
    const columnFits = layout.isSpanning ? room.spanFits : room.columnFits;
    const context = { isPaired: hasLead, marker: this.#marker };
    const shown = layout.isSpanning ? layout.contents.slice(0, 1) : layout.contents;
    const cells = shown.map((content, column) => {
      if (content.type === 'text') return this.#cell(layout, columnLine(layout, row.row, column, context), columnFits);
      return row.isFirst ? this.#contentCell(content) : emptyCell(content.type === 'same' ? 'gap' : content.type);
    });
    if (layout.isSpanning) cells[0]?.classList.add('spanning');
    if (!hasLead) return cells;
    return [asLead(this.#cell(layout, leadLine(layout, row.row, this.#marker), room.leadFits)), ...cells];
  }

  #contentCell(content: Exclude<CellContent, { type: 'text' }>): HTMLElement {
    switch (content.type) {
      case 'absent':
        return emptyCell('absent');
      case 'unchanged':
        return wordCell('unchanged', 'unchanged');
      case 'same': {
        const { marks, leadMark } = this.#painting;
        const mark = content.as === 'lead' ? leadMark : marks[content.as];
        return mark ? wordCell('same', 'same as ', candidateName(mark)) : emptyCell('gap');
      }
      default:
        return content satisfies never;
    }
  }

  #cell(layout: RegionLayout, line: CellLine, columns: number): HTMLElement {
    const { syntax } = this.#painting;
    const { source } = line;
    if (!source) return codeCell(line, undefined, columns);
    const tokens = this.#lookUp(() => syntax?.ofAlternative(layout.region, source.alternative, source.line));
    return codeCell(line, tokens, columns);
  }

  #lookUp(find: () => LineTokens | undefined): LineTokens | undefined {
    const tokens = find();
    if (!tokens) this.#missing.push(find);
    return tokens;
  }
}

function asLead(cell: HTMLElement): HTMLElement {
  cell.classList.add('lead');
  return cell;
}
