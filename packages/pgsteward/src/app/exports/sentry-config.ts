// What goes to Sentry, and how much of it.

import { z } from 'zod'
import { parseDsn } from '../../export/sentry/dsn.ts'
import { duration } from '../../model/units.ts'

const dsn = z
  .string()
  .refine((text) => parseDsn(text) !== null, 'a DSN such as https://KEY@o1.ingest.sentry.io/42')

export const sentrySchema = z
  .strictObject({
    dsn: dsn
      .optional()
      .describe('Of the project that takes everything which no other takes. Take it from the environment.'),
    projects: z
      .record(z.string().min(1), dsn)
      .prefault({})
      .describe('DSNs of applications that have a project of their own, by service.name.'),
    slowFrom: duration()
      .prefault('500ms')
      .describe(
        'Slow queries of applications from here on: the limit from which an application calls one slow.',
      ),
    criticalFrom: duration()
      .prefault('2s')
      .describe('From here on they have the level error, below it warning.'),
    repeats: z
      .boolean()
      .prefault(true)
      .describe('Requests that send one statement again and again (N+1), as the application tells them.'),
    findings: z
      .enum(['critical', 'warning', 'none'])
      .prefault('none')
      .describe('Findings that open or grow worse, from this severity on. People are told by alerts anyway.'),
    every: duration()
      .refine((ms) => ms >= 60_000, 'at least 1m')
      .prefault('15m')
      .describe('One event of a group at most within this; it tells how often it happened since the last.'),
    most: z
      .number()
      .int()
      .min(1)
      .prefault(50)
      .describe(
        'Groups told within `every`, those that cost the most time first: 4,800 events a day at the very most, so that no quota is eaten up by surprise.',
      ),
    release: z
      .string()
      .min(1)
      .prefault('{application}@{version}')
      .describe(
        "The application's release, which Sentry knows by the name that its own SDK sends. {version} is service.version.",
      ),
  })
  .refine(
    ({ dsn, projects }) => dsn !== undefined || Object.keys(projects).length > 0,
    'needs a dsn, or projects',
  )
export type SentryExportConfig = z.output<typeof sentrySchema>
