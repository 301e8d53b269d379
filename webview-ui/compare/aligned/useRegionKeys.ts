import { keyAction } from './keys.ts';
import type { RegionActions } from './regionActions.ts';
import type { AlignedModel } from './rowModel.ts';

/** What keys act on. */
export interface RegionKeys {
  readonly model: AlignedModel;
  /** The region with the focus. */
  readonly current: number | undefined;
  readonly actions: RegionActions;
  /** Brings a region into view and gives it the focus, in a column where one is given. */
  readonly goTo: (region: number, column: string | undefined) => void;
}

/** The keys of the region that has the focus. */
export function useRegionKeys({ model, current, actions, goTo }: RegionKeys): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement)) return;
    const action = keyAction(event.key);
    const region = current === undefined ? undefined : model.regions[current];
    const row = event.target.closest<HTMLElement>('[data-region]');
    if (!action || !region || current === undefined || !row) return;
    const take = event.target.dataset.take;
    switch (action.type) {
      case 'take':
        actions.take(region, action.column);
        break;
      case 'keep-base':
        actions.take(region, 'base');
        break;
      case 'edit':
        actions.editByHand(region);
        break;
      case 'open-diff':
        // Other buttons are pressed with Enter.
        if (take === undefined) return;
        actions.openDiff(region, take === 'lead' ? 0 : Number(take));
        break;
      case 'go':
        goTo(Math.max(0, Math.min(model.regions.length - 1, current + action.regions)), take);
        break;
      case 'beside': {
        const choices = takesIn(row);
        const at = choices.indexOf(event.target);
        if (at < 0) return;
        choices[Math.max(0, Math.min(choices.length - 1, at + action.columns))]?.focus();
        break;
      }
      default:
        action satisfies never;
    }
    event.preventDefault();
    event.stopPropagation();
  };
}

/** The take buttons of a row from left to right. */
export function takesIn(row: HTMLElement): HTMLElement[] {
  const order = (button: HTMLElement) => (button.dataset.take === 'lead' ? -1 : Number(button.dataset.take));
  return [...row.querySelectorAll<HTMLElement>('[data-take]')].sort((a, b) => order(a) - order(b));
}
