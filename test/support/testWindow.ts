import { DursorWindow } from './dursorWindow.ts';
import { type StagedExtension, stageExtension } from './stagedExtension.ts';
import { startVSCodeHost, type VSCodeHost, type VSCodeHostOptions } from './vscodeHost.ts';
import { startWorld, type World } from './world.ts';

/** A window on the sample with everything around it, for tests. */
export interface TestWindow {
  readonly world: World;
  readonly host: VSCodeHost;
  readonly dursor: DursorWindow;
  close(): Promise<void>;
}

/** Opens dursor on a fresh sample with quick stand-ins. `change` overrides what the window is started with. */
export async function openTestWindow(
  change: (world: World) => Partial<VSCodeHostOptions> = () => ({}),
): Promise<TestWindow> {
  const world = await startWorld({ ttft: 50, tps: 500 });
  const extension: StagedExtension = stageExtension();
  const { settings, environment, sample } = world;
  const options = { folder: sample.folder, extension: extension.path, settings, environment, ...change(world) };
  const host = await startVSCodeHost(options);
  return {
    world,
    host,
    dursor: new DursorWindow(host.workbench),
    async close() {
      await host.stop();
      extension[Symbol.dispose]();
      await world.stop();
    },
  };
}
