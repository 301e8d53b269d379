import axe, { type AxeResults } from 'axe-core';
import type { Frame } from 'playwright-core';

/** What axe finds wrong in a webview, as short lines. */
export async function faults(frame: Frame): Promise<string[]> {
  await frame.evaluate(axe.source);
  const results = (await frame.evaluate(
    // A webview's document is a part of the window, so it needs no landmarks of its own.
    'axe.run(document, { rules: { region: { enabled: false } } })',
  )) as AxeResults;
  return results.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}
