// Ninety days of one probe as a row of bars: taller where the day missed its objective, so that colour alone says nothing.

import type { ProbeWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { useCursor } from '../chart/cursor-bar.tsx'
import { TimePicture } from '../chart/time-picture.tsx'
import { useNow } from '../data/use-now.ts'
import { plural } from '../format.ts'
import type { Span } from '../time-range.ts'
import { dayKind, seenDayWords } from './availability-words.ts'

const DAYS = 90
const DAY_MS = 86_400_000
const STEP = 4
const HEIGHTS = { good: 14, some: 19, bad: 24, unseen: 3 } as const

/** Of ninety days up to the end of today, in seconds. `today`: days since the epoch. */
export function probeDaysSpan(today: number): Span {
  return { from: ((today - DAYS + 1) * DAY_MS) / 1000, to: ((today + 1) * DAY_MS) / 1000 }
}

export function ProbeDays(props: { readonly probe: ProbeWire }): ReactNode {
  const { days, slo, name, kind } = props.probe
  const today = Math.floor(useNow().getTime() / DAY_MS)
  const byDay = new Map(days.map((day) => [Math.floor(Date.parse(day.at) / DAY_MS), day]))
  const shown = Array.from({ length: DAYS }, (_, number) => {
    const day = byDay.get(today - DAYS + 1 + number)
    return { number, day, kind: dayKind(day, slo) }
  })
  const seen = shown.filter((each) => each.kind !== 'unseen').length
  const bad = shown.filter((each) => each.kind === 'bad').length
  const words = `${plural(seen, 'day')} seen of ${name}, ${bad === 0 ? 'none' : bad} of them below its objective`
  const span = probeDaysSpan(today)
  const dayWords = (number: number) =>
    `${new Date((today - DAYS + 1 + number) * DAY_MS).toISOString().slice(0, 10)}: ${seenDayWords(shown[number]?.day, kind)}`
  const tell = (at: number) => dayWords(Math.min(DAYS - 1, Math.floor((at - span.from) / (DAY_MS / 1000))))
  return (
    <>
      <TimePicture
        span={span}
        title={name}
        times={shown.map(({ number }) => span.from + number * (DAY_MS / 1000))}
        tell={tell}
        isFixed
      >
        <svg
          className="probe-days"
          viewBox={`0 0 ${DAYS * STEP} 24`}
          preserveAspectRatio="none"
          role="img"
          aria-label={words}
        >
          {shown.map((each) => (
            <rect
              key={each.number}
              className={`is-${each.kind}`}
              x={each.number * STEP}
              y={24 - HEIGHTS[each.kind]}
              width={STEP - 1}
              height={HEIGHTS[each.kind]}
            >
              <title>{dayWords(each.number)}</title>
            </rect>
          ))}
        </svg>
      </TimePicture>
      <p className="probe-span muted" aria-hidden="true">
        <span>90 days</span>
        <AtCursor tell={tell} span={span} />
        <span>today</span>
      </p>
    </>
  )
}

/** The day at the cursor of the page. */
function AtCursor(props: { readonly tell: (at: number) => string; readonly span: Span }): ReactNode {
  const { tell, span } = props
  const cursor = useCursor()
  const isWithin = cursor !== null && cursor.at >= span.from && cursor.at < span.to
  return <span data-moment>{isWithin ? tell(cursor.at) : ''}</span>
}
