/** Groups values by what a function says of them. */
export function groupBy(values, keyOf) {
  const groups = {};
  for (const value of values) {
    const key = keyOf(value);
    groups[key] = [...(groups[key] || []), value];
  }
  return groups;
}

/** A value, at random. */
export function sample(values, random = Math.random) {
  return values[Math.floor(random() * values.length)];
}
