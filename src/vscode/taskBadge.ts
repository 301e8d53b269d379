/** What the activity bar shows at dursor's icon: how many runs work; without any, how many rounds ended unseen. Undefined for nothing. */
export function badgeOf(
  running: number,
  unseen: number,
): { readonly value: number; readonly tooltip: string } | undefined {
  const working = running === 1 ? '1 dursor run is working' : `${running} dursor runs are working`;
  const done = unseen === 1 ? '1 dursor round is done' : `${unseen} dursor rounds are done`;
  if (running > 0) return { value: running, tooltip: unseen > 0 ? `${working}, ${done}` : working };
  return unseen > 0 ? { value: unseen, tooltip: done } : undefined;
}
