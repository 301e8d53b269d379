import { join, resolve } from 'node:path';
import { stageExtension } from './stagedExtension.ts';
import { playStory } from './story.ts';
import { startVSCodeHost, type VSCodeHost } from './vscodeHost.ts';
import { startWorld } from './world.ts';

/** Plays the whole job in the real VS Code without a person and returns the exit code. */
export async function runHeadless(options: { json: boolean; screenshots?: string }): Promise<number> {
  const root = resolve(import.meta.dirname, '../..');
  const say = (line: string) => console.error(`• ${line}`);
  const directory = resolve(options.screenshots ?? join(root, '.vscode-test/screenshots'));
  let window: VSCodeHost | undefined;
  // Without its window the story fails at its next step, and everything is cleaned up as after any failure.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void window?.stop());
  try {
    say('Starting the stand-ins for models and GitHub');
    await using world = await startWorld({ keys: process.env });
    using extension = stageExtension();
    say('Starting VS Code');
    const { settings, environment } = world;
    await using host = await startVSCodeHost({
      folder: world.sample.folder,
      extension: extension.path,
      settings,
      environment,
    });
    window = host;
    try {
      const result = await playStory(host, world, directory, say);
      if (options.json) console.log(JSON.stringify(result));
      else console.log(`All of it happened. Screenshots are in ${directory}.`);
      return 0;
    } catch (error) {
      await host.workbench.screenshot(join(directory, 'failure.png')).catch(() => {});
      for (const [name, text] of await host.logs()) {
        if (/dursor/i.test(name)) console.error(`--- ${name}\n${text.slice(-4_000)}`);
      }
      throw error;
    }
  } catch (error) {
    console.error(error instanceof Error ? error.stack : String(error));
    console.error('Not all of it happened.');
    return 1;
  }
}
