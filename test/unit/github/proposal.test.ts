import assert from 'node:assert/strict';
import type { FileChange, ObjectName } from '../../../src/core/domain.ts';
import { proposePullRequest } from '../../../src/core/github/proposal.ts';
import { quoteMarkdown } from '../../../src/core/github/quoting.ts';

const zero = '\u200b';
const blob = 'a'.repeat(40) as ObjectName;
const file = (path: string) => ({ path, mode: '100644', blob }) as const;
const changes: readonly FileChange[] = [
  { kind: 'modified', base: file('src/login.ts'), after: file('src/login.ts'), lines: { added: 9, removed: 2 } },
  { kind: 'renamed', base: file('old.ts'), after: file('new.ts'), lines: { added: 0, removed: 0 } },
  { kind: 'added', after: file('a`b.png') },
];
const source = {
  instruction: 'Fix the login. It fails on Mondays.',
  summary: 'I fixed it.',
  changes,
  modelLabel: 'GPT',
};
const titleOf = (part: Partial<typeof source>) => proposePullRequest({ ...source, ...part }).title;

describe('A proposed pull request', () => {
  it('takes its title from the heading of the summary when that says something', () => {
    assert.equal(titleOf({ summary: '## Make `login` work on **Mondays**\n\nText.' }), 'Make login work on Mondays');
    assert.equal(titleOf({ summary: '## Summary\n\nText.' }), 'Fix the login');
  });

  it('otherwise takes it from the first sentence of the instruction, then of the summary', () => {
    assert.equal(titleOf({}), 'Fix the login');
    assert.equal(titleOf({ instruction: '- add v1.2 support' }), 'add v1.2 support');
    assert.equal(titleOf({ instruction: '' }), 'I fixed it');
    assert.equal(titleOf({ instruction: '', summary: '' }), 'Changes by GPT');
  });

  it('has a title of at most 72 characters that ends at a word', () => {
    const title = titleOf({ instruction: `Rename ${'the thing '.repeat(30)}` });
    assert.ok(title.length <= 72 && /thing…$|the…$/.test(title), title);
    assert.ok(titleOf({ instruction: `${'😀'.repeat(80)}x` }).length <= 72);
    assert.ok(titleOf({ instruction: `${'😀'.repeat(80)}x` }).isWellFormed());
  });

  it('says what was asked, what changed and in which files', () => {
    assert.equal(
      proposePullRequest(source).body,
      [
        '### What was asked',
        '',
        '> Fix the login. It fails on Mondays.',
        '',
        '### What changed',
        '',
        'I fixed it.',
        '',
        '<details>',
        '<summary>3 files</summary>',
        '',
        '- modified `src/login.ts` (+9 −2)',
        '- renamed `new.ts` from `old.ts` (+0 −0)',
        '- added ``a`b.png``',
        '',
        '</details>',
        '',
        'Made by dursor with GPT.',
      ].join('\n'),
    );
  });

  it('leaves out empty parts and bounds long ones', () => {
    assert.equal(
      proposePullRequest({ instruction: '', summary: '', changes: [], modelLabel: '' }).body,
      'Made by dursor.',
    );
    const many = Array.from({ length: 5000 }, (_, index) => ({ kind: 'added', after: file(`f${index}`) }) as const);
    const { body } = proposePullRequest({
      ...source,
      instruction: 'x'.repeat(1e5),
      summary: '@y '.repeat(1e5),
      changes: many,
    });
    assert.ok(body.length < 65_536);
    assert.match(body, /- and 4800 more/);
  });
});

describe('A proposal of what others asked for', () => {
  it('closes no issue by their words', () => {
    const asked = { ...source, instruction: 'Address this.\n\n> Fixes #12', summary: '# Closes #13\n\nDone.' };
    const { title, body } = proposePullRequest({ ...asked, isQuoting: true });
    assert.doesNotMatch(`${title}\n${body}`, /Fixes #12|Closes #13/);
    assert.match(proposePullRequest(asked).body, /Fixes #12/);
  });
});

describe('Quoted Markdown', () => {
  const quote = (text: string) => quoteMarkdown(text, { mayClose: false });

  it('notifies nobody', () => {
    assert.equal(quote('ask @octocat or @org/team'), `ask @${zero}octocat or @${zero}org/team`);
    assert.equal(quote('(@octocat)'), `(@${zero}octocat)`);
    assert.equal(quote('`@octocat` ``a ` @b`` mail a@example.com'), '`@octocat` ``a ` @b`` mail a@example.com');
    assert.equal(quote('`open @octocat'), `\`open @${zero}octocat`);
    assert.equal(quote('```ts\n@Injectable()\n```\n@x'), `\`\`\`ts\n@Injectable()\n\`\`\`\n@${zero}x`);
  });

  it("closes no issue unless the words are the user's", () => {
    assert.equal(quote('Fixes #12, closed: o/r#3'), `Fixes${zero} #12, closed${zero}: o/r#3`);
    assert.equal(quote('resolves https://github.com/o/r/issues/4'), `resolves${zero} https://github.com/o/r/issues/4`);
    assert.equal(quote('prefix #12 and fix the bug'), 'prefix #12 and fix the bug');
    assert.equal(quoteMarkdown('Fix #12', { mayClose: true }), 'Fix #12');
  });

  it('renders no HTML and leaves no code block open', () => {
    assert.equal(
      quote('<!-- gone --> <img src=x> a < b </details>'),
      '&lt;!-- gone --> &lt;img src=x> a < b &lt;/details>',
    );
    assert.equal(quote('````js\n```\ncode'), '````js\n```\ncode\n````');
  });

  it('takes nothing for code that GitHub may not', () => {
    const isQuiet = (text: string) => {
      const quoted = quote(text);
      assert.ok(!/@octocat|fixes #1|<img/.test(quoted), JSON.stringify(quoted));
    };
    const live = '@octocat fixes #1 <img src=x>';
    // Each of these ends the code, or never begins it, in GitHub's eyes.
    isQuiet(`\`\`\`a\`b\n${live}`);
    isQuiet(`- \`\`\`\n  code\n  \`\`\`\n${live}`);
    isQuiet(`> \`\`\`\n> code\n${live}`);
    isQuiet(`\`\`\`\n\`\`\`\u00a0\n\`\`\`\n${live}`);
    isQuiet(`a \` b\nc \` ${live} \` d`);
    isQuiet(`a \`\n\u00a0\n\` ${live} \``);
    isQuiet(`\\\` ${live} \``);
    isQuiet(`| \` | ${live} | \` |`);
    assert.equal(quote('a `\n\n`@octocat`'), 'a `\n\n`@octocat`');
    assert.equal(quote('`a | b` and `c`'), '`a | b` and `c`');
  });

  it('is not fooled by other ways to write the same', () => {
    assert.equal(quote('_@octocat_ é@octocat'), `_@${zero}octocat_ é@${zero}octocat`);
    assert.equal(
      quote('&#64;octocat &#x40;octocat &commat;octocat'),
      '&amp;#64;octocat &amp;#x40;octocat &amp;commat;octocat',
    );
    assert.equal(quote('@&#111;ctocat'), `@${zero}&#111;ctocat`);
    for (const text of [
      'fixes#1',
      'fixes **#1**',
      'fixes \\#1',
      'fixes [#1](x)',
      'Closes:\n#1',
      'closes <https://github.com/o/r/issues/4>',
    ])
      assert.match(quote(text), /^(?:fix|clos)es\u200b/i, text);
    assert.match(quote('fixes &#35;1'), /&amp;#35;1/);
    assert.equal(quote('we fix\nthe rest'), 'we fix\nthe rest');
  });

  it('shows neither tokens nor home folders', () => {
    const token = `ghp_${'a1'.repeat(18)}`;
    assert.equal(
      quote(`set ${token} in /home/ann/work/x.ts and C:\\Users\\ann\\x`),
      'set [hidden] in ~/work/x.ts and ~\\x',
    );
    assert.equal(quote('-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----'), '[hidden]');
    assert.match(quote('https://u:pass@example.com/x'), /u:\[hidden\]@/);
    // What models don't get to see is hidden here too.
    assert.equal(quote(`pay with sk_live_${'a1B2'.repeat(6)}, please`), 'pay with [hidden], please');
    assert.equal(
      quote('src/home/page.ts src/root/x https://a.example/home/x'),
      'src/home/page.ts src/root/x https://a.example/home/x',
    );
  });
});
