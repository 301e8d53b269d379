import type * as vscode from 'vscode';
import type { Log } from '../core/ports.ts';

/** The extension's log channel as core's port. */
export function logTo(channel: vscode.LogOutputChannel): Log {
  return {
    debug: (message) => channel.debug(message),
    info: (message) => channel.info(message),
    warn: (message) => channel.warn(message),
    error: (message) => channel.error(message),
  };
}
