import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { TaskId } from '../../src/core/domain.ts';
import type { ComposerState } from '../../src/protocol/taskView.ts';
import { ask } from '../host.ts';
import { Icon } from '../shared/icon.tsx';
import { Button, Dropdown } from '../toolkit.ts';
import { useDrafts } from './drafts.ts';
import { ModelChips } from './modelChips.tsx';
import { useTaskContext } from './taskContext.ts';

const runKeys = navigator.platform.startsWith('Mac') ? '⌘Enter' : 'Ctrl+Enter';

/** Where the next message is written: its text, its models, and what it starts from. */
export function Composer(props: {
  /** Absent for a new task. */
  readonly taskId: TaskId | undefined;
  readonly state: ComposerState;
}): JSX.Element {
  const { taskId, state: composer } = props;
  const { host, drafts, instruction } = useTaskContext();
  useDrafts(drafts);
  const key = taskId ?? 'new';
  const text = drafts.of(key);
  const models = composer.profiles.filter(({ isSelected }) => isSelected).length;
  const reason = whyNotRun(text, models, composer);

  const latestKey = useRef(key);
  latestKey.current = key;

  useLayoutEffect(() => {
    if (instruction.current) fitHeight(instruction.current);
  }, [text, instruction]);
  useLayoutEffect(() => {
    const area = instruction.current;
    if (!area) return;
    let width = area.clientWidth;
    const observer = new ResizeObserver(() => {
      if (area.clientWidth === width) return;
      width = area.clientWidth;
      fitHeight(area);
    });
    observer.observe(area);
    return () => observer.disconnect();
  }, [instruction]);

  const send = async () => {
    if (reason) return;
    const isSent = await host.send({ ...(taskId && { taskId }), text: text.trim() }).catch(() => false);
    if (isSent || latestKey.current !== key) drafts.write(key, '');
    if (!isSent && latestKey.current !== key) drafts.write(latestKey.current, text);
  };

  return (
    <div class="composer">
      <div class="box">
        <textarea
          ref={instruction}
          rows={2}
          value={text}
          readOnly={composer.isSending}
          placeholder={taskId ? 'Next message' : 'What should be done?'}
          aria-label="Instruction"
          data-testid="instruction"
          onInput={({ currentTarget: { value } }) => {
            drafts.write(key, value);
            if (taskId && value === '') ask(host.emptied({ taskId }));
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            void send();
          }}
        />
        <ModelChips profiles={composer.profiles} canAdd={composer.profiles.length > 0 || taskId !== undefined} />
        <div class="send">
          {taskId && composer.startChoices.length > 1 && (
            <Dropdown
              label="Where the next message starts"
              options={composer.startChoices}
              value={composer.start}
              data-testid="start-from"
              onChange={(start) => ask(host.setStart({ taskId, start }))}
            />
          )}
          {!taskId && composer.scope !== undefined && <ScopeChip scope={composer.scope} />}
          <Button
            appearance="primary"
            class="run-button"
            title={reason ?? `Run (${runKeys})`}
            isDisabled={reason !== undefined}
            data-testid="run-button"
            onClick={() => void send()}
          >
            {composer.isSending ? 'Starting…' : models > 0 ? `Run ${models}` : 'Run'}
          </Button>
        </div>
      </div>
      <p class="hint quiet">{text && reason ? reason : `${runKeys} to run`}</p>
    </div>
  );
}

function ScopeChip(props: { readonly scope: string }): JSX.Element {
  const { host } = useTaskContext();
  const scope = props.scope.replace(/\/?$/, '/');
  return (
    <button
      type="button"
      class="chip scope"
      aria-label={`Remove the scope ${scope}`}
      title={`The models may change only ${scope}. Click to let them change the whole folder.`}
      data-testid="scope-chip"
      onClick={() => ask(host.clearScope())}
    >
      <span class="one-line">{scope}</span>
      <Icon name="close" />
    </button>
  );
}

function whyNotRun(text: string, models: number, composer: ComposerState): string | undefined {
  if (composer.isSending) return 'The runs are being started.';
  if (composer.profiles.length === 0) return 'Add a model first.';
  if (models === 0) return 'Choose at least one model.';
  if (text.trim() === '') return 'Write an instruction first.';
  return undefined;
}

function fitHeight(area: HTMLTextAreaElement): void {
  area.style.height = 'auto';
  area.style.height = `${area.scrollHeight}px`;
}
