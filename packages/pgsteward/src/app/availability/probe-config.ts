// The configuration's section on probes: what is asked from outside, beside the session that each target is asked for anyway.

import { z } from 'zod'
import { DEFAULT_SLO } from '../../model/availability.ts'
import { duration } from '../../model/units.ts'

const STATUS = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/

const statusSchema = z
  .union([z.number().int().min(100).max(599).transform(String), z.string()])
  .refine((text) => STATUS.test(text), 'a status such as 200, or a span such as 200-399')
  .transform((text) => {
    const [, from, to] = STATUS.exec(text)!
    return { from: Number(from), to: Number(to ?? from) }
  })

export const probeSchema = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(60)
      .optional()
      .describe('In findings, figures and alerts. Of a database: database.'),
    url: z
      .url({ protocol: /^https?$/ })
      .refine((url) => URL.canParse(url) && new URL(url).username === '', 'no user and password: use headers')
      .optional()
      .describe(
        'Of a health page. Without it the entry is about the database of `target`, or about `application`.',
      ),
    target: z
      .string()
      .optional()
      .describe(
        'Id of the target whose findings it belongs to; not needed where there is one. Without url: whose database is asked.',
      ),
    application: z
      .string()
      .optional()
      .describe('Sets `slo` for the requests that this application reports; nothing is asked.'),
    every: duration()
      .refine((ms) => ms >= 5_000 && ms <= 300_000, 'between 5s and 5m')
      .prefault('30s')
      .describe(
        'Two failures in a row are told; the second try comes after 5 s, so that people hear of it within a minute.',
      ),
    timeout: duration()
      .refine((ms) => ms >= 100, 'at least 100ms')
      .prefault('5s')
      .describe('For all of it: name, connection, TLS, answer. Users have gone by then.'),
    method: z.enum(['GET', 'HEAD', 'OPTIONS', 'POST']).prefault('GET').describe('Of the request.'),
    headers: z
      .record(z.string(), z.string())
      .prefault({})
      .describe('Sent along; never shown. Take secrets from the environment.'),
    expect: z
      .strictObject({
        status: statusSchema
          .prefault('200-399')
          .describe('A status or a span. Redirects are not followed: 200 where one would be wrong.'),
        text: z.string().min(1).optional().describe('Has to be in the body, of which 64 kB are read.'),
        json: z
          .json()
          .optional()
          .describe("The body is JSON that has at least these parts: { status: 'ok' }."),
      })
      .prefault({})
      .describe(
        'What the answer has to be: `status` (200, or a span; default 200-399, redirects are not followed), `text` (in the first 64 kB of the body), `json` (parts that it has at least).',
      ),
    slo: z
      .number()
      .gt(0)
      .lt(1)
      .prefault(DEFAULT_SLO)
      .describe('Share of the time, or of the requests, that has to be good. 0.999: 43 minutes in 30 days.'),
    excludes: z
      .array(z.string())
      .prefault([])
      .describe('Names of alerts.windows in which failures count neither as up nor as down.'),
    enabled: z.boolean().prefault(true).describe('false: the database of this target is not asked.'),
  })
  .superRefine((entry, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message })
    if (entry.url !== undefined && entry.name === undefined)
      refuse('name', 'a probe of an address needs a name')
    if (entry.url !== undefined && entry.application !== undefined)
      refuse('application', 'an address and an application are two entries')
    if (entry.url === undefined && entry.target === undefined && entry.application === undefined)
      refuse('url', 'what is asked: url, target (its database) or application (its requests)')
    if (entry.timeout > entry.every) refuse('timeout', 'no longer than `every`')
  })

export type ProbeConfig = z.output<typeof probeSchema>

interface WithProbes {
  readonly targets: readonly { readonly id?: string | undefined; readonly url: string }[]
  readonly probes: readonly ProbeConfig[]
  readonly alerts: { readonly windows: readonly { readonly name: string }[] }
}

/** What no entry can tell by itself: targets and windows that are not there, names that are there twice. */
export function probeIssues(
  { targets, probes, alerts }: WithProbes,
  idOf: (target: WithProbes['targets'][number]) => string,
): readonly { readonly path: (string | number)[]; readonly message: string }[] {
  const ids = targets.map(idOf)
  const windows = alerts.windows.map(({ name }) => name)
  const seen = new Set<string>()
  return probes.flatMap(({ target, url, name, application, excludes }, at) => {
    const refused = (path: string, message: string) => [{ path: ['probes', at, path], message }]
    if (target !== undefined && !ids.includes(target))
      return refused('target', `there is no target ${target}; there are: ${ids.join(', ') || 'none'}`)
    if (target === undefined && ids.length !== 1)
      return refused(
        'target',
        ids.length === 0
          ? 'there is no target that it could belong to'
          : `whose is it? One of ${ids.join(', ')}`,
      )
    const missing = excludes.find((each) => !windows.includes(each))
    if (missing !== undefined)
      return refused(
        'excludes',
        `there is no window ${missing} in alerts.windows; there are: ${windows.join(', ') || 'none'}`,
      )
    const kind =
      url !== undefined ? `http ${name}` : application !== undefined ? `requests ${application}` : 'database'
    const key = `${target ?? ids[0]} ${kind}`
    if (seen.has(key)) return refused(url === undefined ? 'target' : 'name', 'there is another entry for it')
    seen.add(key)
    return []
  })
}
