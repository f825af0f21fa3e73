import { expect, test } from 'vitest'
import { memoryOf } from '../../test/application/memory.ts'
import { judgedApplication, repeatRow } from '../../test/application/rows.ts'
import { ago, NOW } from '../../test/judge.ts'
import type { TargetEvent } from '../model/plan.ts'
import { applicationRepeats } from './application-repeats.ts'

const deployed: TargetEvent = {
  at: ago(300_000),
  kind: 'deployment',
  subject: 'shop',
  detail: 'version 1.4.0 to 1.5.0',
}
const read = (repeats: Parameters<typeof memoryOf>[0] = {}) =>
  applicationRepeats.read(memoryOf({ applications: [judgedApplication()], ...repeats }), 'shop', NOW)

test('what was not repeated in the hour before the deployment is so since it', async () => {
  const { rows } = await read({ repeats: [repeatRow()], events: [deployed] })
  expect(rows).toMatchObject([{ fingerprint: 'f2', since: deployed }])
})

test('what was repeated before, on the same route, is not the deployment that made it so', async () => {
  const before = repeatRow({ lastAt: ago(900_000), caller: 'src/parcels.ts:12' })
  const { rows } = await read({ repeats: [repeatRow(), before], events: [deployed] })
  expect(rows.map((row) => row.since)).toEqual([null])
})

test('the deployment of another application, or another event, is no reason', async () => {
  const events: TargetEvent[] = [
    { ...deployed, subject: 'billing' },
    { ...deployed, kind: 'schema' },
  ]
  const { rows } = await read({ repeats: [repeatRow()], events })
  expect(rows.map((row) => row.since)).toEqual([null])
})
