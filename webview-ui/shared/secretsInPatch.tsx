import type { JSX } from 'preact';
import { countText } from './figures.ts';
import { Icon } from './icon.tsx';
import { secretPlaces, type WithSecrets } from './secretTexts.ts';

/** The warning that a patch adds secrets; its title says where. Nothing when there are none. */
export function SecretsInPatch(props: { readonly candidate: WithSecrets }): JSX.Element | null {
  const { secretsInPatch = [] } = props.candidate;
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
