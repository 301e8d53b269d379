import '@vscode/codicons/dist/codicon.css';
import './base.css';
import './shared/parts.css';
import './shared/controls.css';
import './compare.css';
import './compare/agreement.css';
import './compare/heads.css';
import './compare/evidence/evidence.css';
import './compare/rail.css';
import './compare/table.css';
import { render } from 'preact';
import type { CompareHost, CompareNotifications } from '../src/protocol/comparePanel.ts';
import { connect } from '../src/protocol/rpc.ts';
import { CompareContext } from './compare/compareContext.ts';
import { CompareView } from './compare/compareView.tsx';
import { PanelContext } from './compare/panelContext.ts';
import { PanelStore } from './compare/panelStore.ts';
import { lookingOf } from './compare/panelView.ts';
import { acquireHost, ask } from './host.ts';

function start(root: HTMLElement): void {
  const page = acquireHost();
  let isScheduled = false;
  const panel = new PanelStore(page.saved().compare, {
    changed: () => {
      if (!isScheduled) requestAnimationFrame(draw);
      isScheduled = true;
    },
    save: (view) => page.save({ compare: view }),
    look: (looking) => ask(host.look(looking)),
  });
  const host = connect<CompareHost, CompareNotifications>(page.port, {
    state: (state) => {
      page.save({ roundId: state.roundId });
      panel.receive({ state });
    },
    files: (files) => panel.receive({ files }),
    baseText: ({ id, text }) => panel.receiveBaseText(id, text),
    file: (news) => panel.receiveNews(news),
    theme: (theme) => panel.receive({ theme }),
    reveal: ({ fileId, line }) => panel.openFile(fileId, { line }),
  });

  /** Messages that come together are drawn together. */
  function draw(): void {
    isScheduled = false;
    const { state } = panel.content;
    render(
      state ? (
        <CompareContext.Provider value={host}>
          <PanelContext.Provider value={panel}>
            <CompareView state={state} />
          </PanelContext.Provider>
        </CompareContext.Provider>
      ) : (
        <p class="loading quiet">Loading the comparison…</p>
      ),
      root,
    );
  }

  draw();
  ask(host.ready(lookingOf(panel.view)));
}

const root = document.getElementById('root');
if (root) start(root);
