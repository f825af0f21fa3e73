// The two divisions that series of increases need, with their guards.

/** Null where no second was covered (a failover, a clock set back). */
export function perSecond(increase: number, seconds: number): number | null {
  return seconds > 0 ? increase / seconds : null
}

/**
 * `part` of `whole`, 0 to 1; null below `minimum`: a ratio of a handful says nothing, and alarms on it are the commonest false ones.
 */
export function shareOf(part: number, whole: number, minimum: number): number | null {
  return whole >= minimum && whole > 0 ? part / whole : null
}
