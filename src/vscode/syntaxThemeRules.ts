import { posix } from 'node:path';
import { parse } from 'jsonc-parser';
import type { SyntaxStyle, SyntaxTheme } from '../protocol/comparePanel.ts';

type Rule = SyntaxTheme['rules'][number];

/** Themes have a few hundred rules; more than this is none. */
const maxRules = 3000;
const maxScopes = 200;
const maxIncludes = 5;
const maxCharacters = 2_000_000;

/** What a theme says about the text of an editor. */
export interface ThemeColours {
  /** Absent where it leaves that to VS Code. */
  readonly foreground?: string;
  readonly rules: readonly Rule[];
}

/**
 * Reads a colour theme as VS Code's extensions have them: JSON with comments, which may include another. `read` answers with a file's text by
 * its path in the extension, or with nothing. Absent where there is no rule to be had, as with a theme in TextMate's old format.
 */
export async function readTheme(
  path: string,
  read: (path: string) => Promise<string | undefined>,
): Promise<ThemeColours | undefined> {
  const layers: ThemeColours[] = [];
  let next: string | undefined = posix.normalize(path);
  for (let depth = 0; next !== undefined && depth <= maxIncludes; depth += 1) {
    const file: string = next;
    const text = isInside(file) ? await read(file) : undefined;
    const theme = text !== undefined && text.length <= maxCharacters ? asRecord(parse(text)) : undefined;
    if (!theme) break;
    const rulesPath =
      typeof theme.tokenColors === 'string' ? posix.join(posix.dirname(file), theme.tokenColors) : undefined;
    const rulesText = rulesPath?.endsWith('.json') && isInside(rulesPath) ? await read(rulesPath) : undefined;
    layers.unshift(layerOf(theme, rulesText === undefined ? theme.tokenColors : parse(rulesText)));
    next = typeof theme.include === 'string' ? posix.join(posix.dirname(file), theme.include) : undefined;
  }
  const rules = layers.flatMap((layer) => layer.rules).slice(0, maxRules);
  const foreground = layers.findLast((layer) => layer.foreground !== undefined)?.foreground;
  return rules.length === 0 ? undefined : { rules, ...(foreground !== undefined && { foreground }) };
}

/**
 * The rules that the user's `editor.tokenColorCustomizations` add to those of a theme: for all themes, and for those whose name a key like
 * `[Some Theme]` or `[Some*]` matches.
 */
export function customRules(setting: unknown, themeName: string | undefined): Rule[] {
  const general = asRecord(setting) ?? {};
  const own = Object.keys(general)
    .filter((key) => namesOf(key).some((name) => themeName !== undefined && matches(name, themeName)))
    .map((key) => asRecord(general[key]) ?? {});
  return [general, ...own]
    .flatMap((group) => [...simpleRules(group), ...rulesOf(group.textMateRules)])
    .slice(0, maxRules);
}

/** What a key that stands for a kind of token means; as in VS Code's documentation of the setting. */
const tokenGroups: Readonly<Record<string, readonly string[]>> = {
  comments: ['comment', 'punctuation.definition.comment'],
  strings: ['string', 'meta.embedded.assembly'],
  keywords: ['keyword.control', 'keyword.other', 'storage', 'storage.type'],
  numbers: ['constant.numeric'],
  types: ['entity.name.type', 'entity.name.class', 'support.type', 'support.class'],
  functions: ['entity.name.function', 'support.function'],
  variables: ['variable', 'entity.name.variable'],
};

function simpleRules(group: Record<string, unknown>): Rule[] {
  return Object.entries(tokenGroups).flatMap(([key, scope]) => {
    const value = group[key];
    const settings = styleOf(typeof value === 'string' ? { foreground: value } : value);
    return settings ? [{ scope, settings }] : [];
  });
}

function namesOf(key: string): string[] {
  return Array.from(key.matchAll(/\[([^\]]+)\]/g), ([, name = '']) => name);
}

function matches(pattern: string, name: string): boolean {
  const [start = '', end] = pattern.split('*');
  return end === undefined ? pattern === name : name.startsWith(start) && name.endsWith(end);
}

function layerOf(theme: Record<string, unknown>, tokenColours: unknown): ThemeColours {
  const list = asRecord(tokenColours)?.tokenColors ?? asRecord(tokenColours)?.settings ?? tokenColours;
  const plain = (Array.isArray(list) ? list : []).map(asRecord).find((rule) => rule && rule.scope === undefined);
  const foreground =
    colourOf(asRecord(theme.colors)?.['editor.foreground']) ?? colourOf(asRecord(plain?.settings)?.foreground);
  return { rules: rulesOf(list), ...(foreground !== undefined && { foreground }) };
}

function rulesOf(value: unknown): Rule[] {
  return (Array.isArray(value) ? value.slice(0, maxRules) : []).flatMap((entry) => {
    const rule = asRecord(entry);
    const scope = scopesOf(rule?.scope);
    const settings = styleOf(rule?.settings);
    return settings && scope.length > 0 ? [{ scope, settings }] : [];
  });
}

function scopesOf(value: unknown): string[] {
  const texts = Array.isArray(value) ? value : [value];
  return texts
    .flatMap((text) => (typeof text === 'string' ? text.split(',') : []))
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .slice(0, maxScopes);
}

function styleOf(value: unknown): SyntaxStyle | undefined {
  const style = asRecord(value);
  const foreground = colourOf(style?.foreground);
  const fontStyle = fontStyleOf(style?.fontStyle);
  if (foreground === undefined && fontStyle === undefined) return undefined;
  return { ...(foreground !== undefined && { foreground }), ...(fontStyle !== undefined && { fontStyle }) };
}

/** Only colours as numbers, so that nothing else can get into a style sheet. */
function colourOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.test(value) ? value : undefined;
}

/** An empty style is one too: it takes back what a wider scope says. */
function fontStyleOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  return value
    .split(/\s+/)
    .filter((word) => ['italic', 'bold', 'underline', 'strikethrough'].includes(word))
    .join(' ');
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** Whether a path stays in the extension. */
function isInside(path: string): boolean {
  return !posix.isAbsolute(path) && path !== '..' && !path.startsWith('../');
}
