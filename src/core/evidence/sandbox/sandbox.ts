import type { ChildProcess } from 'node:child_process';
import type { Isolation } from '../../evidence.ts';

/** An isolation with what it needs to be used. */
export type Sandbox =
  | { readonly isolation: 'docker' | 'podman'; readonly image: string }
  | { readonly isolation: Exclude<Isolation, 'docker' | 'podman'> };

/** One command on its way into a sandbox. All paths are real and absolute. */
export interface Job {
  readonly command: string;
  /** Where it runs: `root`, or below it. */
  readonly folder: string;
  /** The only folder of the user's disk that it may write to. */
  readonly root: string;
  /** Folders that it may read besides the system's, such as those that links in the copy lead to. */
  readonly readable: readonly string[];
  readonly network: boolean;
  /** Names of further variables of ours that it may have. */
  readonly variables: readonly string[];
  /** New, empty, and removed after it. */
  readonly privateFolders: PrivateFolders;
}

/** Where a command may put what it doesn't want to keep. */
export interface PrivateFolders {
  readonly home: string;
  readonly temporary: string;
}

/** A command that was started. */
export interface Started {
  /** Its standard output is all that the command prints; its standard error is what the sandbox itself has to say. */
  readonly child: ChildProcess;
  /**
   * Ends all that is left of the command, also what has left its session, and resolves when nothing is. Called once in every
   * case, while it runs or after it has ended. Must not throw.
   */
  end(): Promise<void>;
  /** Why the command never ran, told from how `child` ended and the beginning of its standard error. */
  whyNotRun(code: number | null, complaint: string): string | undefined;
}

/**
 * Runs `$1` in a shell with its standard error where its output goes: so both keep their order, and the sandbox's own complaints
 * stay apart. The editor and the user's own work come first, so it is nice where there is a program for that, and on Linux the first
 * to be ended when memory runs out.
 */
export const shellScript =
  '{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null; exec 2>&1; command -v nice >/dev/null && exec nice -n 10 /bin/sh -c "$1"; exec /bin/sh -c "$1"';

/**
 * `shellScript` for what doesn't end with us by itself: when its standard input ends, which we hold open, so does `target`, as the shell's
 * `kill` takes it. So nothing is left when the editor crashes.
 */
export const scriptWithLifeline = (target: string): string =>
  `exec 3<&0 </dev/null; (read -r _ <&3; kill -s KILL ${target}) >/dev/null 2>&1 & exec 3<&-; ${shellScript}`;

/** Of all that is in the group of the first process. */
export const groupScript = scriptWithLifeline('-- -$$');
