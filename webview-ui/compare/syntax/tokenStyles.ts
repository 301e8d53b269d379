const italic = 1;
const bold = 2;
const underline = 4;
const strikethrough = 8;

/** The looks of tokens as classes `s1`, `s2` … of one style sheet of the page, which only ever grows. A theme has a few dozen of them. */
export class TokenStyles {
  readonly #styles = new Map<string, number>();
  readonly #sheet = new CSSStyleSheet();

  constructor() {
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.#sheet];
  }

  /** The number of a look: a colour (empty for the text's own) and a font style as TextMate has it (negative for none). */
  styleOf(colour: string, fontStyle: number): number {
    const style = Math.max(0, fontStyle);
    if (colour === '' && style === 0) return 0;
    const key = `${colour} ${style}`;
    const known = this.#styles.get(key);
    if (known !== undefined) return known;
    const number = this.#styles.size + 1;
    this.#styles.set(key, number);
    this.#insert(number, colour, style);
    return number;
  }

  /** Each property is set by itself, so that a theme can bring in nothing but a colour. */
  #insert(number: number, colour: string, fontStyle: number): void {
    const rule = this.#sheet.cssRules[this.#sheet.insertRule(`.s${number} {}`, this.#sheet.cssRules.length)];
    if (!(rule instanceof CSSStyleRule)) return;
    rule.style.color = colour;
    if (fontStyle & italic) rule.style.fontStyle = 'italic';
    if (fontStyle & bold) rule.style.fontWeight = 'bold';
    const lines = [fontStyle & underline ? 'underline' : '', fontStyle & strikethrough ? 'line-through' : ''];
    rule.style.textDecoration = lines.join(' ').trim();
  }
}
