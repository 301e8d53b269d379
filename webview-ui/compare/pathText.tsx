import type { JSX } from 'preact';

/** A path on one line: the folder gives way first. */
export function PathText(props: { readonly path: string }): JSX.Element {
  const slash = props.path.lastIndexOf('/') + 1;
  return (
    <>
      <span class="folder quiet">{props.path.slice(0, slash)}</span>
      <span class="base">{props.path.slice(slash)}</span>
    </>
  );
}
