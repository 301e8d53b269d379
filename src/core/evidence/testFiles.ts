/** Folders that hold tests and what belongs to them, whatever the files are called. */
const testFolders: ReadonlySet<string> = new Set([
  '__tests__',
  '__snapshots__',
  'androidtest',
  'integrationtest',
  'spec',
  'specs',
  'test',
  'tests',
  'testing',
]);

/** Names without their extension, in lower case. */
const testNames: readonly RegExp[] = [
  // a.test.ts, a.spec.js, a-test.ts, a_test.go, a_spec.rb
  /[.\-_](test|tests|spec|specs)$/,
  // a.test.ts.snap, a.e2e-spec.ts
  /\.(test|spec)\.[a-z]+$/,
  /\.e2e(-spec)?$/,
  /\.cy$/,
  // test_a.py, test-a.js; but also test.js and tests.rs
  /^tests?([-_.].+)?$/,
  /^conftest$/,
];

/** ATest.java, ATests.cs, AIT.java, ASpec.scala, TestA.java, ATestCase.php: in languages that name files after classes. */
const className = /(^Test(?=[A-Z0-9])|(?<=[a-z0-9_])(Test|Tests|TestCase|Spec|Specs|Suite|IT)$)/;
const classLanguages: ReadonlySet<string> = new Set([
  'java',
  'kt',
  'kts',
  'scala',
  'groovy',
  'cs',
  'fs',
  'vb',
  'php',
  'swift',
  'm',
  'cpp',
  'cc',
  'cxx',
  'hs',
  'dart',
]);

/** What is in a folder of tests and is no test, or no part of one. */
const notTests: ReadonlySet<string> = new Set(['md', 'markdown', 'rst']);

/**
 * Whether a path (with forward slashes) is a test or belongs to tests, by what the common languages call them: a test, its fixtures,
 * its snapshots. Told by the path alone.
 */
export function isTestFile(path: string): boolean {
  const folders = path.split('/');
  const file = folders.pop() ?? '';
  const dot = file.lastIndexOf('.');
  const [name, extension] = dot > 0 ? [file.slice(0, dot), file.slice(dot + 1).toLowerCase()] : [file, ''];
  if (notTests.has(extension)) return false;
  // Of Go, Swift and C#: `src/UploadTests/…`.
  if (folders.some((folder) => testFolders.has(folder.toLowerCase()) || /[a-z.](Tests?|Specs)$/.test(folder)))
    return true;
  if (extension === '') return false;
  // Perl's.
  if (extension === 't') return true;
  if (classLanguages.has(extension) && className.test(name)) return true;
  return testNames.some((pattern) => pattern.test(name.toLowerCase()));
}
