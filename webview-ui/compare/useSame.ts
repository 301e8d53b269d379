import { useRef } from 'preact/hooks';

/** The value of before as long as it is equal to the new one, as JSON: so that what depends on it is not drawn again. */
export function useSame<Value>(value: Value): Value {
  const last = useRef(value);
  if (last.current !== value && JSON.stringify(last.current) !== JSON.stringify(value)) last.current = value;
  return last.current;
}
