import { addUsage, noUsage, type Run, type RunEvent, type Step } from '../domain.ts';

/** A run as it was when it was asked for: nothing done yet. */
export function resetRun(run: Run): Run {
  const { secretsWithheld: _, resumes: __, ...rest } = withoutResult(run);
  return { ...rest, state: { status: 'queued' }, steps: [], usage: noUsage, changes: [] };
}

/** A run that goes on from what it has: its steps and its usage stay. Unchanged when it has nothing to go on from. */
export function resumedRun(run: Run): Run {
  const { tree, changes, secretsInPatch } = run;
  if (tree === undefined) return run;
  const last = run.steps.at(-1);
  return {
    ...withoutResult(run),
    state: { status: 'queued' },
    // What the model says next is another paragraph.
    steps: last?.type === 'text' ? appendText(run.steps, '\n\n') : run.steps,
    resumes: { tree, changes, ...(secretsInPatch && { secretsInPatch }) },
  };
}

/** A run that ended without a patch of its own: one that was continued has again what it had before. */
export function withEarlierResult(run: Run): Run {
  const { resumes, ...rest } = run;
  return { ...rest, ...resumes };
}

/** A run that was at work in a window that is gone. */
export function interruptedRun(run: Run): Run {
  return withEarlierResult({
    ...run,
    state: {
      status: 'failed',
      ...(run.state.status === 'running' && { startedAt: run.state.startedAt }),
      endedAt: Date.now(),
      problem: {
        code: 'interrupted',
        message: 'The window was closed or reloaded while this run was working. Retry it to start it again.',
        action: { type: 'retry' },
      },
    },
  });
}

function withoutResult(run: Run): Run {
  const { tree: _, secretsInPatch: __, unfounded: ___, ...rest } = run;
  return rest;
}

/** The run after one event of its agent. Pure; the webview shows what comes out of it. */
export function applyEvent(run: Run, event: RunEvent): Run {
  switch (event.type) {
    case 'step-started':
      return run.state.status === 'running' ? { ...run, state: { ...run.state, step: event.step } } : run;
    case 'text':
      return { ...run, steps: appendText(run.steps, event.text) };
    case 'tool-started':
      return {
        ...run,
        steps: [
          ...run.steps,
          {
            type: 'tool',
            callId: event.callId,
            tool: event.tool,
            target: event.target,
            outcome: 'running',
            detail: '',
          },
        ],
      };
    case 'tool-ended':
      return { ...run, steps: endTool(run.steps, event) };
    case 'usage':
      return { ...run, usage: addUsage(run.usage, event.usage) };
    case 'waiting':
      return { ...run, steps: [...run.steps, { type: 'waiting', reason: event.reason, until: event.until }] };
    case 'changes':
      return { ...run, changes: event.changes };
    case 'secrets-withheld':
      return { ...run, secretsWithheld: event.count };
    default:
      return event satisfies never;
  }
}

function appendText(steps: readonly Step[], text: string): readonly Step[] {
  const last = steps.at(-1);
  if (last?.type === 'text') return [...steps.slice(0, -1), { type: 'text', text: last.text + text }];
  return [...steps, { type: 'text', text }];
}

/** Ids may repeat from one answer to the next, so the newest tool step with the id that still runs is the one that ended. */
function endTool(steps: readonly Step[], event: Extract<RunEvent, { type: 'tool-ended' }>): readonly Step[] {
  const index = steps.findLastIndex(
    (step) => step.type === 'tool' && step.callId === event.callId && step.outcome === 'running',
  );
  return steps.map((step, at) =>
    at === index && step.type === 'tool' ? { ...step, outcome: event.outcome, detail: event.detail } : step,
  );
}
