import type { JSX } from 'preact';

/** A codicon. It never stands without a word or a label beside it, so screen readers skip it. */
export function Icon(props: { readonly name: string; readonly class?: string }): JSX.Element {
  return <span class={`codicon codicon-${props.name} ${props.class ?? ''}`} aria-hidden="true" />;
}
