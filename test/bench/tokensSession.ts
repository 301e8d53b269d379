import type { ToolCall } from '../../src/core/providers/provider.ts';

/** One answer of the scripted model. */
export interface ScriptedStep {
  readonly text: string;
  readonly calls: readonly Omit<ToolCall, 'id'>[];
}

const parts = ['cart', 'price', 'stock', 'order', 'mail', 'user'];

const rules = [
  'Two spaces.',
  'No default exports.',
  'Every exported function has a test.',
  'Sums are numbers, never strings.',
];

/** A shop of 320 files: for each part a module and its test, and many pages that only stand in the listing. */
export const sessionFiles: Readonly<Record<string, string>> = Object.fromEntries([
  ['README.md', '# Shop\n\nA small shop. Run the tests with `npm test`.\n'],
  [
    'AGENTS.md',
    Array.from({ length: 12 }, (_, n) => `${n + 1}. ${rules[n % rules.length]} See docs/rule${n}.md.\n`).join(''),
  ],
  ...Array.from({ length: 306 }, (_, n) => [`src/pages/section${n % 9}/page${n}.ts`, `export const page = ${n};\n`]),
  ...parts.flatMap((part) => [
    [`src/${part}.ts`, moduleOf(part)],
    [`test/${part}.test.ts`, testOf(part)],
  ]),
]);

/** Twenty answers: it looks around, reads, edits, looks again, and finishes. The last repeats have nothing new in them. */
export const session: readonly ScriptedStep[] = [
  step('I look for where totals are rounded.', ['search', { pattern: 'round' }], ['list_files', { path: 'test' }]),
  step('', ['read_file', { path: 'src/cart.ts' }], ['read_file', { path: 'test/cart.test.ts' }]),
  step('The price module has the same code.', ['read_file', { path: 'src/price.ts' }]),
  step('', ['read_file', { path: 'test/price.test.ts' }]),
  ...parts.slice(0, 2).flatMap((part) => editsOf(part)),
  step('The stock rounds too.', ['read_file', { path: 'src/stock.ts' }], ['search', { pattern: 'roundStock' }]),
  ...editsOf('stock'),
  step('Now the orders.', ['read_file', { path: 'src/order.ts' }]),
  ...editsOf('order'),
  step('I look at the result once more.', ['read_file', { path: 'src/cart.ts' }]),
  step('', ['read_file', { path: 'src/order.ts' }]),
  step('', ['search', { pattern: 'Math.round' }]),
  step('', ['search', { pattern: 'roundprice' }]),
  step('', ['read_file', { path: 'src/order.ts' }]),
  step('', [
    'finish',
    { summary: 'All totals of `src/cart.ts`, `src/price.ts`, `src/stock.ts` and `src/order.ts` are rounded to cents.' },
  ]),
];

function editsOf(part: string): ScriptedStep[] {
  const [oldText, newText] = [`return Math.round(sum${part});`, `return Math.round(sum${part} * 100) / 100;`];
  const test = {
    path: `test/${part}.test.ts`,
    oldText: `round${part}([1, 2]), 3`,
    newText: `round${part}([1.011, 2]), 3.01`,
  };
  return [
    step(`I round ${part} to cents.`, ['edit_file', { path: `src/${part}.ts`, oldText, newText }]),
    step('', ['edit_file', test]),
  ];
}

function step(text: string, ...calls: readonly (readonly [string, object])[]): ScriptedStep {
  return { text, calls: calls.map(([name, input]) => ({ name, arguments: JSON.stringify(input) })) };
}

function moduleOf(part: string): string {
  const functions = Array.from(
    { length: 4 },
    (_, n) => `
/** Step ${n} of the ${part}. */
export function ${part}Step${n}(values: readonly number[]): number[] {
  return values.filter((value) => value > ${n}).map((value) => value + ${n});
}
`,
  );
  return `/** The sum, rounded. */
export function round${part}(values: readonly number[]): number {
  const sum${part} = values.reduce((sum, value) => sum + value, 0);
  return Math.round(sum${part});
}
${functions.join('')}`;
}

function testOf(part: string): string {
  return `import assert from 'node:assert/strict';
import { round${part} } from '../src/${part}.ts';

it('rounds ${part}', () => {
  assert.equal(round${part}([1, 2]), 3);
});
`;
}
