// Why somebody is on call, for people.

import type { DutyReason } from './schedule.ts'

/** Empty where the rotation says so and nothing has to be explained. */
export function dutyWords(because: DutyReason, nameOf: (person: string) => string): string {
  switch (because.kind) {
    case 'rotation':
      return ''
    case 'stand-in':
      return `stands in for ${nameOf(because.for)}, who is away`
    case 'nobody-else':
      return 'is away, but so is everybody else'
    case 'override':
      return `by override ${because.name}`
    case 'swap':
      return `changed places by override ${because.name}`
  }
}
