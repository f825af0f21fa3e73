// The next fortnight as two lanes of bars: who is primary, and who secondary. The list below says the same in words.

import type { OnCallShiftWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { useNow } from '../data/use-now.ts'
import { dayWords, turnWords } from './on-call-words.ts'

const DAY_MS = 86_400_000
const DAYS = 14
const COLOURS = 8

interface Bar {
  readonly from: number
  until: number
  readonly person: string | null
  readonly name: string
}

export function ShiftStrip(props: {
  readonly shifts: readonly OnCallShiftWire[]
  readonly people: readonly { readonly id: string }[]
}): ReactNode {
  const { shifts, people } = props
  const from = useNow().getTime()
  const until = from + DAYS * DAY_MS
  const place = (ms: number) => `${((Math.min(Math.max(ms, from), until) - from) / (until - from)) * 100}%`
  const colourOf = (person: string) => (people.findIndex(({ id }) => id === person) % COLOURS) + 1
  return (
    <div className="shift-strip" role="img" aria-label={`Who is on call in the next ${DAYS} days`}>
      <div className="shift-days">
        {midnights(from, until).map((at) => (
          <span key={at.getTime()} style={{ left: place(at.getTime()) }}>
            {at.getDate()}
            <span className="from-900"> {dayWords(at).slice(0, 3)}</span>
          </span>
        ))}
      </div>
      {(['primary', 'secondary'] as const).map((role) => (
        <div key={role} className="shift-lane">
          {barsOf(shifts, role)
            .filter((bar) => bar.from < until && bar.until > from)
            .map((bar) => (
              <span
                key={bar.from}
                className={bar.person === null ? 'shift-bar is-gap' : `shift-bar is-${colourOf(bar.person)}`}
                style={{ left: place(bar.from), right: `calc(100% - ${place(bar.until)})` }}
                title={`${bar.name} (${role}), ${turnWords(new Date(bar.from).toISOString())} to ${turnWords(new Date(bar.until).toISOString())}`}
              >
                {bar.name}
              </span>
            ))}
        </div>
      ))}
    </div>
  )
}

/** One for as long as somebody has the role, however often the other one changes. */
function barsOf(shifts: readonly OnCallShiftWire[], role: 'primary' | 'secondary'): readonly Bar[] {
  const bars: Bar[] = []
  for (const shift of shifts) {
    const duty = shift[role]
    const person = duty?.person ?? null
    const last = bars.at(-1)
    if (last !== undefined && last.person === person) last.until = Date.parse(shift.until)
    else
      bars.push({
        from: Date.parse(shift.from),
        until: Date.parse(shift.until),
        person,
        name: duty?.name ?? 'Nobody',
      })
  }
  return bars
}

/** Of the reader's days. */
function midnights(from: number, until: number): readonly Date[] {
  const days: Date[] = []
  const day = new Date(from)
  day.setHours(24, 0, 0, 0)
  while (day.getTime() < until) {
    days.push(new Date(day))
    day.setDate(day.getDate() + 1)
  }
  return days
}
