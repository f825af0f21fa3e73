import { expect, test } from 'vitest'
import { ago, NOW } from '../../test/judge.ts'
import { indexRow } from '../../test/rows.ts'
import type { Memory } from '../model/fact.ts'
import type { IdentityRow } from './identity.ts'
import { readReplicas } from './replicas.ts'

const DAY = 86_400_000
const cluster: IdentityRow = {
  systemIdentifier: '7',
  database: 'app',
  isStandby: false,
  countedSince: ago(90 * DAY),
}

function memoryOf(
  targets: Readonly<Record<string, Partial<IdentityRow> & { readonly readAt?: Date }>>,
): Memory {
  return {
    documents: async () =>
      Object.entries(targets).map(([targetId, { readAt, ...over }]) => ({
        targetId,
        at: readAt ?? NOW,
        rows: [{ ...cluster, ...over }],
      })),
    document: async (targetId: string) =>
      targetId === 'unread' ? null : { at: NOW, rows: [indexRow({ name: `seen by ${targetId}` })] },
  } as unknown as Memory
}

const targetsOf = async (memory: Memory) =>
  (await readReplicas(memory, 'main', NOW)).map(({ targetId }) => targetId)

test('other servers of the cluster are replicas, with their own indexes', async () => {
  const memory = memoryOf({ main: {}, second: { isStandby: true }, third: { isStandby: true } })
  expect(await readReplicas(memory, 'main', NOW)).toMatchObject([
    { targetId: 'second', isStandby: true, indexes: [{ name: 'seen by second' }] },
    { targetId: 'third', isStandby: true },
  ])
})

test('other clusters, other databases, and what was not read for a day are none', async () => {
  const memory = memoryOf({
    main: {},
    stranger: { systemIdentifier: '8' },
    other: { database: 'billing' },
    gone: { readAt: ago(2 * DAY) },
    unread: {},
  })
  expect(await targetsOf(memory)).toEqual([])
})

test('a target that never told which cluster it is has none', async () => {
  expect(await targetsOf(memoryOf({ second: {} }))).toEqual([])
})
