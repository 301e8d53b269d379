import { useEffect, useState } from 'preact/hooks';
import type { Timestamp } from '../../src/core/domain.ts';

/** The time, renewed every second while `isTicking`. */
export function useNow(isTicking: boolean): Timestamp {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isTicking) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [isTicking]);
  return now;
}
