/** Measures texts without laying them out. */
export class TextWidths {
  readonly #context = document.createElement('canvas').getContext('2d');
  #font = '';
  #widthOf: (text: string) => number = () => 0;

  /** What tells the width of a text in a font (as in style sheets), in pixels; the same as before for the same font. */
  in(font: string): (text: string) => number {
    const context = this.#context;
    if (context && font !== this.#font) {
      this.#font = font;
      this.#widthOf = (text) => {
        context.font = font;
        return context.measureText(text).width;
      };
    }
    return this.#widthOf;
  }
}
