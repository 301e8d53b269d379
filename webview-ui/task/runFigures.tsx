import type { JSX } from 'preact';
import { isEnded, type Run } from '../../src/core/domain.ts';
import type { Cost } from '../../src/core/modelFacts/price.ts';
import { costText, shortCount } from '../shared/figures.ts';

/** What a run has used and cost: tokens in, of them cached, and out, and the price where it is known. */
export function RunFigures(props: { readonly run: Run; readonly cost: Cost | undefined }): JSX.Element | null {
  const { run, cost } = props;
  const { input, cachedInput, output } = run.usage;
  if (input + output === 0) {
    if (!isEnded(run) || run.steps.length === 0) return null;
    return (
      <div
        class="run-figures quiet"
        data-testid="run-figures"
        title="The provider did not say how many tokens it counted"
      >
        tokens unknown
      </div>
    );
  }
  return (
    <div class="run-figures quiet number" data-testid="run-figures" title={figuresTitle(run, cost)}>
      <span>
        {shortCount(input)} in{cachedInput > 0 && ` (${shortCount(cachedInput)} cached)`}
      </span>
      <span>{shortCount(output)} out</span>
      <span data-testid="run-cost">{costText(cost)}</span>
    </div>
  );
}

/** The same in full, and where the price is from. */
function figuresTitle({ usage }: Run, cost: Cost | undefined): string {
  const parts = [
    ...(usage.cachedInput > 0 ? [`${full(usage.cachedInput)} of them read from the cache`] : []),
    ...(usage.cacheWrite ? [`${full(usage.cacheWrite)} written to it`] : []),
  ];
  const tokens = [`${full(usage.input)} tokens in`, ...parts, `${full(usage.output)} out`].join(', ');
  if (cost === undefined) return `${tokens}; price unknown`;
  if (cost === 'local') return `${tokens}; a server on this machine, without a price`;
  const note = cost.isLeast ? ', or more where requests were so long that they cost more' : '';
  return `${tokens}; at list price ${dollars(cost.dollars)}${note}`;
}

function full(count: number): string {
  return count.toLocaleString('en-US');
}

function dollars(amount: number): string {
  return `$${amount.toFixed(amount < 1 ? 4 : 2)}`;
}
