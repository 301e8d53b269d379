import { type KnownFolder, reportFile, type Suggestion } from './suggestion.ts';

/** What runs a program in a project's own environment, by its lock file. */
const environments: Readonly<Record<string, string>> = {
  'uv.lock': 'uv run ',
  'poetry.lock': 'poetry run ',
  'pdm.lock': 'pdm run ',
  'Pipfile.lock': 'pipenv run ',
};

const texts = [
  'pyproject.toml',
  'setup.cfg',
  'tox.ini',
  'Pipfile',
  'requirements.txt',
  'requirements-dev.txt',
  'dev-requirements.txt',
  'requirements-test.txt',
];

export async function suggestForPython(folder: KnownFolder): Promise<readonly Suggestion[]> {
  const read = await Promise.all(texts.map(async (name) => [name, (await folder.read(name)) ?? ''] as const));
  const mentions = (pattern: RegExp) => read.find(([, text]) => pattern.test(text))?.[0];
  const run = environments[folder.first(...Object.keys(environments)) ?? ''] ?? '';
  const tools = [
    tool('types', 'mypy', 'mypy .', folder.first('mypy.ini', '.mypy.ini') ?? mentions(/^\[(tool\.)?mypy\]/m)),
    tool('types', 'pyright', 'pyright', folder.first('pyrightconfig.json') ?? mentions(/^\[tool\.pyright\]/m)),
    tool('lint', 'ruff', 'ruff check .', folder.first('ruff.toml', '.ruff.toml') ?? mentions(/^\[tool\.ruff[\].]/m)),
    tool('lint', 'flake8', 'flake8', folder.first('.flake8') ?? mentions(/^\[flake8\]/m)),
  ].flat();
  return [...tools.map((one) => ({ ...one, command: run + one.command })), ...tests(folder, run, mentions)];
}

function tool(kind: Suggestion['kind'], name: string, command: string, from: string | undefined): Suggestion[] {
  return from === undefined ? [] : [{ kind, name, command, from }];
}

function tests(folder: KnownFolder, run: string, mentions: (pattern: RegExp) => string | undefined): Suggestion[] {
  const pytest = folder.first('pytest.ini', 'conftest.py') ?? mentions(/\bpytest\b/);
  if (pytest !== undefined) {
    const command = `${run}pytest --junitxml=${reportFile}`;
    return [{ kind: 'test', name: 'pytest', command, report: reportFile, from: pytest }];
  }
  const python = `${run}python${folder.platform === 'win32' ? '' : '3'}`;
  if (folder.has('manage.py')) {
    return [{ kind: 'test', name: 'manage.py test', command: `${python} manage.py test`, from: 'manage.py' }];
  }
  // tox installs what it needs.
  if (mentions(/^\[tox\]/m) !== undefined) {
    return [{ kind: 'test', name: 'tox', command: `${run}tox`, network: true, from: 'tox.ini' }];
  }
  const single = folder.all.find((name) => /^test_.*\.py$/.test(name));
  const isPython = folder.has('setup.py', 'pyproject.toml', 'requirements.txt') || single !== undefined;
  const from = single ?? folder.first('tests', 'test');
  if (!isPython || from === undefined) return [];
  const where = single === undefined ? ` -s ${from}` : '';
  return [{ kind: 'test', name: 'unittest', command: `${python} -m unittest discover${where}`, from }];
}
