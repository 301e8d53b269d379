import type { JSX } from 'preact';
import type { Snapshot } from '../../src/core/domain.ts';
import { countText } from '../shared/figures.ts';

const maxShown = 100;

/** Which files no model gets to see, and why; nothing when there are none. */
export function KeptBack({ snapshot }: { readonly snapshot: Snapshot }): JSX.Element | null {
  const groups = [
    { why: 'Forbidden or unreadable', paths: snapshot.leftOut },
    { why: 'Over the size limit', paths: snapshot.tooLarge ?? [] },
    { why: 'Not on this machine (partial clone)', paths: snapshot.notHere ?? [] },
  ].filter(({ paths }) => paths.length > 0);
  const count = groups.reduce((sum, { paths }) => sum + paths.length, 0);
  if (count === 0) return null;
  return (
    <details class="kept-back">
      <summary>{countText(count, 'file')} kept from the models</summary>
      {groups.map(({ why, paths }) => (
        <div key={why}>
          <span>{why}</span>
          <ul>
            {paths.slice(0, maxShown).map((path) => (
              <li key={path}>{path}</li>
            ))}
            {paths.length > maxShown && <li>and {countText(paths.length - maxShown, 'more file')}</li>}
          </ul>
        </div>
      ))}
    </details>
  );
}
