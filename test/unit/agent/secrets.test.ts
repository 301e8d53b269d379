import assert from 'node:assert/strict';
import { fakePrivateKey, fakeSecrets, noise } from '../secrets/fakeSecrets.ts';
import { MemoryCopy } from './support/memoryCopy.ts';
import { type RunOptions, run } from './support/running.ts';
import { answer, call, ScriptedProvider } from './support/scriptedProvider.ts';

type Calls = readonly (readonly [tool: string, input: unknown])[];

const token = `ghp_${noise(36)}`;
const key = fakePrivateKey();
const keyBody = key.split('\n').slice(1, -1);
const config = `export const token = '${token}';\nexport const retries = 3;\n`;
const markerShape = /\[secret removed: GitHub token #[0-9a-f]{8}\]/;

/** Runs a model that makes these calls, one in each answer; nothing of `kept` may be in any request. */
async function attempt(copy: MemoryCopy, calls: Calls, kept: readonly string[] = [token], options: RunOptions = {}) {
  const answers = calls.map(([tool, input]) => answer('', [call(tool, input)]));
  const provider = new ScriptedProvider(...answers, answer('', [call('finish', { summary: 'Done.' })]));
  const { lines, outcome } = await run(provider, { ...options, copy });
  const sent = JSON.stringify(provider.requests);
  for (const secret of kept) assert.ok(!sent.includes(JSON.stringify(secret).slice(1, -1)), `${secret} was sent`);
  const results = calls.map((_, index) => provider.resultsIn(index + 1));
  return { provider, lines, outcome, sent, results };
}

/** The marker that stands for `token`, as a model learns it. */
async function markerOf(): Promise<string> {
  const { results } = await attempt(new MemoryCopy({ 'config.ts': config }), [['read_file', { path: 'config.ts' }]]);
  return markerShape.exec(results[0] ?? '')?.[0] ?? assert.fail(results[0]);
}

describe('secrets', () => {
  it('of every format stay away from the model, and are counted', async () => {
    const secrets = fakeSecrets.map(([, secret]) => secret);
    const copy = new MemoryCopy({ 'all.txt': secrets.join('\n'), 'again.txt': secrets.join(' ') });
    const calls: Calls = [
      ['read_file', { path: 'all.txt' }],
      ['read_file', { path: 'again.txt' }],
      ['read_file', { path: 'all.txt', startLine: 2, endLine: 3 }],
    ];
    const { lines } = await attempt(copy, calls, secrets);
    assert.deepEqual(
      lines.filter((line) => line.startsWith('secrets')),
      [`secrets withheld: ${secrets.length}`],
    );
  });

  it('in the instruction, the conversation, the guidance and file names stay away too', async () => {
    const copy = new MemoryCopy({ 'AGENTS.md': `Deploy with ${token}`, [`${token}.txt`]: '' });
    const { sent, lines } = await attempt(copy, [['list_files', {}]], [token], {
      instruction: `Use ${token} here.`,
      conversation: [{ message: `My token is ${token}`, answer: `It is ${token}.` }],
      folderName: token,
    });
    // Six of them in each of two requests, and one in the list.
    assert.equal(sent.match(new RegExp(markerShape, 'g'))?.length, 13);
    assert.ok(lines.includes('secrets withheld: 1'));
  });

  it('are not counted, and nothing is changed, where there is none', async () => {
    const copy = new MemoryCopy({ 'a.ts': 'const a = 1;\n' });
    const { lines, results } = await attempt(copy, [['read_file', { path: 'a.ts' }]]);
    assert.equal(results[0], '1\tconst a = 1;');
    assert.ok(!lines.some((line) => line.startsWith('secrets')));
  });

  it('are the same marker in every request, so that what was sent before stays byte for byte', async () => {
    const copy = new MemoryCopy({ 'config.ts': config, 'AGENTS.md': `Deploy with ${token}` });
    const calls: Calls = [
      ['read_file', { path: 'config.ts' }],
      ['search', { pattern: 'retries' }],
    ];
    const { provider } = await attempt(copy, calls);
    const sent = provider.requests.map(({ turns }) => turns.map((turn) => JSON.stringify(turn)));
    for (const [index, turns] of sent.entries())
      assert.deepEqual(sent.at(-1)?.slice(0, turns.length), turns, `${index}`);
  });

  it('survive an edit beside them and a rewrite of their file', async () => {
    const marker = await markerOf();
    const copy = new MemoryCopy({ 'config.ts': config, 'old.ts': config });
    await attempt(copy, [
      [
        'edit_file',
        {
          path: 'config.ts',
          oldText: `'${marker}';\nexport const retries = 3`,
          newText: `'${marker}';\nexport const retries = 5`,
        },
      ],
      ['write_file', { path: 'old.ts', content: `// new\nexport const token = '${marker}';\n` }],
    ]);
    assert.equal(copy.text('config.ts'), config.replace('retries = 3', 'retries = 5'));
    assert.equal(copy.text('old.ts'), `// new\nexport const token = '${token}';\n`);
  });

  it('survive in files with other line ends, a byte order mark or another encoding', async () => {
    const marker = await markerOf();
    const latin1 = Buffer.from(`caf\u00e9 ${token}\nb\n`, 'latin1');
    const copy = new MemoryCopy({ 'dos.ts': `\uFEFF${config.replaceAll('\n', '\r\n')}`, 'latin1.txt': latin1 });
    const { results } = await attempt(copy, [
      [
        'edit_file',
        {
          path: 'dos.ts',
          oldText: `'${marker}';\nexport const retries = 3`,
          newText: `'${marker}';\nexport const retries = 5`,
        },
      ],
      ['read_file', { path: 'latin1.txt' }],
      ['search', { pattern: 'caf' }],
    ]);
    assert.equal(copy.text('dos.ts'), `\uFEFF${config.replace('retries = 3', 'retries = 5').replaceAll('\n', '\r\n')}`);
    assert.match(results[1] ?? '', markerShape);
    assert.match(results[2] ?? '', markerShape);
  });

  it('stay markers in any other file', async () => {
    const marker = await markerOf();
    const copy = new MemoryCopy({ 'config.ts': config, 'other.ts': 'a\n' });
    await attempt(copy, [
      ['read_file', { path: 'config.ts' }],
      ['write_file', { path: 'leak.ts', content: marker }],
      ['edit_file', { path: 'other.ts', oldText: 'a', newText: marker }],
      ['read_file', { path: 'leak.ts' }],
    ]);
    assert.equal(copy.text('leak.ts'), marker);
    assert.equal(copy.text('other.ts'), `${marker}\n`);
  });

  it('stay away when the model writes something around them that breaks their format', async () => {
    const marker = await markerOf();
    const password = 'Tr0ub4dor';
    const copy = new MemoryCopy({
      'config.ts': config,
      'key.txt': `${key}\n`,
      'url.txt': `postgres://shop:${password}@db/shop\n`,
    });
    const calls: Calls = [
      ['edit_file', { path: 'config.ts', oldText: marker, newText: `${marker}abc` }],
      ['read_file', { path: 'config.ts' }],
      ['search', { pattern: 'token' }],
      ['read_file', { path: 'key.txt' }],
      ['edit_file', { path: 'key.txt', oldText: '-----BEGIN RSA PRIVATE KEY-----\n', newText: '' }],
      ['read_file', { path: 'key.txt' }],
      ['read_file', { path: 'url.txt' }],
      ['edit_file', { path: 'url.txt', oldText: '@db', newText: ' db' }],
      ['read_file', { path: 'url.txt' }],
    ];
    const { results } = await attempt(copy, calls, [token, password, ...keyBody.slice(0, -1)]);
    assert.equal(copy.text('url.txt'), `postgres://shop:${password} db/shop\n`);
    assert.match(copy.text('config.ts') ?? '', new RegExp(`${token}abc`));
    assert.match(results[1] ?? '', markerShape);
    assert.equal(copy.text('key.txt'), `${keyBody.join('\n')}\n-----END RSA PRIVATE KEY-----\n`);
  });

  it('can not be searched for, not in parts and not by expressions', async () => {
    const copy = new MemoryCopy({ 'config.ts': config, 'key.txt': `top\n${key}\nbottom\n` });
    const calls: Calls = [
      ['search', { pattern: token.slice(0, 8) }],
      ['search', { pattern: token.toLowerCase(), ignoreCase: true }],
      ['search', { pattern: `(${token.slice(0, 9)}|removed)`, isRegex: true }],
      ['search', { pattern: keyBody[3]?.slice(0, 12) }],
      ['search', { pattern: '^.', isRegex: true, glob: 'key.txt' }],
      ['search', { pattern: 'const token' }],
      ['search', { pattern: 'CONST', ignoreCase: true }],
      ['search', { pattern: 'top', context: 20 }],
    ];
    const { results } = await attempt(copy, calls, [token, ...keyBody]);
    for (const index of [0, 1, 2, 3]) assert.equal(results[index], 'No line matches.');
    assert.equal(
      results[4],
      'key.txt:1: top\nkey.txt:2: -----BEGIN RSA PRIVATE KEY-----\nkey.txt:16: -----END RSA PRIVATE KEY-----\nkey.txt:17: bottom',
    );
    assert.match(results[5] ?? '', markerShape);
    assert.match(results[7] ?? '', /key\.txt:1: top\nkey\.txt-2- -----BEGIN[\s\S]*removed[\s\S]*key\.txt-17- bottom/);
    assert.match(results[6] ?? '', /config\.ts:1: .*removed.*\nconfig\.ts:2: export const retries = 3;/);
  });

  it('can not be told from how many other hits there are', async () => {
    const copy = new MemoryCopy({ 'config.ts': config, 'list.txt': 'x\n'.repeat(300) });
    const patterns = [token.slice(0, 9), 'nothing'].map((guess) => ({ pattern: `${guess}|^x`, isRegex: true }));
    const { results } = await attempt(
      copy,
      patterns.map((input) => ['search', input]),
    );
    assert.equal(results[0], results[1]);
    assert.equal(results[0]?.match(/list\.txt:/g)?.length, 200);
  });

  it('can not be guessed by edits, nor read from what an edit answers', async () => {
    const copy = new MemoryCopy({ 'config.ts': config });
    const { results } = await attempt(copy, [
      ['edit_file', { path: 'config.ts', oldText: token.slice(0, 7), newText: 'x' }],
      ['edit_file', { path: 'config.ts', oldText: "export const token = 'unknown';", newText: 'x' }],
    ]);
    for (const result of results) assert.match(result, /0 matches/);
    assert.match(results[1] ?? '', markerShape);
    assert.equal(copy.text('config.ts'), config);
  });
});
