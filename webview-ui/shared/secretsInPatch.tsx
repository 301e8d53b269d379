import type { JSX } from 'preact';
import type { Run } from '../../src/core/domain.ts';
import { countText } from './figures.ts';
import { Icon } from './icon.tsx';
import { secretPlaces } from './secretTexts.ts';

/** The warning that a run's patch adds secrets; its title says where. Nothing when there are none. */
export function SecretsInPatch(props: { readonly run: Run }): JSX.Element | null {
  const { secretsInPatch = [] } = props.run;
  if (secretsInPatch.length === 0) return null;
  const places = secretPlaces(secretsInPatch);
  return (
    <div class="secrets warning" title={places} data-testid="secrets-in-patch">
      <Icon name="warning" />
      {countText(secretsInPatch.length, 'secret')} in the patch
      <span class="hidden-text">: {places}</span>
    </div>
  );
}
