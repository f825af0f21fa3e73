// A place where the two sides of a duet wait for each other, so that both are loaded at the same instant.

export interface Meeting {
  /** Resolves when all have arrived, or one is known never to. */
  readonly arrive: () => Promise<void>
  /** The others need not wait for one that failed. */
  readonly abandon: () => void
}

export function meeting(parties: number): Meeting {
  const all = Promise.withResolvers<void>()
  let arrived = 0
  return {
    arrive: () => {
      arrived += 1
      if (arrived >= parties) all.resolve()
      return all.promise
    },
    abandon: () => all.resolve(),
  }
}
