/** `npm test`: set-up, checks, core tests, tests inside VS Code, a person's clicks. The last line counts them all. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, ensureChromium, ensureCodeServer, main, prepare, root, say } from './setup.mjs';

const total = { passed: 0, failed: 0, skipped: 0 };
let stageNumber = 0;

await main(async () => {
  if (!(await prepare())) return process.exitCode;
  const only = new Set(process.argv.slice(2));
  const isWanted = (name) => only.size === 0 || only.has(name);
  if (!existsSync(join(root, '../shared'))) say('[note] ../shared is not here: tests that need it are skipped');
  if (isWanted('check')) await check();
  if (isWanted('unit')) await stage('unit', 'mocha', ['--no-color', '--timeout', '10000', 'test/unit/**/*.test.ts']);
  if (isWanted('host') || isWanted('e2e')) {
    ensureCodeServer();
    ensureChromium();
    build('--tests');
  }
  if (isWanted('host')) await stage('host', 'node', ['test/support/hostTests.ts']);
  if (isWanted('e2e')) await stage('e2e', 'mocha', ['--no-color', '--exit', 'test/e2e/**/*.test.ts']);
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
});

/** Each command of the `check` script counts as one test. */
async function check() {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const command of scripts.check.split('&&').map((part) => part.trim())) {
    title(`check: ${command}`);
    const [program, ...args] = command.split(/\s+/);
    const { code } = await run(program, args);
    count(code === 0 ? 1 : 0, code === 0 ? 0 : 1, 0);
  }
}

/** Runs mocha here or in VS Code. A stage that dies without counting its tests is one failure. */
async function stage(name, program, args) {
  title(name);
  const { code, output } = await run(program, args);
  const number = (pattern) => Number(pattern.exec(output)?.[1] ?? 0);
  const passed = number(/^\s*(\d+) passing/m);
  const failed = number(/^\s*(\d+) failing/m);
  const skipped = number(/^\s*(\d+) pending/m);
  const isBroken = (code !== 0 && failed === 0) || (passed === 0 && failed === 0);
  if (isBroken) say(`[${name}] ended with ${code} without saying which test failed`);
  count(passed, failed + (isBroken ? 1 : 0), skipped);
}

function title(name) {
  stageNumber++;
  console.log(`\n[${stageNumber}] ${name}`);
}

function count(passed, failed, skipped) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

/** Runs a program of the project, passes its output on, and returns it without colours. */
function run(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, FORCE_COLOR: '0' },
    });
    // Mocha ends its tests in order on SIGINT, but not on SIGTERM.
    const interrupt = () => child.kill('SIGINT');
    process.once('SIGTERM', interrupt);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        output += text;
        process.stdout.write(text);
      });
    }
    child.once('error', (error) => resolve({ code: 127, output: `${output}${error.message}` }));
    child.once('close', (code) => {
      process.off('SIGTERM', interrupt);
      resolve({ code: code ?? 1, output });
    });
  });
}
