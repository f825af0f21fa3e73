// Statements of about 330 bytes, as an ORM writes them, and the options that are measured: everything on.

import type { ResolvedOptions } from '../packages/instrument/src/options.ts'

/** Distinct ones; each a flat string of its own. */
export function statementTexts(count: number): string[] {
  return Array.from({ length: count }, (_, n) => {
    const table = `"public"."table_${n}"`
    const columns = ['id', 'church_id', 'name', 'email', 'status', 'created_at', 'updated_at', 'deleted_at']
    const text = `SELECT ${columns.map((column) => `${table}."${column}"`).join(', ')} FROM ${table} WHERE (${table}."id" = $1 AND 1=1) LIMIT $2 OFFSET $3`
    return Buffer.from(text).toString()
  })
}

export const RECORDER_OPTIONS: ResolvedOptions = {
  service: 'bench',
  version: '',
  environment: '',
  instance: '',
  endpoint: null,
  token: null,
  exportEveryMs: 15_000,
  slowQueryMs: 500,
  verySlowQueryMs: 2000,
  maxStatements: 5000,
  parameters: true,
  caller: 'sampled',
  repeatsFrom: 10,
  comments: false,
  redact: [],
}
