// The held-out cases at a small scale, through the real command: what an expert would build is there or served as well, no trap is
// stepped into. bench/advise-cases.ts measures the same at a larger scale. On a server of their own: what statements write is read from
// the log's position, which moves with everything that a server does.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EXIT } from '../../../src/model/error.ts'
import { run } from '../../cli/run.ts'
import { type OwnServer, startOwnServer } from '../../postgres/own-server.ts'
import { CASES, CASES_FOLDER } from './all-cases.ts'
import { buildCase, type Score, scoreSet } from './score-case.ts'
import { workloadOf } from './workload-of.ts'

const ROWS = 60_000
const dir = mkdtempSync(join(tmpdir(), 'pgsteward-test-cases-'))
let server: OwnServer
beforeAll(async () => {
  server = await startOwnServer({ autovacuum: 'off', full_page_writes: 'off', checkpoint_timeout: '1h' })
}, 60_000)
afterAll(async () => {
  await server?.stop()
  rmSync(dir, { recursive: true, force: true })
})

describe.each(Object.entries(CASES))('%s (A1, A2)', (name, asked) => {
  let database: string
  let expert: Score
  beforeAll(async () => {
    database = await buildCase(server.url(), CASES_FOLDER, name, ROWS)
    const indexes = asked.expected.map(({ sql }) => sql)
    expert = await scoreSet(server.url(), database, asked, indexes, { runs: 3 })
    expect(expert.errors).toEqual([])
    expect(expert.traps).toEqual([])
  }, 600_000)

  test.each(['samples', 'templates'] as const)(
    'with %s, all that an expert would build is there or served as well, and no trap',
    async (form) => {
      const workload = join(dir, `${name}-${form}.json`)
      writeFileSync(workload, JSON.stringify(workloadOf(asked, form)))
      const out = join(dir, `${name}-${form}.sql`)
      const { exitCode, note } = await run(
        'advise',
        server.url(database),
        ...['--workload', workload, '--budget', '100%', '--time', '10m', '--sql', out],
      )
      expect(exitCode, note).toBe(EXIT.clean)
      const indexes = readFileSync(out, 'utf8').split(';\n').filter(Boolean)
      const score = await scoreSet(server.url(), database, asked, indexes, { runs: 3, expert })
      expect(score.errors).toEqual([])
      expect(score.missing).toEqual([])
      expect(score.traps).toEqual([])
      expect(score.sum.pages).toBeLessThan(1.15 * expert.sum.pages)
      expect(score.sum.walBytes).toBeLessThan(1.15 * expert.sum.walBytes)
    },
    600_000,
  )
})
