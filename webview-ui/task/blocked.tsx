import type { JSX } from 'preact';
import type { Problem } from '../../src/core/problem.ts';
import { ask } from '../host.ts';
import { ProblemNotice } from './problemNotice.tsx';
import { useTaskContext } from './taskContext.ts';

/** Why nothing can be run here, with the way out; it stands where the next step would. */
export function Blocked(props: { readonly problem: Problem }): JSX.Element {
  const { host } = useTaskContext();
  return (
    <div class="blocked" data-testid="blocked">
      <ProblemNotice problem={props.problem} appearance="primary" onAct={() => ask(host.act({}))} />
    </div>
  );
}
