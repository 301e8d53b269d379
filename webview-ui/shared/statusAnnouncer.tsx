import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Run, RunId } from '../../src/core/domain.ts';
import { type ReportedRun, statusNews } from './statusNews.ts';

/** Tells screen readers, politely, when a run starts or ends. Streamed text and counters stay silent. */
export function StatusAnnouncer(props: { readonly runs: readonly ReportedRun[] }): JSX.Element {
  const known = useRef(new Map<RunId, Run['state']['status']>());
  const [text, setText] = useState('');
  useEffect(() => {
    const news = statusNews(known.current, props.runs);
    known.current = new Map(props.runs.map((run) => [run.id, run.state.status]));
    if (news) setText(news);
  }, [props.runs]);
  return (
    <div class="hidden-text" role="status">
      {text}
    </div>
  );
}
