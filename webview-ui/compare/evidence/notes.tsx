import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { NoteLine } from '../../../src/protocol/compareEvidence.ts';
import { ask } from '../../host.ts';
import { useCompareHost } from '../compareContext.ts';
import { Detail, EvidenceText } from './evidenceLine.tsx';
import { Popup } from './popup.tsx';

/** The first note on one line, and behind it all of them in full. */
export function Notes(props: { readonly notes: readonly NoteLine[] }): JSX.Element | null {
  const { notes } = props;
  const [isOpen, setOpen] = useState(false);
  const opener = useRef<HTMLElement>(null);
  const first = notes.find(({ tone }) => tone !== 'plain') ?? notes[0];
  if (!first) return null;
  const others = notes.length - 1;
  return (
    <>
      <EvidenceText
        line={first}
        does={notes.length > 1 ? `Show all ${notes.length} notes` : 'Show it in full'}
        {...(others > 0 && { more: `+ ${others} more` })}
        testId="notes"
        onOpen={(button) => {
          opener.current = button;
          setOpen(!isOpen);
        }}
      />
      {isOpen && (
        <Popup label="Notes" opener={opener} testId="notes-popup" onClose={() => setOpen(false)}>
          <ul>
            {notes.map((note, index) => (
              <li key={index}>
                <Note note={note} />
                <Detail line={note} />
              </li>
            ))}
          </ul>
        </Popup>
      )}
    </>
  );
}

/** A note; with what the check printed on the base behind it, where there is something. */
function Note({ note }: { readonly note: NoteLine }): JSX.Element {
  const host = useCompareHost();
  const { check } = note;
  return (
    <EvidenceText
      line={note}
      does={`Show what ${check} printed on the base`}
      onOpen={check === undefined ? undefined : () => ask(host.showCheckOutput({ id: 'base', check }))}
    />
  );
}
