import { expect, test } from 'vitest'
import { ago, judge } from '../../../test/judge.ts'
import {
  columnMentionRow,
  foreignKeyRow,
  indexRow,
  tableColumnsRow,
  tableStatementRow,
} from '../../../test/rows.ts'
import type { Finding } from '../../model/finding.ts'
import { unusedCompositeColumn } from './unused-composite-column.ts'

const DAY_MS = 86_400_000
const both = (over: Parameters<typeof indexRow>[0] = {}) =>
  indexRow({
    name: 'parcel_weight_place_idx',
    keyColumns: ['weight', 'place'],
    sizeBytes: 40 * 1024 ** 2,
    scansSinceReset: 100_000,
    ...over,
  })
const columns = [
  tableColumnsRow({
    columns: {
      id: { type: 'bigint', averageWidth: 8 },
      weight: { type: 'bigint', averageWidth: 8 },
      place: { type: 'text', averageWidth: 16 },
      note: { type: 'text', averageWidth: 40 },
    },
  }),
]
const ALL = 'select id, weight, place, note from parcel where weight = $1'
const facts = {
  indexes: [both()],
  tableColumns: columns,
  tableStatements: [tableStatementRow(ALL)],
  columnMentions: [],
  foreignKeys: [],
  replication: [],
  replicationSlots: [],
}
const server = { statsResetAt: ago(40 * DAY_MS) }
const also = (...texts: readonly string[]) => ({
  tableStatements: [ALL, ...texts].map((text, place) => tableStatementRow(text, { queryId: `${place}` })),
})

const quiet: Readonly<Record<string, Partial<typeof facts>>> = {
  'a column that a condition names': also('select 1 from parcel where weight = $1 and place = $2'),
  'one that sorts': also('select id from parcel where weight = $1 order by place'),
  'one that groups': also('select count(*) from parcel group by place'),
  'one that joins': also('select 1 from shelf s join parcel p on p.place = s.name'),
  'one of an UPDATE’s condition': also('update parcel set note = $1 where place = $2'),
  'one that an index-only scan returns': also('select weight, place from parcel where weight = $1'),
  'one that may be of either table': also(
    'select place from parcel p join shelf s on s.id = p.weight where p.weight = $1',
  ),
  'a statement that hides names': also('select 1 from parcel natural join shelf'),
  'a statement that is too long to be read': {
    tableStatements: [tableStatementRow(ALL), tableStatementRow(ALL, { queryId: '2', use: null })],
  },
  'a column that a view names': { columnMentions: [columnMentionRow() as never] },
  'a column of a foreign key': { foreignKeys: [foreignKeyRow({ columns: ['place'] }) as never] },
  'an index that is never scanned, which is unused-index’s': { indexes: [both({ scansSinceReset: 0 })] },
  'a unique index': { indexes: [both({ isUnique: true })] },
  'the index of a partition': { indexes: [both({ isPartOfPartitioned: true })] },
  'an expression': { indexes: [both({ keyColumns: ['weight', 'lower(place)'] })] },
  'another that begins like the narrower one': {
    indexes: [both(), both({ name: 'other', keyColumns: ['weight', 'id'] })],
  },
  'scans that the statements do not explain': { indexes: [both({ scansSinceReset: 300_000 })] },
  'entries that share their keys': { indexes: [both({ reltuples: 4_000_000 })] },
  'a small saving': { indexes: [both({ sizeBytes: 2 * 1024 ** 2, reltuples: 50_000 })] },
  'widths that are not known': {
    tableColumns: [
      tableColumnsRow({
        columns: { weight: { type: 'numeric', averageWidth: null }, place: { averageWidth: null } },
      }),
    ],
  },
  'a table without statements': { tableStatements: [] },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, over) => {
  expect(judge(unusedCompositeColumn, { ...facts, ...over }, { server })).toEqual([])
})

const finds: Readonly<Record<string, { over: Partial<typeof facts>; unused: string }>> = {
  'a column that is only returned, with others': { over: {}, unused: 'place' },
  'one that is only set and returned': {
    over: also('update parcel set place = $1 where weight = $2 returning id, place'),
    unused: 'place',
  },
  'one under a star': { over: also('select * from parcel where weight = $1'), unused: 'place' },
  'several, of which the last alone is carried': {
    over: { indexes: [both({ keyColumns: ['weight', 'place'], includeColumns: ['note'] })] },
    unused: 'place, note',
  },
  'an INCLUDE column behind keys that are needed': {
    over: {
      ...also('select 1 from parcel where weight = $1 and place = $2'),
      indexes: [both({ includeColumns: ['note'] })],
    },
    unused: 'note',
  },
}

test.each(Object.entries(finds))('finds %s', (_, { over, unused }) => {
  const found = judge(unusedCompositeColumn, { ...facts, ...over }, { server }) as readonly Finding[]
  expect(found).toMatchObject([
    {
      subject: { kind: 'index', name: 'parcel_weight_place_idx' },
      severity: 'info',
      evidence: expect.arrayContaining([{ label: 'never looked for', value: unused, unit: 'text' }]),
    },
  ])
})

test('a column in the middle stays where one behind it is needed', () => {
  const indexes = [both({ keyColumns: ['weight', 'place', 'note'] })]
  const needed = also('select 1 from parcel where weight = $1 and note = $2')
  expect(judge(unusedCompositeColumn, { ...facts, ...needed, indexes }, { server })).toEqual([])
})

test('knows the widths of types that have one, where the role may not read the table', () => {
  const hidden = (type: string) => ({ type, averageWidth: null })
  const tableColumns = [tableColumnsRow({ columns: { weight: hidden('bigint'), place: hidden('text') } })]
  const found = judge(unusedCompositeColumn, { ...facts, tableColumns }, { server }) as readonly Finding[]
  const saved = found[0]!.evidence.find(({ label }) => label.startsWith('a narrower one'))!.value
  // a million entries in 36 MiB, of which each keeps 20 bytes
  expect(saved).toBeCloseTo(40 * 1024 ** 2 - 20e6 / 0.9, -2)
})

test('tells the saving by the widths, and builds the narrower one before the other goes', () => {
  const [finding] = judge(unusedCompositeColumn, facts, { server }) as readonly Finding[]
  // 8 + 8 + 16 and 8 + 8 bytes, and 4 of line pointer each
  expect(finding!.evidence).toContainEqual({
    label: 'a narrower one saves, estimated',
    value: 40 * 1024 ** 2 * (1 - 20 / 36),
    unit: 'bytes',
  })
  expect(finding!.remedy?.sql).toEqual([
    'CREATE INDEX CONCURRENTLY parcel_weight_idx ON public.parcel USING btree (weight)',
    'drop index concurrently if exists public.parcel_weight_place_idx',
  ])
})

const skips: Readonly<Record<string, Parameters<typeof judge>[2] & { over?: Partial<typeof facts> }>> = {
  'a standby': { server: { ...server, role: 'standby' } },
  'a role that sees its own statements alone': { server: { ...server, canReadAllStats: false } },
  'young statistics': { server: { statsResetAt: ago(20 * DAY_MS) } },
  'a young pg_stat_statements': {
    server,
    over: { tableStatements: [tableStatementRow(ALL, { countedSince: ago(DAY_MS) })] },
  },
  'entries thrown out': { server, over: { tableStatements: [tableStatementRow(ALL, { evictions: 1 })] } },
}

test.each(Object.entries(skips))('cannot judge on %s', (_, { over = {}, ...circumstances }) => {
  expect(judge(unusedCompositeColumn, { ...facts, ...over }, circumstances as never)).toHaveProperty('skip')
})
