import { type KnownFolder, reportFile, type Suggestion } from './suggestion.ts';

/** A build tool that is known by a file. */
interface Tool {
  /** Its files by name; the first that is there counts. */
  readonly files: readonly string[];
  /** Or by how their names end. */
  readonly endings?: readonly string[];
  readonly checks: readonly Omit<Suggestion, 'from'>[];
}

const tools: readonly Tool[] = [
  {
    files: ['Cargo.toml'],
    checks: [
      { kind: 'lint', name: 'cargo clippy', command: 'cargo clippy --all-targets' },
      { kind: 'test', name: 'cargo test', command: 'cargo test' },
    ],
  },
  {
    files: ['go.mod'],
    checks: [
      { kind: 'lint', name: 'go vet', command: 'go vet ./...' },
      { kind: 'test', name: 'go test', command: 'go test ./...' },
    ],
  },
  {
    files: [],
    endings: ['.sln', '.slnx', '.csproj', '.fsproj', '.vbproj'],
    checks: [{ kind: 'test', name: 'dotnet test', command: 'dotnet test' }],
  },
  {
    files: ['phpunit.xml', 'phpunit.xml.dist', 'phpunit.dist.xml'],
    checks: [
      {
        kind: 'test',
        name: 'phpunit',
        command: `vendor/bin/phpunit --log-junit ${reportFile}`,
        report: reportFile,
      },
    ],
  },
  {
    files: ['phpstan.neon', 'phpstan.neon.dist', 'phpstan.dist.neon'],
    checks: [{ kind: 'types', name: 'phpstan', command: 'vendor/bin/phpstan analyse --no-progress' }],
  },
  {
    files: ['.rubocop.yml'],
    checks: [{ kind: 'lint', name: 'rubocop', command: 'bundle exec rubocop' }],
  },
  {
    files: ['Package.swift'],
    checks: [
      { kind: 'test', name: 'swift test', command: `swift test --xunit-output ${reportFile}`, report: reportFile },
    ],
  },
  { files: ['mix.exs'], checks: [{ kind: 'test', name: 'mix test', command: 'mix test' }] },
  {
    files: ['build.sbt'],
    checks: [{ kind: 'test', name: 'sbt test', command: 'sbt test', report: '**/target/test-reports/*.xml' }],
  },
  { files: ['build.zig'], checks: [{ kind: 'test', name: 'zig build test', command: 'zig build test' }] },
  { files: ['stack.yaml'], checks: [{ kind: 'test', name: 'stack test', command: 'stack test' }] },
  { files: ['cabal.project'], checks: [{ kind: 'test', name: 'cabal test', command: 'cabal test all' }] },
  { files: ['dune-project'], checks: [{ kind: 'test', name: 'dune test', command: 'dune test' }] },
  { files: ['project.clj'], checks: [{ kind: 'test', name: 'lein test', command: 'lein test' }] },
  {
    files: ['cpanfile', 'Makefile.PL', 'Build.PL', 'dist.ini'],
    checks: [{ kind: 'test', name: 'prove', command: 'prove -lr t' }],
  },
  {
    files: ['.golangci.yml', '.golangci.yaml', '.golangci.toml'],
    checks: [{ kind: 'lint', name: 'golangci-lint', command: 'golangci-lint run' }],
  },
  {
    files: ['meson.build'],
    checks: [
      {
        kind: 'test',
        name: 'meson test',
        command: 'meson setup build && meson test -C build',
        report: 'build/meson-logs/testlog.junit.xml',
      },
    ],
  },
];

export async function suggestFromTables(folder: KnownFolder): Promise<readonly Suggestion[]> {
  const known = tools.flatMap(({ files, endings = [], checks }) => {
    const from = folder.first(...files) ?? folder.all.find((name) => endings.some((ending) => name.endsWith(ending)));
    return from === undefined ? [] : checks.map((check) => ({ ...check, from }));
  });
  const others = await Promise.all([deno, ruby, dart, composer, cmake].map((suggest) => suggest(folder)));
  return [...known, ...jvm(folder), ...others.flat()];
}

/** Gradle and Maven, by the project's own starter where it has one. */
function jvm(folder: KnownFolder): Suggestion[] {
  const starter = (unix: string, windows: string, installed: string) => {
    const isWindows = folder.platform === 'win32';
    if (!folder.has(isWindows ? windows : unix)) return installed;
    return isWindows ? windows : `./${unix}`;
  };
  const gradle = folder.first('build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts');
  const maven = folder.first('pom.xml');
  return [
    ...(gradle === undefined
      ? []
      : [
          {
            kind: 'test',
            name: 'gradle test',
            command: `${starter('gradlew', 'gradlew.bat', 'gradle')} test --continue`,
            report: '**/build/test-results/*/*.xml',
            from: gradle,
          } as const,
        ]),
    ...(maven === undefined
      ? []
      : [
          {
            kind: 'test',
            name: 'maven test',
            command: `${starter('mvnw', 'mvnw.cmd', 'mvn')} -B test`,
            report: '**/target/surefire-reports/TEST-*.xml',
            from: maven,
          } as const,
        ]),
  ];
}

async function deno(folder: KnownFolder): Promise<Suggestion[]> {
  const from = folder.first('deno.json', 'deno.jsonc');
  if (from === undefined) return [];
  const hasTask = /"tasks"\s*:\s*\{[^}]*"test"\s*:/.test((await folder.read(from)) ?? '');
  const test = hasTask
    ? { command: 'deno task test' }
    : { command: `deno test --allow-all --junit-path=${reportFile}`, report: reportFile };
  return [
    { kind: 'lint', name: 'deno lint', command: 'deno lint', from },
    { kind: 'test', name: 'deno test', ...test, from },
  ];
}

async function ruby(folder: KnownFolder): Promise<Suggestion[]> {
  const from = folder.first('.rspec') ?? (folder.has('Gemfile') ? folder.first('spec') : undefined);
  if (from === undefined) return rake(folder);
  const canReport = (await folder.read('Gemfile.lock'))?.includes('rspec_junit_formatter');
  const command = 'bundle exec rspec';
  const reporting = ` --format progress --format RspecJunitFormatter --out ${reportFile}`;
  const plain = { kind: 'test', name: 'rspec', command, from } as const;
  return [canReport ? { ...plain, command: command + reporting, report: reportFile } : plain];
}

async function rake(folder: KnownFolder): Promise<Suggestion[]> {
  const from = folder.first('Rakefile', 'rakefile', 'Rakefile.rb');
  const text = from === undefined ? undefined : await folder.read(from);
  if (from === undefined || !/TestTask|^\s*task[ (]+:?["']?test\b/m.test(text ?? '')) return [];
  const command = `${folder.has('Gemfile') ? 'bundle exec ' : ''}rake test`;
  return [{ kind: 'test', name: 'rake test', command, from }];
}

async function composer(folder: KnownFolder): Promise<Suggestion[]> {
  if (folder.has('phpunit.xml', 'phpunit.xml.dist', 'phpunit.dist.xml')) return [];
  const text = (await folder.read('composer.json')) ?? '';
  if (!/"scripts"\s*:\s*\{[^}]*"test"\s*:/.test(text)) return [];
  return [{ kind: 'test', name: 'composer test', command: 'composer test', from: 'composer.json' }];
}

async function cmake(folder: KnownFolder): Promise<Suggestion[]> {
  const text = (await folder.read('CMakeLists.txt')) ?? '';
  if (!/^\s*(enable_testing\s*\(|include\s*\(\s*CTest\b)/im.test(text)) return [];
  // A relative path is in the folder of the build.
  const test = `ctest --test-dir build --output-on-failure --output-junit ${reportFile}`;
  const command = `cmake -S . -B build && cmake --build build && ${test}`;
  return [{ kind: 'test', name: 'ctest', command, report: `build/${reportFile}`, from: 'CMakeLists.txt' }];
}

async function dart(folder: KnownFolder): Promise<Suggestion[]> {
  const text = await folder.read('pubspec.yaml');
  if (text === undefined) return [];
  const program = /^\s+sdk:\s*flutter\b/m.test(text) ? 'flutter' : 'dart';
  return [
    { kind: 'lint', name: `${program} analyze`, command: `${program} analyze`, from: 'pubspec.yaml' },
    { kind: 'test', name: `${program} test`, command: `${program} test`, from: 'pubspec.yaml' },
  ];
}
