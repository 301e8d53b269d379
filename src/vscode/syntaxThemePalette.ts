import type { SyntaxTheme } from '../protocol/comparePanel.ts';
import type { ThemeColours } from './syntaxThemeRules.ts';

/** What kinds of token are coloured where the user's theme can't be read, by the names that grammars give them. */
const scopes = {
  comment: ['comment', 'punctuation.definition.comment'],
  string: ['string', 'meta.embedded.assembly'],
  regex: ['string.regexp'],
  number: ['constant.numeric', 'keyword.other.unit'],
  constant: ['constant.language', 'storage', 'storage.type', 'keyword', 'entity.name.tag'],
  operator: ['keyword.operator'],
  control: ['keyword.control', 'keyword.operator.new', 'keyword.other.using'],
  name: ['entity.name.function', 'support.function'],
  type: ['entity.name.type', 'entity.name.class', 'support.class', 'support.type'],
  variable: ['variable', 'meta.definition.variable.name', 'support.variable', 'entity.other.attribute-name'],
  heading: ['markup.heading'],
} as const;

type Palette = Readonly<Record<keyof typeof scopes | 'foreground', string>>;

/** The colours that VS Code's own Dark Modern and Light Modern have for them. */
const palettes: Readonly<Record<SyntaxTheme['kind'], Palette>> = {
  dark: {
    foreground: '#cccccc',
    comment: '#6a9955',
    string: '#ce9178',
    regex: '#d16969',
    number: '#b5cea8',
    constant: '#569cd6',
    operator: '#d4d4d4',
    control: '#c586c0',
    name: '#dcdcaa',
    type: '#4ec9b0',
    variable: '#9cdcfe',
    heading: '#569cd6',
  },
  light: {
    foreground: '#3b3b3b',
    comment: '#008000',
    string: '#a31515',
    regex: '#811f3f',
    number: '#098658',
    constant: '#0000ff',
    operator: '#000000',
    control: '#af00db',
    name: '#795e26',
    type: '#267f99',
    variable: '#001080',
    heading: '#800000',
  },
};

/** Colours for when the user's theme can't be read. */
export function paletteColours(kind: SyntaxTheme['kind']): ThemeColours & { readonly foreground: string } {
  const palette = palettes[kind];
  const kinds = Object.keys(scopes) as (keyof typeof scopes)[];
  const rules = kinds.map((name) => ({ scope: scopes[name], settings: { foreground: palette[name] } }));
  return { foreground: palette.foreground, rules };
}
