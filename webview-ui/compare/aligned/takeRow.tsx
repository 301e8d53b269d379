import type { CSSProperties, JSX } from 'preact';
import { Icon } from '../../shared/icon.tsx';
import { type CandidateMark, useCandidates } from '../compareContext.ts';
import type { Choice } from './choices.ts';
import type { ShownColumn } from './versions.ts';

interface TakeRowProps {
  /** What is chosen here, for screen readers: "Version of line 41". */
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly columns: readonly ShownColumn[];
  /** What the lead is called, where it is a candidate. */
  readonly leadLabel: string | undefined;
  readonly hasLead: boolean;
  /** One choice stands for all columns, and spans them. */
  readonly isSpanning: boolean;
  /** What is taken: "this version", "the whole file". */
  readonly what: string;
  readonly take: (from: Choice['from']) => void;
  readonly openDiff: (column: number) => void;
  /** Said on the way into the diff editor, where it is what one comes for. */
  readonly openText?: string;
}

/** Below the versions: which one is taken into the composition, and the way into VS Code's diff editor. */
export function TakeRow(props: TakeRowProps): JSX.Element {
  const { label, choices, columns, hasLead, isSpanning, what, take, openDiff } = props;
  const marks = useCandidates();
  const place = (at: Choice['at']) => (at === 'lead' ? 1 : at + (hasLead ? 2 : 1));
  const radios = choices.filter(({ role }) => role === 'radio');
  const stop = radios.find(({ isTaken }) => isTaken) ?? radios[0];
  const buttonOf = (choice: Choice) => (
    <TakeButton
      key={choice.at}
      choice={choice}
      name={choice.from === 'base' ? undefined : choice.from === 'lead' ? props.leadLabel : columns[choice.from]?.label}
      what={what}
      formattingOf={formattingName(choice, columns)}
      isStop={choice === stop}
      style={{ gridColumn: isSpanning && choice.at !== 'lead' ? `${place(choice.at)} / -1` : place(choice.at) }}
      onTake={() => take(choice.from)}
    />
  );
  return (
    <>
      <div class="as-grid" role="radiogroup" aria-label={label}>
        {radios.map(buttonOf)}
      </div>
      {choices.filter(({ role }) => role === 'copy').map(buttonOf)}
      {hasLead && <span class="take-cell lead" style={{ gridColumn: 1 }} />}
      {columns.map((column, index) => (
        <span
          key={column.id}
          class={`take-cell ${isSpanning && index > 0 ? 'inner' : ''}`}
          style={{ gridColumn: place(index) }}
        >
          {column.at >= 0 && (
            <OpenDiff mark={marks.get(column.id)} text={props.openText} onOpen={() => openDiff(index)} />
          )}
        </span>
      ))}
    </>
  );
}

interface TakeButtonProps {
  readonly choice: Choice;
  /** Whose version it is; absent for the base's. */
  readonly name: string | undefined;
  readonly what: string;
  readonly formattingOf: string | undefined;
  readonly isStop: boolean;
  readonly style: CSSProperties;
  readonly onTake: () => void;
}

function TakeButton({ choice, name, what, formattingOf, isStop, style, onTake }: TakeButtonProps): JSX.Element {
  const { isTaken, role, at } = choice;
  const key = choice.from === 'base' ? '0' : at === 'lead' ? '' : at < 9 ? String(at + 1) : '';
  const words = name === undefined ? 'Keep base' : `Take ${what}`;
  const fullWords = name === undefined ? words : `Take ${what} of ${name}`;
  const state = role === 'radio' ? { role: 'radio' as const, 'aria-checked': isTaken } : { 'aria-pressed': isTaken };
  return (
    <button
      type="button"
      {...state}
      class={`take-button ${isTaken ? 'is-taken' : ''} ${at === 'lead' ? 'in-lead' : ''}`}
      style={style}
      tabIndex={isStop || role === 'copy' ? 0 : -1}
      aria-label={formattingOf ? `${fullWords}, format only` : fullWords}
      title={`${fullWords}${key && ` (${key})`}`}
      data-take={at}
      onClick={onTake}
    >
      <Icon name={isTaken ? 'circle-large-filled' : 'circle-large'} />
      <span class="one-line">{words}</span>
      {formattingOf && (
        <span class="formatting-only" title={`Differs from ${formattingOf} in formatting only`}>
          format only
        </span>
      )}
    </button>
  );
}

interface OpenDiffProps {
  readonly mark: CandidateMark | undefined;
  readonly text: string | undefined;
  readonly onOpen: () => void;
}

function OpenDiff({ mark, text, onOpen }: OpenDiffProps): JSX.Element {
  const words = `Open ${mark?.label ?? 'this'} in the diff editor`;
  return (
    <button
      type="button"
      class={`open-diff ${mark?.className ?? ''}`}
      title={`${words} (Enter)`}
      aria-label={words}
      onClick={onOpen}
    >
      <Icon name="diff" /> {text}
    </button>
  );
}

function formattingName({ formattingOf }: Choice, columns: readonly ShownColumn[]): string | undefined {
  if (formattingOf === undefined) return undefined;
  return formattingOf === 'base' ? 'the base' : columns[formattingOf]?.label;
}
