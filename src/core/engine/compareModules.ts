/** The code that compares and composes, which is loaded when it is first used, so that activation doesn't wait for it. */
export type CompareModules = Awaited<ReturnType<typeof loadCompare>>;

export async function loadCompare() {
  const [agreement, candidates, collisions, compose, handEdit, inside, name] = await Promise.all([
    import('../compare/agreement.ts'),
    import('../compare/compareCandidates.ts'),
    import('../compare/collisions.ts'),
    import('../compare/compose.ts'),
    import('../compare/handEdit.ts'),
    import('../compare/insideOf.ts'),
    import('../compare/compositionName.ts'),
  ]);
  return { ...agreement, ...candidates, ...collisions, ...compose, ...handEdit, ...inside, ...name };
}
