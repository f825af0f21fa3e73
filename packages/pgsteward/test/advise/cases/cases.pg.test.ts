// The held-out cases at a small scale, through the real command: what an expert would build is there or served as well, no trap is
// stepped into. bench/advise-cases.ts measures the same at a larger scale.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { EXIT } from '../../../src/model/error.ts'
import { run } from '../../cli/run.ts'
import { createDatabase } from '../../postgres/database.ts'
import { CASES, CASES_FOLDER } from './all-cases.ts'
import { buildCase, type Score, scoreSet } from './score-case.ts'
import { workloadOf } from './workload-of.ts'

const ROWS = 60_000
const dir = mkdtempSync(join(tmpdir(), 'pgsteward-test-cases-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe.each(Object.entries(CASES))('%s (A1, A2)', (name, asked) => {
  const server = inject('serverUrl')
  let database: string
  let expert: Score
  beforeAll(async () => {
    database = await buildCase(server, CASES_FOLDER, name, ROWS)
    const indexes = asked.expected.map(({ sql }) => sql)
    expert = await scoreSet(server, database, asked, indexes, { runs: 3 })
    expect(expert.errors).toEqual([])
    expect(expert.traps).toEqual([])
  }, 600_000)
  afterAll(async () => {
    const admin = await createDatabase()
    await admin.run(`drop database if exists ${database}`)
    await admin.drop()
  })

  test.each(['samples', 'templates'] as const)(
    'with %s, all that an expert would build is there or served as well, and no trap',
    async (form) => {
      const workload = join(dir, `${name}-${form}.json`)
      writeFileSync(workload, JSON.stringify(workloadOf(asked, form)))
      const out = join(dir, `${name}-${form}.sql`)
      const url = new URL(server)
      url.pathname = `/${database}`
      const { exitCode, note } = await run(
        'advise',
        url.href,
        ...['--workload', workload, '--budget', '100%', '--time', '10m', '--sql', out],
      )
      expect(exitCode, note).toBe(EXIT.clean)
      const indexes = readFileSync(out, 'utf8').split(';\n').filter(Boolean)
      const score = await scoreSet(server, database, asked, indexes, { runs: 3, expert })
      expect(score.errors).toEqual([])
      expect(score.missing).toEqual([])
      expect(score.traps).toEqual([])
      expect(score.sum.pages).toBeLessThan(1.15 * expert.sum.pages)
      expect(score.sum.walBytes).toBeLessThan(1.15 * expert.sum.walBytes)
    },
    600_000,
  )
})
