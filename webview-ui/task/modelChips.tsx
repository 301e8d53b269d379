import type { JSX } from 'preact';
import type { ProfileChip } from '../../src/protocol/taskView.ts';
import { ask } from '../host.ts';
import { CandidateDot, candidateClass } from '../shared/candidateDot.tsx';
import { useTaskContext } from './taskContext.ts';

/** The models as toggles. A selected one already has the colour its run will have. */
export function ModelChips(props: {
  readonly profiles: readonly ProfileChip[];
  readonly canAdd: boolean;
}): JSX.Element {
  const { host } = useTaskContext();
  const selected = props.profiles.filter(({ isSelected }) => isSelected);
  return (
    <fieldset class="chips">
      <legend class="hidden-text">Models</legend>
      {props.profiles.map((chip) => (
        <button
          key={chip.profile.id}
          type="button"
          class={`chip model ${chip.isSelected ? `on ${candidateClass(selected.indexOf(chip))}` : ''}`}
          aria-pressed={chip.isSelected}
          title={`${chip.profile.label} (${chip.profile.model})`}
          data-testid="model-chip"
          data-profile={chip.profile.id}
          onClick={() => ask(host.toggleProfile({ profileId: chip.profile.id }))}
        >
          <CandidateDot />
          <span class="one-line">{chip.profile.label}</span>
        </button>
      ))}
      {props.canAdd && (
        <button
          type="button"
          class="chip add"
          title="Add Model"
          data-testid="add-model"
          onClick={() => ask(host.addModel())}
        >
          + model
        </button>
      )}
    </fieldset>
  );
}
