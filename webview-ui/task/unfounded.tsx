import type { JSX } from 'preact';
import { Icon } from '../shared/icon.tsx';

const shown = 3;

/** Which files a summary claims to have changed though the patch leaves them alone; nothing where all it claims is so. */
export function Unfounded({ paths }: { readonly paths: readonly string[] }): JSX.Element | null {
  if (paths.length === 0) return null;
  const left = paths.length - shown;
  return (
    <p class="unfounded quiet" title={paths.join('\n')} data-testid="unfounded">
      <Icon name="warning" class="warning" />
      <span>
        The summary claims changes that are not in the patch:{' '}
        {paths.slice(0, shown).map((path, index) => (
          <>
            {index > 0 && ', '}
            <code>{path}</code>
          </>
        ))}
        {left > 0 && ` and ${left} more`}
      </span>
    </p>
  );
}
