/** A folder as paths in the copy begin with it: no `./` in front, no slash at the end, and empty for the top. */
export function plainFolder(path: string): string {
  const plain = path
    .trim()
    .replace(/^(\.?\/)+/, '')
    .replace(/\/+$/, '');
  return plain === '.' ? '' : plain;
}
