import type { Port } from '../src/protocol/rpc.ts';
import type { PanelView } from './compare/panelView.ts';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** What a webview keeps for itself across reloads: drafts and scroll positions, by task. */
export interface SavedView {
  readonly drafts: Readonly<Record<string, string>>;
  /** Distance from the top in pixels; absent where the newest is kept in view. */
  readonly scroll: Readonly<Record<string, number>>;
  /** The compare panel's round, by which the host finds it again. */
  readonly roundId?: string;
  /** How the compare panel is looked at. */
  readonly compare?: PanelView;
}

/** The extension host as the webview reaches it. */
export interface Host {
  readonly port: Port;
  saved(): SavedView;
  save(change: Partial<SavedView>): void;
}

/** Takes hold of the host. VS Code allows this once per page, so only the entries call it. */
export function acquireHost(): Host {
  const api = acquireVsCodeApi();
  const saved = (): SavedView => ({ drafts: {}, scroll: {}, ...(api.getState() as Partial<SavedView> | undefined) });
  return {
    port: {
      post: (message) => api.postMessage(message),
      listen(listener) {
        const onMessage = (event: MessageEvent<unknown>) => listener(event.data);
        window.addEventListener('message', onMessage);
        return () => window.removeEventListener('message', onMessage);
      },
    },
    saved,
    save: (change) => api.setState({ ...saved(), ...change }),
  };
}

/** Sends a request whose answer nobody waits for. The host logs and shows its own failures, so they end here. */
export function ask(request: Promise<unknown>): void {
  request.catch(() => {});
}
