import '@vscode/codicons/dist/codicon.css';
import './base.css';
import './shared/parts.css';
import './compare.css';
import './compare/files.css';
import './compare/diff.css';
import { render } from 'preact';
import type { CompareHost, CompareNotifications, CompareState } from '../src/protocol/comparePanel.ts';
import { connect } from '../src/protocol/rpc.ts';
import { CompareContext } from './compare/compareContext.ts';
import { CompareView } from './compare/compareView.tsx';
import { acquireHost, ask } from './host.ts';
import { defineElements } from './toolkit.ts';

function start(root: HTMLElement): void {
  const page = acquireHost();
  defineElements();
  const host = connect<CompareHost, CompareNotifications>(page.port, {
    state: (state: CompareState) => {
      page.save({ roundId: state.roundId });
      render(
        <CompareContext.Provider value={host}>
          <CompareView state={state} />
        </CompareContext.Provider>,
        root,
      );
    },
  });
  render(<p class="loading quiet">Loading the comparison…</p>, root);
  ask(host.ready());
}

const root = document.getElementById('root');
if (root) start(root);
