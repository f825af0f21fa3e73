// V1 on the demo: its seven composite indexes are a planted fault while they are missing, and verify names them from the project's
// own migrations and schema.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LocalServer, startLocalServer } from '../../../packages/pgsteward/src/postgres/local-server.ts'
import { run } from '../../../packages/pgsteward/test/cli/run.ts'
import { DEMO_DATABASE, DEMO_SETTINGS, mendFaults, plantFaults, prepareDemo } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'messaging-verify-'))
const project = resolve(import.meta.dirname, '..')
let server: LocalServer

const SEVEN = [
  'assessment_church_id_status_created_at_id_idx',
  'conversation_church_id_last_message_at_id_idx',
  'conversation_message_conversation_id_sent_at_id_idx',
  'delivery_church_id_status_updated_at_id_idx',
  'member_church_id_last_name_first_name_id_idx',
  'message_church_id_created_at_id_idx',
  'payment_church_id_paid_at_id_idx',
]

beforeAll(async () => {
  server = await startLocalServer({ dir: folder, major: 18, settings: DEMO_SETTINGS, durable: false })
  await prepareDemo(server.url, { scale: 0.01 })
})
afterAll(async () => {
  await server.stop()
  rmSync(server.dir, { recursive: true, force: true })
  rmSync(folder, { recursive: true, force: true })
})

async function verify(): Promise<{
  exitCode: number
  missing: string[]
  count: number
  problems: unknown[]
}> {
  const { exitCode, out, note } = await run(
    'verify',
    server.url(DEMO_DATABASE),
    '--prisma',
    project,
    '--json',
  )
  expect(out, note).not.toBe('')
  const { indexes, problems } = JSON.parse(out) as {
    indexes: { name: string; status: string; declaredIn: string[] }[]
    problems: unknown[]
  }
  const missing = indexes.filter(({ status }) => status === 'missing')
  for (const { declaredIn } of missing)
    expect(declaredIn).toEqual([
      expect.stringMatching(/^prisma\/migrations\/2026\d+_\w+\/migration\.sql:\d+$/),
      expect.stringMatching(/^prisma\/schema\.prisma:\d+$/),
    ])
  return { exitCode, missing: missing.map(({ name }) => name).sort(), count: indexes.length, problems }
}

test('V1: verify names the seven composite indexes missing, finds all when mended, and misses them again', async () => {
  const faulty = await verify()
  expect(faulty.exitCode).toBe(1)
  expect(faulty.missing).toEqual(expect.arrayContaining(SEVEN))
  // other planted faults
  expect(faulty.missing.filter((name) => !SEVEN.includes(name))).toEqual([
    'carrier_event_pkey',
    'conversation_message_carrier_message_id_idx',
    'delivery_message_recipient_id_idx',
    'evidence_file_answer_id_idx',
  ])
  await mendFaults(server.url)
  const mended = await verify()
  expect(mended).toEqual({ exitCode: 0, missing: [], count: faulty.count, problems: [] })
  await plantFaults(server.url)
  expect((await verify()).missing).toEqual(faulty.missing)
})
