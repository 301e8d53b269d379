/** The syntax of a line: pairs of where a token begins and its style, of which the page's style sheet has the class `s<style>`; 0 is plain. */
export type LineTokens = Uint32Array;

/** Turns lines into tokens, one after another: each begins in the state that the one before ended in, the first in `null`. */
export interface Tokenizer<State> {
  tokenize(line: string, state: State | null): { readonly tokens: LineTokens; readonly state: State };
}
