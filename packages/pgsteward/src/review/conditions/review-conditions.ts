// Conditions that a review has judged already: each stands for some of its rules, from a severity on.

import { z } from 'zod'
import { atLeast, SEVERITIES, type Severity } from '../../model/finding.ts'
import type { Level } from '../../model/plan-check.ts'
import { defineCondition } from './condition.ts'

/** `upTo`: graver ones are another condition's. */
function ofReview(
  id: string,
  title: string,
  level: Level,
  rules: readonly string[],
  from: Severity,
  upTo: Severity = 'critical',
) {
  return defineCondition({
    id,
    title,
    level,
    options: z.strictObject({
      from: z.enum(SEVERITIES).default(from).describe('severity of the review from which it counts'),
    }),
    judge: ({ review }, options) =>
      review.findings
        .filter(
          ({ rule, severity }) =>
            rules.includes(rule) && atLeast(severity, options.from) && atLeast(upTo, severity),
        )
        .map(({ migration, line, subject, summary, evidence, safer }) => ({
          statement: null,
          migration,
          line,
          subject,
          summary,
          evidence,
          safer,
        })),
  })
}

export const migrationFails = ofReview(
  'migration-fails',
  'The migrations run on production’s schema',
  'fail',
  ['statement-refused', 'fails-on-rows', 'not-in-a-transaction', 'new-enum-value-used'],
  'critical',
)

export const indexLost = ofReview(
  'index-lost',
  'No index is dropped that the workload needs',
  'fail',
  ['index-lost'],
  'critical',
)

/** Critical: others wait for a second at least, or ten at most. */
export const blockingLock = ofReview(
  'blocking-lock',
  'No migration blocks a table for long',
  'fail',
  ['blocking-lock', 'lock-held'],
  'critical',
)

export const slowMigration = ofReview(
  'slow-migration',
  'No migration makes others wait noticeably',
  'warn',
  ['blocking-lock', 'lock-held', 'backfill', 'no-lock-timeout'],
  'warning',
  'warning',
)

export const notReviewed = ofReview(
  'not-reviewed',
  'Every statement of the migrations could be judged',
  'warn',
  ['unreadable', 'statement-refused'],
  'warning',
  'warning',
)

export const dataLoss = ofReview('data-loss', 'No rows are lost', 'warn', ['data-loss'], 'warning')

export const breaksRunningCode = ofReview(
  'breaks-running-code',
  'Code that runs during the deployment still works',
  'warn',
  ['breaks-running-code'],
  'warning',
)
