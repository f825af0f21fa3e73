// The team's diary: what people do at which moment. Whatever is due is done in order, on the clock of its own moment.

import type { Team } from './people.ts'

export interface Deed {
  readonly at: Date
  /** May let the clock go on, but not beyond an hour's end: then the next moment is judged. */
  readonly does: (team: Team) => Promise<void>
}

/** Deeds that follow from each other. */
export type Story = readonly Deed[]

export class Diary {
  readonly #deeds: readonly Deed[]
  #next = 0

  /** A story that began before `from` is not there at all. */
  constructor(stories: readonly Story[], from: Date) {
    this.#deeds = stories
      .filter((story) => story.every(({ at }) => at >= from))
      .flat()
      .toSorted((one, other) => one.at.getTime() - other.at.getTime())
  }

  /** Leaves the clock at `at`. */
  async doDue(team: Team, at: Date): Promise<void> {
    for (let deed = this.#deeds[this.#next]; deed !== undefined && deed.at <= at; ) {
      // what one takes long for, the next waits for
      if (team.clock.at < deed.at) team.clock.at = deed.at
      await deed.does(team)
      if (team.clock.at > at)
        throw new Error(`what began at ${deed.at.toISOString()} lasts beyond ${at.toISOString()}`)
      this.#next += 1
      deed = this.#deeds[this.#next]
    }
    team.clock.at = at
  }
}

/** From this moment on, `after` minutes later. */
export function later(from: Date, minutes: number): Date {
  return new Date(from.getTime() + minutes * 60_000)
}
