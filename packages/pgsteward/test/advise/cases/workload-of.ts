// A case's statements as a workload file holds them: as much as an application's samples, one text, or pg_stat_statements would tell.

import { fillIn } from '../../../src/advise/sample-parameters.ts'
import type { AdviceCase } from './advice-case.ts'

export const FORMS = ['samples', 'texts', 'templates'] as const
export type Form = (typeof FORMS)[number]

export function workloadOf(
  { statements }: AdviceCase,
  form: Form,
): readonly Readonly<Record<string, unknown>>[] {
  return statements.map(({ id, sql, callsPerMinute, samples }) => {
    if (form === 'texts') return { id, callsPerMinute, sql: fillIn(sql, samples[0]!) }
    return { id, callsPerMinute, template: sql, ...(form === 'samples' ? { variants: samples } : {}) }
  })
}
