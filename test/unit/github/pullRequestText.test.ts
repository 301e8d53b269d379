import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileChange, ObjectName } from '../../../src/core/domain.ts';
import { pullRequestText } from '../../../src/core/engine/pullRequestText.ts';
import { branchName, isBranchName } from '../../../src/core/github/branchName.ts';
import { commitMessage } from '../../../src/core/github/commitMessage.ts';
import { inStyle, readStyle } from '../../../src/core/github/commitStyle.ts';
import { filesOverLimit } from '../../../src/core/github/limits.ts';
import { fillTemplate, templatesAmong } from '../../../src/core/github/template.ts';
import { readCommitFacts } from '../../../src/core/workspace/commitFacts.ts';

const blob = 'a'.repeat(40) as ObjectName;
const changed = (...paths: readonly string[]): FileChange[] =>
  paths.map((path) => ({ kind: 'modified', after: { path, mode: '100644', blob } }));

describe('the name of a branch', () => {
  const parts = { title: "Don't lose Ünicode: it's here!", shortId: '3F2A-99' };

  it('is the template with the title and the candidate in it', () => {
    assert.equal(branchName('dursor/${slug}-${shortId}', parts), 'dursor/dont-lose-unicode-its-here-3f2a-99');
    assert.equal(branchName(' users/me/${shortId} ', parts), 'users/me/3f2a-99');
    assert.equal(branchName('${slug}', { title: '!!!', shortId: '' }), 'change');
    assert.ok(branchName('d/${slug}', { title: 'word '.repeat(40), shortId: 'x' }).length <= 42);
  });

  it('is refused where git would refuse it', () => {
    const names = [
      'a b',
      '/a',
      'a/',
      'a..b',
      'a.lock',
      'a/.b',
      'a~1',
      'a^',
      'a:b',
      'a?',
      'a*',
      'a[b',
      'a\\b',
      'a@{b',
      'a//b',
      '-a',
      'a.',
      '',
    ];
    for (const name of [...names, 'a', 'a/b.c', 'ü', 'a-b_c', 'x@y']) {
      let accepted = true;
      try {
        execFileSync('git', ['check-ref-format', '--branch', name], { stdio: 'ignore' });
      } catch {
        accepted = false;
      }
      assert.equal(isBranchName(name), accepted, name);
    }
    assert.throws(() => branchName('${slug} ${other}', parts), /can't be the name of a branch/);
  });
});

describe('the style of commits', () => {
  const plain = ['Add a queue', 'Retry uploads', 'Say why', 'Rename things', 'Show progress'];
  const small = plain.map((subject) => subject.toLowerCase());
  const types = [
    'feat(core): add a queue',
    'fix(core): retry',
    'docs: say why',
    'chore: bump',
    'feat(ui): show',
    'Merge branch x',
  ];

  it('leaves a title alone where nothing else is usual', () => {
    assert.equal(inStyle('Fix the login', readStyle(plain), changed('a.ts'), 72), 'Fix the login');
    assert.equal(inStyle('Fix the login', readStyle([]), changed('a.ts'), 72), 'Fix the login');
    assert.equal(inStyle('Fix the login', readStyle(['feat: a', 'fix: b']), changed('a.ts'), 72), 'Fix the login');
  });

  it('follows small letters and dots', () => {
    assert.equal(inStyle('Fix the login', readStyle(small), [], 72), 'fix the login');
    assert.equal(inStyle('URLs are parsed', readStyle(small), [], 72), 'URLs are parsed');
    assert.equal(inStyle('Fix it', readStyle(plain.map((subject) => `${subject}.`)), [], 72), 'Fix it.');
  });

  it('writes conventional commits where the others are', () => {
    const style = readStyle(types);
    const of = (title: string, ...paths: readonly string[]) => inStyle(title, style, changed(...paths), 72);
    assert.equal(of('Fix the login', 'src/core/login.ts'), 'fix(core): fix the login');
    assert.equal(of('Let uploads be retried', 'a.ts', 'b.ts'), 'feat: let uploads be retried');
    assert.equal(of('Explain retries', 'docs/retry.md'), 'docs: explain retries');
    assert.equal(of('perf: go on', 'a.ts'), 'perf: go on');
    const long = `Fix ${'x'.repeat(66)}`;
    assert.equal(of(long, 'a.ts'), long);
  });
});

describe('the message of a commit', () => {
  it('has the summary, wrapped, without what git or GitHub would act on', () => {
    const summary = `## Done\n\nI changed **it** for @octocat ${'and more words '.repeat(8)}.\n\n- fixes #12\n\nSigned-off-by: Somebody\n\n\`\`\`ts\ncode\n\`\`\`\n`;
    const message = commitMessage({ title: 'Fix it', summary, modelLabel: 'GPT', coAuthoredBy: '' });
    const lines = message.split('\n');
    assert.equal(lines[0], 'Fix it');
    assert.equal(lines[1], '');
    assert.ok(lines.every((line) => line.length <= 72));
    assert.ok(!/Signed-off-by|## Done|code|@octocat|fixes #12/.test(message), message);
    assert.match(message, /I changed \*\*it\*\*/);
  });

  it('names a co-author only where the setting says so', () => {
    const source = { title: 'Fix it', summary: '', modelLabel: 'GPT\n$& <x>' };
    assert.equal(commitMessage({ ...source, coAuthoredBy: '' }), 'Fix it');
    assert.equal(
      commitMessage({ ...source, coAuthoredBy: '${model} <models@example.com>' }),
      'Fix it\n\nCo-authored-by: GPT$& x <models@example.com>',
    );
  });
});

describe('a template for pull requests', () => {
  it('is found where GitHub looks for it, the first first', () => {
    const files = ['docs/pull_request_template.md', '.github/PULL_REQUEST_TEMPLATE.md', 'README.md'];
    assert.deepEqual(templatesAmong(files), ['.github/PULL_REQUEST_TEMPLATE.md', 'docs/pull_request_template.md']);
  });

  it('gets what there is to say under its headings, and no tick', () => {
    const template =
      '## Description\n<!-- what -->\n\n## Motivation and Context\n\n## Checklist\n- [ ] I ran the tests\n';
    assert.equal(
      fillTemplate(template, { asked: '> Fix it', changed: 'Fixed.' }),
      '## Description\n\nFixed.\n\n<!-- what -->\n\n## Motivation and Context\n\n> Fix it\n\n## Checklist\n- [ ] I ran the tests',
    );
  });

  it('comes after what it has no heading for', () => {
    assert.equal(fillTemplate('- [ ] tests', { asked: '> Fix', changed: 'Done' }), 'Done\n\n> Fix\n\n- [ ] tests');
    assert.equal(fillTemplate('  \n', { asked: 'a', changed: 'b' }), undefined);
  });
});

describe('the text of a pull request', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dursor-text-'));
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: folder });
  after(() => rmSync(folder, { recursive: true, force: true }));
  const source = { instruction: 'Fix the login.', summary: 'Fixed.', changes: changed('src/a.ts'), modelLabel: 'GPT' };

  it('is proposed without Git and without commits too', async () => {
    assert.match((await pullRequestText(folder, source)).body, /### What changed/);
    git('init', '-q');
    assert.equal((await pullRequestText(folder, source)).title, 'Fix the login');
  });

  it('follows the template and the style of the repository, from a folder inside it', async () => {
    git('config', 'user.name', 'Mona <Lisa>');
    git('config', 'user.email', 'mona@example.com');
    mkdirSync(join(folder, '.github'));
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, '.github', 'pull_request_template.md'), '## Summary\n');
    for (const subject of ['feat: a', 'fix: b', 'fix: c', 'docs: d', 'feat: e']) {
      writeFileSync(join(folder, 'src', 'a.ts'), subject);
      git('add', '.');
      git('commit', '-qm', subject);
    }
    const { title, body } = await pullRequestText(join(folder, 'src'), source);
    assert.equal(title, 'fix: fix the login');
    assert.match(body, /^> Fix the login\.\n\n## Summary\n\nFixed\.\n/);
    const facts = await readCommitFacts(join(folder, 'src'));
    assert.deepEqual([facts.author, facts.haveBodies], [{ name: 'Mona Lisa', email: 'mona@example.com' }, false]);
  });
});

describe('the limits of GitHub', () => {
  it('are for files', () => {
    const large = { mode: '100644', bytes: new Uint8Array(101 * 1024 * 1024) } as const;
    assert.deepEqual(filesOverLimit([{ path: 'a.bin', version: large }, { path: 'b' }]), ['a.bin has 101 MB']);
  });
});
