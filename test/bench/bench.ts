/** Measurements: `npm run -s bench -- NAME [--json]`. Prints what it does, and one JSON object on the last line. */
import { parseArgs } from 'node:util';

/** Each measurement answers with its figures. `say` prints progress to standard error. */
export type Bench = (options: BenchOptions) => Promise<Record<string, unknown>>;

export interface BenchOptions {
  readonly files: number;
  readonly runs: number;
  /** How long a check takes that is run alone. */
  readonly seconds: number;
  /** Measure smaller repositories too. */
  readonly growth: boolean;
  say(line: string): void;
}

const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  start: async () => (await import('./start.ts')).benchStart,
  parallel: async () => (await import('./parallel.ts')).benchParallel,
  copies: async () => (await import('./copies.ts')).benchCopies,
  activation: async () => (await import('./activation.ts')).benchActivation,
  checks: async () => (await import('./checks.ts')).benchChecks,
  compare: async () => (await import('./compare.ts')).benchCompare,
  streaming: async () => (await import('./streaming.ts')).benchStreaming,
  tokens: async () => (await import('./tokens.ts')).benchTokens,
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    files: { type: 'string' },
    runs: { type: 'string' },
    seconds: { type: 'string' },
    growth: { type: 'boolean' },
  },
});
const [name = ''] = positionals;
const load = benches[name];
if (!load) {
  console.error(`Name one of the measurements: ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}
const bench = await load();
const figures = await bench({
  files: count(values.files, name === 'copies' ? 20_000 : 10_000),
  runs: count(values.runs, name === 'checks' ? 4 : 8),
  seconds: count(values.seconds, 20),
  growth: values.growth ?? false,
  say: (line) => console.error(line),
});
console.log(JSON.stringify(figures, undefined, values.json ? undefined : 2));
process.exit(0);

function count(value: string | undefined, otherwise: number): number {
  const number = value === undefined ? otherwise : Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  console.error(`${value} is not a positive whole number.`);
  process.exit(2);
}
