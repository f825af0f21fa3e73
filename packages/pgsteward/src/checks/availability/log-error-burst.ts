// Errors that begin or multiply: a deployment that sends what the schema does not have, a constraint that all at once is violated.

import { z } from 'zod'
import { logErrors } from '../../facts/log-errors.ts'
import { NO_LOG, someOf } from '../../facts/logged-events.ts'
import { defineCheck } from '../../model/check.ts'
import type { LogClassCount, LogRecord } from '../../model/log-event.ts'
import { queryExcerpt } from '../query/query-excerpt.ts'

/** Told by checks of their own, which say more. */
const TOLD =
  /^(deadlock|login-|password-|scram-|hba-|too-many-connections|connection-slots|connection-terminated-by-crash|server-|refused-|out-of-|disk-full|peer-|ldap-|certificate-|authentication-|connect-permission)/

/** A day before of less says nothing of what is usual. */
const ENOUGH_BEFORE_MS = 30 * 60_000

const MOST_CLASSES = 3

export const logErrorBurst = defineCheck({
  id: 'log-error-burst',
  area: 'availability',
  title: 'Errors in the log begin or multiply',
  needs: { logged: logErrors },
  options: z.object({
    minErrors: z
      .number()
      .int()
      .positive()
      .prefault(20)
      .describe(
        'Of a class and database within ten minutes: two a minute, less is everyday life of a busy application.',
      ),
    factor: z
      .number()
      .gt(1)
      .prefault(5)
      .describe(
        'Times as many as in ten minutes of the day before: more than traffic makes between night and noon.',
      ),
  }),
  run({ logged }, { minErrors, factor }) {
    if (!logged.isRead) return NO_LOG
    if (logged.usualMs < ENOUGH_BEFORE_MS)
      return { skip: 'the log has been read for less than 40 minutes, so what is usual is not known' }
    const windows = logged.usualMs / logged.recentMs
    const bursts = logged.recent.flatMap((recent) => {
      if (TOLD.test(recent.class) || recent.count < minErrors) return []
      const usual = countOf(logged.usual, recent) / windows
      return recent.count < factor * usual ? [] : [{ ...recent, usual }]
    })
    const databases = [...new Set(bursts.map(({ database }) => database ?? ''))]
    return databases.map((database) => {
      const own = bursts
        .filter((each) => (each.database ?? '') === database)
        .sort((a, b) => b.count - a.count)
      const errors = own.reduce((sum, { count }) => sum + count, 0)
      const first = Math.min(...own.map(({ firstAt }) => firstAt.getTime()))
      const classes = own.slice(0, MOST_CLASSES)
      const events = logged.events.filter(
        (each) => (each.database ?? '') === database && classes.some((known) => known.class === each.class),
      )
      return {
        subject: { kind: 'database' as const, name: database === '' ? 'unknown' : database },
        severity: 'warning' as const,
        summary: 'Statements fail that did not, or not as often',
        evidence: [
          { label: 'errors', value: errors, unit: 'count' as const },
          { label: 'usual', value: own.reduce((sum, { usual }) => sum + usual, 0), unit: 'count' as const },
          { label: 'reported from', value: minErrors, unit: 'count' as const },
          { label: 'and from times the usual', value: factor, unit: 'count' as const },
          { label: 'within', value: logged.recentMs, unit: 'ms' as const },
          { label: 'since', value: new Date(first).toISOString(), unit: 'text' as const },
          ...classes.flatMap((each) => samplesOf(each, events)),
          ...text('applications', someOf(events.map(({ application }) => application))),
        ],
      }
    })
  },
})

const text = (label: string, value: string) => (value === '' ? [] : [{ label, value, unit: 'text' as const }])

function countOf(usual: readonly LogClassCount[], of: LogClassCount): number {
  return usual
    .filter((each) => each.class === of.class && each.database === of.database)
    .reduce((sum, { count }) => sum + count, 0)
}

function samplesOf(burst: LogClassCount, events: readonly LogRecord[]) {
  const sample = events.find((each) => each.class === burst.class)
  return [
    { label: burst.class, value: burst.count, unit: 'count' as const },
    ...text('the log says', sample?.message ?? ''),
    ...text('statement', sample?.query == null ? '' : queryExcerpt(sample.query)),
  ]
}
