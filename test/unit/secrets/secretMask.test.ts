import assert from 'node:assert/strict';
import { SecretMask, withoutMarkers } from '../../../src/core/secrets/secretMask.ts';
import { fakePrivateKey, noise } from './fakeSecrets.ts';

const token = `ghp_${noise(36)}`;
const marker = /\[secret removed: GitHub token #[0-9a-f]{8}\]/;

describe('the mask over secrets', () => {
  it('gives equal secrets equal markers, different ones different markers, and nothing else a change', async () => {
    const mask = new SecretMask('key');
    const other = `ghp_${noise(36, undefined, 'other')}`;
    const hidden = await mask.hide(`a ${token} b ${other} c ${token} d`);
    const [first, second, third] = hidden.match(new RegExp(marker, 'g')) ?? [];
    assert.equal(hidden, `a ${first} b ${second} c ${third} d`);
    assert.equal(first, third);
    assert.notEqual(first, second);
    assert.equal(await mask.hide(hidden), hidden);
    assert.equal(await mask.hide('nothing here'), 'nothing here');
  });

  it('makes other markers under another key, so that a guess can not be checked', async () => {
    const hidden = await new SecretMask('key').hide(token);
    assert.equal(await new SecretMask('key').hide(token), hidden);
    assert.notEqual(await new SecretMask('another').hide(token), hidden);
  });

  it('puts a secret back in its own file only', async () => {
    const mask = new SecretMask('key');
    const hidden = await mask.hide(`KEY=${token}\n`, 'own.ts');
    assert.equal(mask.reveal(hidden, 'own.ts'), `KEY=${token}\n`);
    assert.equal(mask.reveal(hidden, 'other.ts'), hidden);
    await mask.hide(token);
    assert.equal(mask.reveal(hidden, 'other.ts'), hidden);
    assert.equal(
      mask.reveal('[secret removed: GitHub token #00000000]', 'own.ts'),
      '[secret removed: GitHub token #00000000]',
    );
  });

  it('lets others have their turn while it looks for very many', async () => {
    const mask = new SecretMask('key');
    await mask.hide(Array.from({ length: 3000 }, (_, index) => `ghp_${noise(36, undefined, `${index}`)}`).join('\n'));
    let turns = 0;
    let isDone = false;
    const count = () => {
      turns++;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    await mask.hide('text');
    isDone = true;
    assert.ok(turns >= 20, `${turns}`);
  });

  it('hides a private key line by line, so that lines keep their numbers, and counts it once', async () => {
    const mask = new SecretMask('key');
    const key = fakePrivateKey();
    const text = `one\n  ${key.replaceAll('\n', '\r\n  ')}\r\nlast\n`;
    const hidden = await mask.hide(text, 'key.txt');
    const lines = hidden.split('\n');
    assert.equal(lines.length, text.split('\n').length);
    assert.equal(new Set(lines).size, lines.length);
    for (const line of key.split('\n').slice(1, -1)) assert.ok(!hidden.includes(line), line);
    assert.equal(mask.reveal(hidden, 'key.txt'), text);
    assert.equal(new Set(mask.secretsIn(hidden)).size, 1);
  });

  it('keeps hiding what it knows when nothing of the format is left around it', async () => {
    const mask = new SecretMask('key');
    const key = fakePrivateKey();
    await mask.hide(`${token}\n${key}`);
    const [, ...body] = key.split('\n').slice(0, -2);
    const hidden = await mask.hide(`x${token}x\n${body.toReversed().join('\n')}`);
    assert.doesNotMatch(withoutMarkers(hidden), /[A-Za-z0-9]{10}/);
  });

  it('names the secrets behind its own markers, and none behind those of somebody else', async () => {
    const mask = new SecretMask('key');
    const hidden = await mask.hide(`${token} ${token}`);
    const [one, two, ...more] = mask.secretsIn(`${hidden} [secret removed: GitHub token #00000000]`);
    assert.equal(one, two);
    assert.deepEqual(more, []);
    assert.ok(one !== undefined && !token.includes(one));
  });
});
