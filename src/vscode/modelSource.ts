import * as vscode from 'vscode';
import { needsKey, type ProviderId, providerIds, providerNames } from '../core/providerId.ts';
import { findLocalServers, type LocalServer, usualServers } from './localServers.ts';
import type { Secrets } from './secrets.ts';

/** Where a model can come from: a provider that dursor knows, a server on this machine, or a service at an address to ask for. */
export type ModelSource =
  | { readonly type: 'provider'; readonly provider: Exclude<ProviderId, 'openai-compatible'> }
  | { readonly type: 'local'; readonly server: LocalServer }
  | { readonly type: 'service' };

/** How long servers on this machine may take to answer, in milliseconds. */
const probeTime = 1500;

interface SourceItem extends vscode.QuickPickItem {
  readonly source?: ModelSource;
}

/** Lets the user pick a source; servers on this machine join the list when they answer. Undefined when the user left it. */
export async function pickModelSource(title: string, secrets: Secrets): Promise<ModelSource | undefined> {
  const known = await providerItems(secrets);
  const pick = vscode.window.createQuickPick<SourceItem>();
  const probe = new AbortController();
  try {
    pick.title = title;
    pick.placeholder = 'Who serves the model?';
    pick.ignoreFocusOut = true;
    pick.busy = true;
    pick.items = known;
    const chosen = new Promise<ModelSource | undefined>((resolve) => {
      pick.onDidAccept(() => resolve(pick.selectedItems[0]?.source));
      pick.onDidHide(() => resolve(undefined));
    });
    pick.show();
    void findLocalServers(usualServers, AbortSignal.any([probe.signal, AbortSignal.timeout(probeTime)])).then(
      (servers) => {
        if (probe.signal.aborted) return;
        pick.busy = false;
        if (servers.length === 0) return;
        // What the cursor stands on stays there. VS Code says what that is only some time after the list was shown.
        const active = pick.activeItems.length > 0 ? pick.activeItems : known.slice(0, 1);
        pick.items = [...known, separator('Running on this machine'), ...servers.map(serverItem)];
        pick.activeItems = active;
      },
    );
    return await chosen;
  } finally {
    probe.abort();
    pick.dispose();
  }
}

/** Lets the user pick a provider that takes a key of its own. Undefined when the user left it. */
export async function pickKeyedProvider(title: string, secrets: Secrets): Promise<ProviderId | undefined> {
  const items = await Promise.all(
    providerIds.filter(needsKey).map(async (id) => ({ id, ...(await named(id, secrets)) })),
  );
  return (await vscode.window.showQuickPick(items, { title, ignoreFocusOut: true }))?.id;
}

async function providerItems(secrets: Secrets): Promise<readonly SourceItem[]> {
  const providers = providerIds.filter((id) => id !== 'openai-compatible');
  const items = await Promise.all(
    providers.map(async (provider): Promise<SourceItem> => {
      const source = { type: 'provider', provider } as const;
      return provider === 'vscode'
        ? { label: providerNames.vscode, description: 'GitHub Copilot and other installed models, no key', source }
        : { ...(await named(provider, secrets)), source };
    }),
  );
  const service: SourceItem = {
    label: `${providerNames['openai-compatible']}…`,
    description: 'a gateway, another service, or a server of your own',
    source: { type: 'service' },
  };
  return [...items, service];
}

async function named(id: ProviderId, secrets: Secrets) {
  return { label: providerNames[id], description: (await secrets.providerKey(id)) ? 'key is set' : '' };
}

function serverItem(server: LocalServer): SourceItem {
  const count = server.models.length;
  return {
    label: server.name,
    description: `${count} ${count === 1 ? 'model' : 'models'} at ${new URL(server.baseUrl).host}, no key`,
    source: { type: 'local', server },
  };
}

function separator(label: string): SourceItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
