// Which events are kept one by one. All are counted; of bookkeeping, and of what repeats, a few a minute say what there is to say.

import type { LogClass } from '../../model/log-event.ts'

/** Of a class, a minute. What is critical is rare, unless the server is lost anyway. */
const KEPT_A_MINUTE: Readonly<Record<LogClass['severity'], number>> = { info: 5, warning: 60, critical: 200 }

/** Of all classes together, a minute: at a kilobyte each 900 MB a day, which the size bound then cuts. */
const MOST_A_MINUTE = 600

/** Kept of what no class takes, so that the catalogue can grow. */
const UNKNOWN_A_MINUTE = 10

const MINUTE_MS = 60_000

export interface Admission {
  readonly admit: (classId: string, severity: LogClass['severity'], at: Date) => boolean
}

export function admission(): Admission {
  let minute = Number.NaN
  let all = 0
  const counts = new Map<string, number>()
  return {
    admit: (classId, severity, at) => {
      const now = Math.floor(at.getTime() / MINUTE_MS)
      if (now !== minute) {
        minute = now
        all = 0
        counts.clear()
      }
      const count = (counts.get(classId) ?? 0) + 1
      counts.set(classId, count)
      const most = classId === 'unknown' ? UNKNOWN_A_MINUTE : KEPT_A_MINUTE[severity]
      // the first of each class gets in however many there are of others
      if (count > most || (all >= MOST_A_MINUTE && count > 1)) return false
      all++
      return true
    },
  }
}
