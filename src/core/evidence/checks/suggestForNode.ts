import { type CheckKind, type KnownFolder, reportFile, type Suggestion } from './suggestion.ts';

/** The scripts that are checks, by what people call them; the first of each kind that is there counts. */
const scripts: readonly { readonly kind: CheckKind; readonly names: readonly string[] }[] = [
  { kind: 'types', names: ['typecheck', 'type-check', 'check-types', 'check:types', 'types', 'tsc'] },
  { kind: 'lint', names: ['lint', 'lint:check', 'check'] },
  { kind: 'build', names: ['build', 'compile'] },
  { kind: 'test', names: ['test', 'tests', 'test:unit', 'unit'] },
];

/** How each package manager runs a script, and hands it arguments. */
const managers: Readonly<Record<string, { readonly run: string; readonly before: string }>> = {
  npm: { run: 'npm run', before: ' --' },
  pnpm: { run: 'pnpm run', before: '' },
  yarn: { run: 'yarn run', before: '' },
  bun: { run: 'bun run', before: '' },
};

const locks: Readonly<Record<string, string>> = {
  'pnpm-lock.yaml': 'pnpm',
  'yarn.lock': 'yarn',
  'bun.lock': 'bun',
  'bun.lockb': 'bun',
  'package-lock.json': 'npm',
};

/** What makes a runner write a report, added to its arguments. */
const reporting: readonly { readonly runner: RegExp; readonly args: string }[] = [
  { runner: /\bvitest\b/, args: `--reporter=default --reporter=junit --outputFile.junit=${reportFile}` },
  { runner: /\bmocha\b/, args: `--reporter xunit --reporter-option output=${reportFile}` },
  { runner: /\bbun test\b/, args: `--reporter=junit --reporter-outfile=${reportFile}` },
];

/** What npm writes into a new package. */
const placeholder = /no test specified/;

export async function suggestForNode(folder: KnownFolder): Promise<readonly Suggestion[]> {
  const found = parsePackage(await folder.read('package.json'));
  if (!found) return [];
  // A workspace has one for all of its packages.
  const lock = folder.first(...Object.keys(locks)) ?? folder.outer?.first(...Object.keys(locks));
  const named = found.packageManager?.split('@', 1)[0] ?? '';
  const manager = managers[named] ?? managers[locks[lock ?? ''] ?? 'npm'];
  if (!manager) return [];
  return scripts.flatMap(({ kind, names }) => {
    const name = names.find((one) => found.scripts[one] !== undefined && !isMending(kind, found.scripts[one]));
    const script = name === undefined ? undefined : found.scripts[name];
    if (name === undefined || script === undefined || placeholder.test(script)) return [];
    const plain = { kind, from: 'package.json', name, command: `${manager.run} ${name}` };
    return [{ ...plain, ...(kind === 'test' && reportOf(plain.command + manager.before, name, found)) }];
  });
}

interface Package {
  readonly scripts: Readonly<Record<string, string>>;
  readonly packageManager?: string;
  /** Whether Jest can write a report here. */
  readonly hasJestJunit: boolean;
}

/** What changes the files that the checks after it look at is no check. */
const isMending = (kind: CheckKind, script = '') => kind === 'lint' && /\s--(fix|write)\b/.test(script);

/** The command that writes a report, and where; nothing where the script's runner isn't known, or more follows it. */
function reportOf(command: string, name: string, { scripts, hasJestJunit }: Package): Partial<Suggestion> {
  const script = scripts[name] ?? '';
  const steps = script.split('&&');
  const last = steps.at(-1) ?? '';
  if (/[|;&<>`$]/.test(last)) return {};
  // Behind a path Node would take its options for the test's own.
  const isNodes = /^\s*node\s(.*\s)?--test(\s|$)/.test(last) && !last.includes('--test-reporter');
  if (isNodes && steps.length === 1 && scripts[`pre${name}`] === undefined) {
    const reporters = `--test-reporter=spec --test-reporter-destination=stdout --test-reporter=junit --test-reporter-destination=${reportFile}`;
    return { command: script.trim().replace(/^node\s/, `node ${reporters} `), report: reportFile };
  }
  if (/\bjest\b/.test(last) && hasJestJunit) {
    return { command: `${command} --reporters=default --reporters=jest-junit`, report: 'junit.xml' };
  }
  const args = reporting.find(({ runner }) => runner.test(last))?.args;
  return args === undefined || /--reporters?\b/.test(last) ? {} : { command: `${command} ${args}`, report: reportFile };
}

function parsePackage(text: string | undefined): Package | undefined {
  const found = isRecord(parse(text));
  if (!found) return undefined;
  const { packageManager } = found;
  const scripts = Object.entries(isRecord(found.scripts) ?? {}).flatMap(([name, script]) =>
    typeof script === 'string' ? [[name, script] as const] : [],
  );
  return {
    scripts: Object.fromEntries(scripts),
    ...(typeof packageManager === 'string' && { packageManager }),
    hasJestJunit: 'jest-junit' in { ...isRecord(found.dependencies), ...isRecord(found.devDependencies) },
  };
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text?.replace(/^\uFEFF/, '') ?? 'null');
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? { ...value } : undefined;
}
