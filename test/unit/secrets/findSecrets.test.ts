import assert from 'node:assert/strict';
import { findSecrets } from '../../../src/core/secrets/findSecrets.ts';
import { fakePrivateKey, fakeSecrets, noise } from './fakeSecrets.ts';

async function foundIn(text: string): Promise<readonly (readonly [string, string])[]> {
  return (await findSecrets(text)).map(({ start, end, kind }) => [kind, text.slice(start, end)]);
}

describe('finding secrets', () => {
  for (const [kind, secret] of fakeSecrets) {
    it(`finds a whole ${kind}: ${secret.slice(0, 14)}…`, async () => {
      for (const text of [
        secret,
        `\uFEFFconst token = "${secret}";\n`,
        `KEY=${secret}\nNEXT=1\n`,
        `{"a":"${secret}","b":2}`,
        `鍵は ${secret} です`,
      ]) {
        assert.deepEqual(await foundIn(text), [[kind, secret]], text);
      }
    });
  }

  it('finds the value of an AWS secret key, an npm configuration and a URL with a password, and no more than that', async () => {
    const aws = `${noise(38)}/+`;
    const npm = noise(36, '0123456789abcdef-');
    assert.deepEqual(await foundIn(`aws_secret_access_key = ${aws}\n`), [['AWS secret key', aws]]);
    assert.deepEqual(await foundIn(`  "SecretAccessKey": "${aws}",`), [['AWS secret key', aws]]);
    assert.deepEqual(await foundIn(`//registry.example.org/:_authToken=${npm}\n`), [['npm token', npm]]);
    assert.deepEqual(await foundIn(`url: postgres://shop:s3cr3t-${npm}@db.internal:5432/shop`), [
      ['password in a URL', `s3cr3t-${npm}`],
    ]);
  });

  for (const label of [
    'RSA PRIVATE KEY',
    'EC PRIVATE KEY',
    'OPENSSH PRIVATE KEY',
    'PRIVATE KEY',
    'ENCRYPTED PRIVATE KEY',
    'PGP PRIVATE KEY BLOCK',
  ]) {
    it(`finds the body of a ${label} however it is written down`, async () => {
      const key = fakePrivateKey(label);
      const lines = key.split('\n');
      const body = lines.slice(1, -1).join('\n');
      const isIn = async (text: string, expected: string) =>
        assert.deepEqual(await foundIn(text), [['private key', expected]], text);
      await isIn(`before\n${key}\nafter\n`, body);
      await isIn(key.replaceAll('\n', '\r\n'), body.replaceAll('\n', '\r\n'));
      await isIn(lines.map((line) => `    ${line}\n`).join(''), body.replaceAll('\n', '\n    '));
      await isIn(
        JSON.stringify({ type: 'service_account', private_key: key }),
        JSON.stringify(`\n${body}\n`).slice(1, -1),
      );
      await isIn(`before\n${lines.slice(0, -1).join('\n')}\n\nafter it comes this\n`, body);
      await isIn(
        [lines[0], 'Proc-Type: 4,ENCRYPTED', 'DEK-Info: AES-128-CBC,00FF', '', body, lines.at(-1)].join('\n'),
        `Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00FF\n\n${body}`,
      );
    });
  }

  it('is not switched off by comments in the text', async () => {
    const secret = `ghp_${noise(36)}`;
    for (const comment of ['secretlint-disable', 'secretlint-disable-next-line', 'gitleaks:allow']) {
      assert.deepEqual(await foundIn(`// ${comment}\n"${secret}" // secretlint-disable-line\n`), [
        ['GitHub token', secret],
      ]);
    }
  });

  it('takes no notice of what only looks like a secret', async () => {
    const harmless = [
      `"integrity": "sha512-${noise(86, undefined)}=="`,
      `resolved "https://registry.example.org/a/-/a-1.0.0.tgz#${noise(40, '0123456789abcdef')}"`,
      'id: 123e4567-e89b-12d3-a456-426614174000',
      `commit ${noise(40, '0123456789abcdef')} and sha256:${noise(64, '0123456789abcdef')}`,
      'const token = process.env.GITHUB_TOKEN ?? "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";',
      'AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      'xoxb-your-token-here xoxb-not-a-real-token',
      'DATABASE_URL=postgres://postgres:postgres@db:5432/app',
      'https://deploy:${TOKEN_2}@git.example.org/a.git //packages.example.org/:_authToken=${NPM_TOKEN}',
      'postgres://user:<your-password-1>@host/db',
      '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----',
      'if (text.includes("-----BEGIN RSA PRIVATE KEY-----")) return readTheKeyThatFollowsItInTheVeryLongFileName(text);\n',
      'SG.configuration.value sk-learn sk-button-primary-large AIza npm_config_registry npm_package_version',
      `-----BEGIN CERTIFICATE-----\n${noise(64)}\n-----END CERTIFICATE-----`,
      `-----BEGIN PUBLIC KEY-----\n${noise(64)}\n-----END PUBLIC KEY-----`,
    ];
    for (const text of harmless) assert.deepEqual(await foundIn(text), [], text);
  });

  it('has words for every kind, without the secret', async () => {
    const spans = await findSecrets(fakeSecrets.map(([, secret]) => secret).join('\n'));
    assert.equal(spans.length, fakeSecrets.length);
    for (const { kind } of spans) assert.match(kind, /^[\w ]{5,30}$/);
  });
});
