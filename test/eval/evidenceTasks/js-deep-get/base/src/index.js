/** The value at a path such as `a.b.0`, or undefined. */
export function get(object, path) {
  return path.split('.').reduce((value, key) => value[key], object);
}

/** A copy of the object with a value put at a path. */
export function set(object, path, value) {
  const [key, ...rest] = path.split('.');
  const copy = Array.isArray(object) ? [...object] : { ...object };
  copy[key] = rest.length === 0 ? value : set(copy[key], rest.join('.'), value);
  return copy;
}
