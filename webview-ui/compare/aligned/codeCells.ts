import type { LineTokens } from '../syntax/lineTokens.ts';
import type { CellLine } from './cellLines.ts';
import { breakLine, cutLine, type LineRow, visibleText } from './lineBreaks.ts';
import { type Segment, segmentsOf, segmentsOfRows } from './segments.ts';

// Rows of code are made with the DOM's own calls: while one scrolls through columns of ten candidates, thousands of pieces of text come
// into sight each second, and most of them are copies of the cell beside them.

/** Makes a cell with a line in it, broken into rows of `columns` characters. */
export function codeCell(line: CellLine, tokens: LineTokens | undefined, columns: number): HTMLElement {
  const cell = emptyCell(line.look);
  if (line.look === 'gap') return cell;
  if (line.number !== undefined) cell.dataset.n = String(line.number);
  const code = document.createElement('code');
  const { text, left } = cutLine(line.text);
  const rows = breakLine(text, columns);
  const segments = tokens || line.marks.length > 0 ? segmentsOf(text, tokens, line.marks) : plainSegments(text);
  if (rows.length === 1 && left === 0) {
    code.append(lineContent(segments));
  } else {
    code.className = 'broken';
    const pieces = segmentsOfRows(
      segments,
      rows.map(({ to }) => to),
    );
    code.append(...rows.map((row, index) => lineRow(row, lineContent(pieces[index] ?? []))));
    if (left > 0) code.append(lineRow(undefined, quiet(`… ${left.toLocaleString('en-US')} more characters`)));
  }
  cell.append(code);
  if (line.note) cell.append(endingNote(line.note));
  return cell;
}

/** The same cell for a column where the line has another number. */
export function copyCell(cell: HTMLElement, number: number): HTMLElement {
  const copy = cell.cloneNode(true) as HTMLElement;
  copy.dataset.n = String(number);
  return copy;
}

/** A cell without a line. */
export function emptyCell(look: string): HTMLElement {
  const cell = document.createElement('div');
  cell.className = `code-cell ${look}`;
  return cell;
}

/** Puts a few words of ours into a cell. */
export function wordCell(look: string, ...words: readonly (string | Node)[]): HTMLElement {
  const cell = emptyCell(look);
  const said = document.createElement('span');
  said.className = 'said';
  said.append(...words);
  cell.append(said);
  return cell;
}

/** The name of a candidate behind its dot. */
export function candidateName(mark: { readonly label: string; readonly className: string }): HTMLElement {
  const name = document.createElement('span');
  name.className = `candidate-name ${mark.className}`;
  const dot = document.createElement('span');
  dot.className = 'dot';
  dot.ariaHidden = 'true';
  const label = document.createElement('span');
  label.className = 'one-line';
  label.textContent = mark.label;
  name.append(dot, label);
  return name;
}

function quiet(text: string): HTMLElement {
  const note = document.createElement('span');
  note.className = 'said';
  note.textContent = text;
  return note;
}

function endingNote(text: string): HTMLElement {
  const note = quiet(text);
  note.classList.add('ending-note');
  return note;
}

/** A row of a broken line. Its indentation is none of the text's, so it isn't copied. */
function lineRow(row: LineRow | undefined, content: Node): HTMLElement {
  const element = document.createElement('span');
  element.className = 'line-row';
  if (row?.indent) {
    const indent = document.createElement('span');
    indent.className = 'indent';
    indent.textContent = ' '.repeat(row.indent);
    element.append(indent);
  }
  element.append(content);
  return element;
}

function plainSegments(text: string): readonly Segment[] {
  return [{ text, style: 0, isMarked: false }];
}

function lineContent(segments: readonly Segment[]): Node {
  const content = document.createDocumentFragment();
  for (const segment of segments) {
    const text = visibleText(segment.text);
    if (segment.style === 0 && !segment.isMarked) {
      content.append(text);
      continue;
    }
    const piece = document.createElement(segment.isMarked ? 'mark' : 'span');
    if (segment.style !== 0) piece.className = `s${segment.style}`;
    piece.textContent = text;
    content.append(piece);
  }
  return content;
}
