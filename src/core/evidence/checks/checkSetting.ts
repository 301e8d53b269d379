import * as v from 'valibot';
import type { Check } from '../../evidence.ts';

/** What the setting `dursor.checks` holds at each level; undefined where it isn't set. */
export interface CheckLevels {
  readonly user?: unknown;
  readonly workspace?: unknown;
  readonly folder?: unknown;
}

export interface ParsedChecks {
  readonly checks: readonly Check[];
  /** What was left out and why, a sentence or two each, for people. */
  readonly problems: readonly string[];
}

/** A check as it stands in the setting. */
export type CheckEntry = Omit<Check, 'timeoutSeconds'> & { readonly timeout?: number };

export const usualTimeoutSeconds = 600;
const longestTimeoutSeconds = 24 * 60 * 60;
const mostChecks = 50;

const text = (what: string, most: number) =>
  v.pipe(
    v.string(`${what} has to be a text`),
    v.trim(),
    v.nonEmpty(`${what} is empty`),
    v.maxLength(most, `${what} is longer than ${most} characters`),
    v.check((value) => !value.includes('\0'), `${what} has a character that can’t be in it`),
  );

const relativePath = (what: string) =>
  v.pipe(
    text(what, 300),
    v.check((path) => !path.includes('\\'), `${what} has to be written with forward slashes`),
    v.check((path) => !/^(\/|~|[a-z]:)/i.test(path), `${what} has to be relative to the folder`),
    v.check((path) => !path.split('/').includes('..'), `${what} leads out of the folder`),
    v.transform((path) =>
      path
        .split('/')
        .filter((part) => part !== '' && part !== '.')
        .join('/'),
    ),
  );

const entrySchema = v.strictObject(
  {
    name: v.pipe(
      text('its `name`', 80),
      v.check((name) => !/[\r\n\u2028\u2029]/.test(name), 'its `name` has more than one line'),
      // Of the invisible ones those that only join, as in an emoji, are harmless; these turn what stands around them.
      v.check(
        (name) => !/[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u.test(name),
        'its `name` has a character that can’t be seen',
      ),
    ),
    command: text('its `command`', 4000),
    folder: v.exactOptional(relativePath('its `folder`')),
    timeout: v.optional(
      v.pipe(
        v.number('its `timeout` has to be a number of seconds'),
        v.check(
          (seconds) => seconds > 0 && seconds <= longestTimeoutSeconds,
          `its \`timeout\` has to be between 1 and ${longestTimeoutSeconds} seconds`,
        ),
      ),
      usualTimeoutSeconds,
    ),
    report: v.exactOptional(relativePath('its `report`')),
    network: v.exactOptional(v.boolean('its `network` has to be true or false')),
  },
  (issue) =>
    issue.expected === 'never'
      ? `it has ${issue.received.replaceAll('"', '`')}, which is none of name, command, folder, timeout, report and network`
      : issue.expected === 'Object'
        ? 'it has to be an object with a name and a command'
        : `it has no ${issue.expected?.replaceAll('"', '`')}`,
);

/**
 * Reads the setting `dursor.checks`. As everywhere in VS Code, the level closest to the folder counts as a whole. What isn't a check is
 * left out and reported.
 */
export function parseChecks(levels: CheckLevels): ParsedChecks {
  const [level, value] =
    (['folder', 'workspace', 'user'] as const)
      .map((name) => [name, levels[name]] as const)
      .find(([, found]) => found !== undefined && found !== null) ?? [];
  if (level === undefined) return { checks: [], problems: [] };
  const place = `\`dursor.checks\` of the ${level} settings`;
  if (!Array.isArray(value)) return { checks: [], problems: [`${place} has to be a list; no check is run.`] };

  const checks = new Map<string, Check>();
  const problems: string[] = [];
  for (const [index, entry] of value.entries()) {
    const which = `Check ${index + 1}${nameIn(entry)} in ${place} is left out`;
    const result = v.safeParse(entrySchema, entry);
    if (!result.success) problems.push(`${which}: ${result.issues.map(({ message }) => message).join('; ')}.`);
    else if (checks.has(result.output.name)) problems.push(`${which}: another one has its name. Give it another.`);
    else if (checks.size === mostChecks) problems.push(`${which}: ${mostChecks} checks are the most there can be.`);
    else checks.set(result.output.name, checkOf(result.output));
  }
  return { checks: [...checks.values()], problems };
}

/** What is written into the setting for a check. */
export function entryOf({ timeoutSeconds, ...check }: Check): CheckEntry {
  return timeoutSeconds === usualTimeoutSeconds ? check : { ...check, timeout: timeoutSeconds };
}

function checkOf({ timeout, folder, report, ...check }: v.InferOutput<typeof entrySchema>): Check {
  return { ...check, timeoutSeconds: timeout, ...(folder && { folder }), ...(report && { report }) };
}

function nameIn(entry: unknown): string {
  const name = typeof entry === 'object' && entry !== null && 'name' in entry ? entry.name : undefined;
  return typeof name === 'string' && name.trim() !== ''
    ? ` (“${name.replace(/\p{C}/gu, ' ').trim().slice(0, 80)}”)`
    : '';
}
