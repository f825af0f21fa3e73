// How many connections a load needs: square-root staffing (Halfin and Whitt, 1981), and Erlang's formula that it stands for.

/** Standard deviations of the offered load kept free. At 2 few wait at any size: 9 % with one at work, 3 % with hundreds. */
export const STAFFING_BETA = 2

/**
 * Connections for an offered load (Little's law: arrivals a second times seconds each is held, which is also the mean number at work),
 * such that few wait. At least one.
 */
export function staffed(offered: number): number {
  return Math.max(1, Math.ceil(offered + STAFFING_BETA * Math.sqrt(Math.max(0, offered))))
}

/** Erlang C: the share that waits, of arrivals at random, with so many servers; 1 where they are too few for the load. */
export function waitingShare(offered: number, servers: number): number {
  if (servers <= offered) return 1
  // Erlang B by its recursion, which neither overflows nor cancels
  let blocked = 1
  for (let each = 1; each <= servers; each += 1) blocked = (offered * blocked) / (each + offered * blocked)
  return blocked / (1 - (offered / servers) * (1 - blocked))
}
