import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { CliScene } from '../../support/cliScene.ts';
import { type ModelsStandIn, startModels } from '../../support/models.ts';

const main = resolve(import.meta.dirname, '../../../src/cli/main.ts');

describe('the process of the command line', () => {
  let models: ModelsStandIn;
  let scene: CliScene;

  before(async () => {
    models = await startModels({ ttft: 0, tps: 100_000 });
    scene = new CliScene();
  });
  after(async () => {
    await models.stop();
    scene.dispose();
  });

  const start = () => {
    const args = ['run', '--task', 'Note it', '--models', 'openai:gpt-5.1', '--folder', scene.folder, '--json'];
    const environment = { OPENAI_API_KEY: models.key, OPENAI_BASE_URL: models.baseUrls.openai };
    return spawn(process.execPath, [main, ...args, '--storage', join(scene.root, 'storage')], {
      env: { PATH: process.env.PATH, HOME: scene.root, ...environment },
    });
  };

  it('writes one JSON object to standard output, and progress beside it', async () => {
    const child = start();
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    const [code] = await once(child, 'close');
    assert.equal(code, 0, Buffer.concat(err).toString());
    assert.equal(JSON.parse(Buffer.concat(out).toString()).candidates.length, 1);
    assert.match(Buffer.concat(err).toString(), /gpt-5\.1: is done/);
  });

  it('ends with 130 when it is interrupted', async () => {
    models.setDelay(60_000);
    const child = start();
    while (models.waiting() === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    models.setDelay(0);
    assert.equal(code, 130);
  });
});
