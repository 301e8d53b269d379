/** The fields of a line of comma separated values. */
export function parseLine(line) {
  return line.split(',').map((field) => field.trim());
}

/** One object for each line after the first, which has the names. */
export function parse(text) {
  const [names = [], ...rows] = text.split('\n').map(parseLine);
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])));
}
