// On-call as the API speaks of it. From the configuration alone, too: a command that finds no running pgsteward answers the same.

import { dutyWords } from '../../govern/on-call/on-call-words.ts'
import type { Duty, OnCallShift } from '../../govern/on-call/schedule.ts'
import type { DutyWire, OnCallNowWire, OnCallShiftWire } from '../../model/on-call-wire.ts'
import type { Spell } from '../../stats/local-time.ts'
import type { Config } from '../config/config-schema.ts'
import { type OnCallSetup, reachOf } from './on-call-setup.ts'

type Team = Pick<Config, 'team'>

const DAY_MS = 86_400_000
const AROUND_MS = 35 * DAY_MS

/** What `nowAnswer` wants to know: the shift that is under way with its beginning, and the next. */
export function nowWindow(now: Date): Spell {
  return { from: new Date(now.getTime() - AROUND_MS), until: new Date(now.getTime() + AROUND_MS) }
}

/** `shifts`: those of `nowWindow`. */
export function nowAnswer(
  config: Team,
  setup: OnCallSetup,
  shifts: readonly OnCallShift[],
  now: Date,
  areOverridesKnown: boolean,
): OnCallNowWire {
  const at = shifts.findIndex(({ from, until }) => from <= now && now < until)
  const current = shiftAnswer(config, shifts[at]!)
  const next = shifts[at + 1]
  return {
    at: now.toISOString(),
    isConfigured: true,
    areOverridesKnown,
    current,
    next: next === undefined ? null : shiftAnswer(config, next),
    escalation: setup.levels.map((level, step) => ({
      level: 'role' in level ? `L${step + 1}` : level.title,
      afterMs: level.afterMs,
      names:
        'role' in level
          ? [current[level.role]?.name].filter((name) => name !== undefined)
          : level.people.map(({ name }) => name),
    })),
  }
}

export function notConfigured(now: Date): OnCallNowWire {
  return {
    at: now.toISOString(),
    isConfigured: false,
    areOverridesKnown: true,
    current: null,
    next: null,
    escalation: [],
  }
}

export function shiftAnswer(
  config: Team,
  { from, until, gap, rotation, primary, secondary }: OnCallShift,
): OnCallShiftWire {
  return {
    from: from.toISOString(),
    until: until.toISOString(),
    gap,
    rotation,
    primary: primary === null ? null : dutyAnswer(config, primary),
    secondary: secondary === null ? null : dutyAnswer(config, secondary),
  }
}

function dutyAnswer(config: Team, { person, because }: Duty): DutyWire {
  const { name, channels } = reachOf(config, person)
  const words = dutyWords(because, (each) => reachOf(config, each).name)
  return { person, name, because: words, isReachable: channels.length > 0 }
}
