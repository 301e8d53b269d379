import assert from 'node:assert/strict';
import { suggestChecks } from '../../../src/core/evidence/checks/suggestChecks.ts';

/** What is suggested for a folder of these files: `name: command -> report`. */
async function suggested(files: Readonly<Record<string, string | object>>, platform: NodeJS.Platform = 'linux') {
  const found = await suggestChecks({
    platform,
    names: async (folder) => {
      const paths = Object.keys(files).filter((path) => folder === undefined || path.startsWith(`${folder}/`));
      return [...new Set(paths.map((path) => path.split('/')[folder === undefined ? 0 : 1] ?? ''))];
    },
    read: async (path) => {
      const file = files[path];
      return typeof file === 'object' ? JSON.stringify(file) : file;
    },
  });
  return found.map(
    ({ check: { name, command, report, folder } }) =>
      `${name}: ${command}${report ? ` -> ${report}` : ''}${folder ? ` in ${folder}` : ''}`,
  );
}

const withTest = (test: string, more: object = {}) => ({ 'package.json': { scripts: { test }, ...more } });

describe('suggestChecks', () => {
  it('takes the scripts that are checks, quickest first', async () => {
    const scripts = { start: 'x', test: 'x', build: 'x', lint: 'x', 'type-check': 'x', 'lint:check': 'x' };
    assert.deepEqual(await suggested({ 'package.json': { scripts } }), [
      'type-check: npm run type-check',
      'lint: npm run lint',
      'build: npm run build',
      'test: npm run test',
    ]);
  });

  it('knows the package manager by its lock file, or by name', async () => {
    for (const [lock, command] of [
      ['pnpm-lock.yaml', 'pnpm run test'],
      ['yarn.lock', 'yarn run test'],
      ['bun.lock', 'bun run test'],
      ['package-lock.json', 'npm run test'],
    ]) {
      assert.deepEqual(await suggested({ ...withTest('x'), [lock ?? '']: '' }), [`test: ${command}`]);
    }
    assert.deepEqual(await suggested(withTest('x', { packageManager: 'pnpm@9.1.0' })), ['test: pnpm run test']);
  });

  it('adds a report where the runner of a script can write one', async () => {
    const only = async (test: string, more: object = {}) => (await suggested(withTest(test, more)))[0];
    const xml = 'dursor-report.xml';
    assert.equal(
      await only('mocha --exit test'),
      `test: npm run test -- --reporter xunit --reporter-option output=${xml} -> ${xml}`,
    );
    assert.equal(
      await only('tsc && vitest run'),
      `test: npm run test -- --reporter=default --reporter=junit --outputFile.junit=${xml} -> ${xml}`,
    );
    assert.match(
      (await only('node --import tsx --test test/')) ?? '',
      /^test: node --test-reporter=spec .*=junit --test-reporter-destination=dursor-report.xml --import tsx --test test\/ -> /,
    );
    assert.match((await only('jest', { devDependencies: { 'jest-junit': '1' } })) ?? '', /jest-junit -> junit.xml$/);
    for (const plain of [
      'jest',
      'vitest run | tee log',
      'mocha && rm -r tmp',
      'mocha --reporter dot',
      'node test.js',
    ]) {
      assert.equal(await only(plain), 'test: npm run test', plain);
    }
  });

  it('leaves out what mends files, and keeps what a script needs before it', async () => {
    const scripts = { lint: 'eslint --fix .', 'lint:check': 'eslint .', pretest: 'tsc', test: 'node --test' };
    assert.deepEqual(await suggested({ 'package.json': { scripts } }), [
      'lint:check: npm run lint:check',
      'test: npm run test',
    ]);
  });

  it('suggests nothing for a package without scripts that can be run', async () => {
    assert.deepEqual(await suggested(withTest('echo "Error: no test specified" && exit 1')), []);
    for (const broken of ['', '[]', 'null', '{', '{"scripts":3}', '{"scripts":{"test":3}}']) {
      assert.deepEqual(await suggested({ 'package.json': broken }), []);
    }
  });

  const others: readonly (readonly [Readonly<Record<string, string>>, readonly string[]])[] = [
    [{ 'pytest.ini': '' }, ['pytest: pytest --junitxml=dursor-report.xml -> dursor-report.xml']],
    [
      { 'pyproject.toml': '[tool.ruff]\n[tool.mypy]\n[tool.pytest.ini_options]\n', 'uv.lock': '' },
      [
        'mypy: uv run mypy .',
        'ruff: uv run ruff check .',
        'pytest: uv run pytest --junitxml=dursor-report.xml -> dursor-report.xml',
      ],
    ],
    [{ 'tox.ini': '[tox]\n' }, ['tox: tox']],
    [{ 'test_a.py': '' }, ['unittest: python3 -m unittest discover']],
    [{ 'setup.py': '', 'tests/a.py': '' }, ['unittest: python3 -m unittest discover -s tests']],
    [{ 'Cargo.toml': '' }, ['cargo clippy: cargo clippy --all-targets', 'cargo test: cargo test']],
    [{ 'go.mod': '' }, ['go vet: go vet ./...', 'go test: go test ./...']],
    [
      { 'build.gradle.kts': '', gradlew: '' },
      ['gradle test: ./gradlew test --continue -> **/build/test-results/*/*.xml'],
    ],
    [{ 'pom.xml': '' }, ['maven test: mvn -B test -> **/target/surefire-reports/TEST-*.xml']],
    [{ 'App.sln': '' }, ['dotnet test: dotnet test']],
    [{ 'phpunit.xml.dist': '' }, ['phpunit: vendor/bin/phpunit --log-junit dursor-report.xml -> dursor-report.xml']],
    [{ Gemfile: '', 'spec/a_spec.rb': '' }, ['rspec: bundle exec rspec']],
    [
      { '.rspec': '', 'Gemfile.lock': 'rspec_junit_formatter' },
      [
        'rspec: bundle exec rspec --format progress --format RspecJunitFormatter --out dursor-report.xml -> dursor-report.xml',
      ],
    ],
    [
      { 'deno.json': '{}' },
      ['deno lint: deno lint', 'deno test: deno test --allow-all --junit-path=dursor-report.xml -> dursor-report.xml'],
    ],
    [{ 'deno.json': '{"tasks":{"test":"x"}}' }, ['deno lint: deno lint', 'deno test: deno task test']],
    [
      { Makefile: 'X := 1\ntest:\n\tx\nall: lint\ncheck-all lint: x\n\ty\n' },
      ['make lint: make lint', 'make test: make test'],
    ],
    [{ Makefile: 'test:\n\tx\nlint:\n', 'go.mod': '' }, ['go vet: go vet ./...', 'go test: go test ./...']],
    [{ justfile: 'test *args:\n  x\n' }, ['just test: just test']],
    [{ Rakefile: 'Rake::TestTask.new', Gemfile: '' }, ['rake test: bundle exec rake test']],
    [{ Rakefile: 'task :build' }, []],
    [{ 'composer.json': '{"scripts":{"test":"phpunit"}}' }, ['composer test: composer test']],
    [
      { 'CMakeLists.txt': 'project(x)\nenable_testing()\n' },
      [
        'ctest: cmake -S . -B build && cmake --build build && ctest --test-dir build --output-on-failure --output-junit dursor-report.xml -> build/dursor-report.xml',
      ],
    ],
    [{ 'CMakeLists.txt': 'project(x)\n' }, []],
    [
      { 'Taskfile.yml': "version: '3'\ntasks:\n  lint: x\n  test:\n    cmds: [x]\n" },
      ['task lint: task lint', 'task test: task test'],
    ],
    [{ 'README.md': '' }, []],
  ];
  for (const [files, expected] of others) {
    it(`finds ${expected.map((line) => line.split(':')[0]).join(', ') || 'nothing'} with ${Object.keys(files).join(', ')}`, async () => {
      assert.deepEqual(await suggested(files), expected);
    });
  }

  it('looks into the folders of one that has no tests itself', async () => {
    const files = {
      'package.json': { scripts: { lint: 'x' } },
      'pnpm-lock.yaml': '',
      'web/package.json': { scripts: { test: 'x' } },
      'api/pyproject.toml': '[tool.pytest.ini_options]',
      'node_modules/package.json': { scripts: { test: 'x' } },
      '-rf/go.mod': '',
    };
    assert.deepEqual(await suggested(files), [
      'lint: pnpm run lint',
      'web: test: pnpm run test in web',
      'api: pytest: pytest --junitxml=dursor-report.xml -> dursor-report.xml in api',
    ]);
    assert.deepEqual(await suggested({ ...files, ...withTest('x') }), ['test: pnpm run test']);
  });

  it('calls programs by their names on Windows', async () => {
    assert.match((await suggested({ 'pom.xml': '', 'mvnw.cmd': '' }, 'win32')).join(), /: mvnw\.cmd -B test/);
    assert.match((await suggested({ 'test_a.py': '' }, 'win32')).join(), /: python -m/);
  });
});
