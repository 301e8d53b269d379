import type { JSX } from 'preact';
import { Icon } from '../../shared/icon.tsx';
import { useRegionActions } from './regionActions.ts';
import { lineText, regionSentence } from './regionSentence.ts';
import type { RegionLayout } from './rowModel.ts';

/** Above a region: where it is, and who has what there. */
export function RegionHead(props: { readonly region: RegionLayout; readonly hasBase: boolean }): JSX.Element {
  const { region, hasBase } = props;
  const actions = useRegionActions();
  const sentence = regionSentence(region);
  const inside = region.region.inside;
  return (
    <div class="region-head stays">
      <h3>{lineText(region)}</h3>
      <span class="quiet one-line" title={sentence}>
        {inside && (
          <>
            in <code>{inside}</code>
            {sentence && ' · '}
          </>
        )}
        {sentence}
      </span>
      <span class="region-buttons">
        {region.isByHand && (
          <span class="by-hand-note">
            <Icon name="edit" /> edited by hand
          </span>
        )}
        {!hasBase && region.taken !== undefined && region.taken !== 0 && (
          <button
            type="button"
            class="quiet-button"
            title="Keep the base here (0)"
            onClick={() => actions.take(region, 'base')}
          >
            Keep Base
          </button>
        )}
        <button
          type="button"
          class="quiet-button"
          title="Edit your composition here by hand (E)"
          onClick={() => actions.editByHand(region)}
        >
          <Icon name="edit" /> Edit by Hand
        </button>
      </span>
    </div>
  );
}
