import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandEnd } from '../../evidence.ts';
import type { Log } from '../../ports.ts';
import { isFile } from '../../workspace/folderPaths.ts';
import { removeFolder } from '../../workspace/removeFolder.ts';
import { runCommand } from '../command/runCommand.ts';
import type { Sandbox } from './sandbox.ts';

/** Whether a sandbox works here, told by what happened when something was run in it. */
export type Availability =
  | { readonly sandbox: Sandbox; readonly works: true }
  | { readonly sandbox: Sandbox; readonly works: false; readonly reason: string };

const probeSeconds = 30;
const probeFile = 'written-inside';

/** Finds out once which sandboxes work on this machine. */
export class Sandboxes {
  readonly #log: Log;
  /** By image; an empty name where the user has set none. */
  readonly #found = new Map<string, Promise<readonly Availability[]>>();

  constructor(log: Log) {
    this.#log = log;
  }

  /**
   * All that could work on this system, strongest first as `auto` takes them, `none` last. Containers only with an image. The answer
   * is kept until `forget`.
   */
  available(image = ''): Promise<readonly Availability[]> {
    const known = this.#found.get(image);
    if (known) return known;
    const found = Promise.all(candidates(image).map((sandbox) => this.#probe(sandbox)));
    this.#found.set(image, found);
    found.catch(() => this.#found.delete(image));
    return found;
  }

  /** Asks again the next time: the user may have installed something. */
  forget(): void {
    this.#found.clear();
  }

  async #probe(sandbox: Sandbox): Promise<Availability> {
    if (sandbox.isolation === 'none') return { sandbox, works: true };
    const root = await realpath(await mkdtemp(join(tmpdir(), 'dursor-probe-')));
    try {
      const { end, output } = await runCommand({
        command: `echo yes > ${probeFile}`,
        folder: root,
        root,
        sandbox,
        network: false,
        timeoutSeconds: probeSeconds,
        signal: new AbortController().signal,
        log: this.#log,
      });
      const hasWritten = await isFile(join(root, probeFile));
      if (end.type === 'exit' && end.code === 0 && hasWritten) return { sandbox, works: true };
      const reason = describe(end, output.head);
      this.#log.info(`${sandbox.isolation} can't be used: ${reason}`);
      return { sandbox, works: false, reason };
    } finally {
      await removeFolder(root).catch((error: unknown) => this.#log.warn(String(error)));
    }
  }
}

function candidates(image: string): readonly Sandbox[] {
  const system: Sandbox[] =
    process.platform === 'linux'
      ? [{ isolation: 'bubblewrap' }]
      : process.platform === 'darwin'
        ? [{ isolation: 'seatbelt' }]
        : [];
  const containers: Sandbox[] =
    image === ''
      ? []
      : [
          { isolation: 'docker', image },
          { isolation: 'podman', image },
        ];
  return [...system, ...containers, { isolation: 'none' }];
}

function describe(end: CommandEnd, output: string): string {
  if (end.type === 'not-started') return firstLine(end.reason);
  if (end.type === 'timeout') return `it did not answer within ${end.seconds} seconds`;
  return firstLine(output) || 'what it ran could not write to its own folder';
}

const firstLine = (text: string) => text.trim().split('\n', 1)[0]?.slice(0, 300) ?? '';
