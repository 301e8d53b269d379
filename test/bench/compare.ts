import type { Bench } from './bench.ts';
import { measureRegions } from './compareCore.ts';
import { measurePanel } from './comparePanel.ts';
import { benchStreaming } from './streaming.ts';

/** Everything that makes comparing quick or slow: regions, the panel, its scrolling, and the task view while runs stream. */
export const benchCompare: Bench = async (options) => ({
  regions: await measureRegions(options),
  panel: await measurePanel(options),
  streaming: await benchStreaming(options),
});
