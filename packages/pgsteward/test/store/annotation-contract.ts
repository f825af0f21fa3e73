// What every store must tell as annotations of charts, as a suite that both backends run. Imported by tests only.

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Alert } from '../../src/model/alert.ts'
import type { ObjectState, StepResult } from '../../src/model/maintenance.ts'
import type { Store } from '../../src/store/store.ts'
import { minutesLater as minute, openFinding } from '../notify/alert-rows.ts'
import { madeRun } from './made-run.ts'

const NO_OBJECT: ObjectState = {
  oid: null,
  isValid: null,
  isPartitioned: false,
  sizeBytes: 0,
  rows: null,
  deadRows: null,
  vacuums: 0,
  analyzes: 0,
  options: [],
  invalidIndexes: [],
}
const DONE: StepResult = {
  outcome: 'done',
  because: 'It is there.',
  before: null,
  after: null,
  notices: [],
  cleaned: [],
  tookMs: 60_000,
}

export function annotationContract(backend: { readonly open: () => Promise<Store> }): void {
  let store: Store
  let targets = 0
  let target = ''
  const begin = () => {
    target = `annotated-${++targets}`
  }
  beforeAll(async () => {
    store = await backend.open()
  })
  afterAll(() => store.close())

  const told = async (from: number, to: number) => {
    const { annotations } = await store.annotations(target, { from: minute(from), to: minute(to) })
    return annotations.map(({ kind, detail }) => `${kind} ${detail}`)
  }
  const alert = (openedAt: number, resolvedAt: number | null, over: Partial<Alert> = {}) =>
    store.saveAlertSteps(
      [
        {
          after: null,
          alert: {
            targetId: target,
            findingKey: openFinding().key,
            openedAt: minute(openedAt),
            state: resolvedAt === null ? 'firing' : 'resolved',
            severity: 'warning',
            seq: 1,
            channels: [],
            silencedBy: null,
            toldAt: null,
            acknowledgedBy: null,
            acknowledgedUntil: null,
            escalations: 0,
            nextEscalationAt: null,
            resolvedAt: resolvedAt === null ? null : minute(resolvedAt),
            ...over,
          },
          news: null,
          message: null,
        },
      ],
      minute(openedAt),
    )
  const job = async (kind: 'vacuum' | 'create-index', at: number) => {
    const sql =
      kind === 'vacuum' ? 'vacuum public.orders' : 'create index concurrently by_day on orders (day)'
    const relation = { schema: 'public', name: 'orders' }
    const id = await store.proposeJob(
      target,
      {
        origin: { kind: 'request', key: `${kind} ${at}` },
        because: 'asked',
        steps: [{ kind, sql, relation, table: null }],
        undo: null,
        lock: 'share update exclusive',
        caution: '',
      },
      minute(at),
    )
    await store.decideJob(id!, { at: minute(at), actor: 'ada', action: 'approve', reason: 'due' })
    const claimed = await store.claimJob(target, minute(at))
    const runId = await store.startRun(id!, 0, minute(at), { pid: 1, backendStart: '1', before: NO_OBJECT })
    return { id: id!, claimed: claimed!, runId }
  }

  test('of a target that nobody knows there are none', async () => {
    begin()
    expect(await store.annotations(target, { from: minute(0), to: minute(9) })).toEqual({
      annotations: [],
      leftOut: 0,
    })
  })

  test('events are told by their kind, indexes apart from the schema, statistics not at all', async () => {
    begin()
    const event = (
      at: number,
      kind: 'deployment' | 'schema' | 'statistics' | 'settings',
      detail: string,
    ) => ({
      at: minute(at),
      kind,
      subject: 'public.orders',
      detail,
    })
    await store.saveTargetEvents(target, [
      event(1, 'deployment', 'version 1 to 2'),
      event(2, 'schema', 'column note added'),
      event(3, 'schema', 'index by_note created'),
      event(4, 'statistics', 'analyzed'),
      event(5, 'settings', '4MB to 64MB'),
      event(20, 'settings', 'later'),
    ])
    expect(await told(0, 10)).toEqual([
      'settings 4MB to 64MB',
      'index index by_note created',
      'schema column note added',
      'deployment version 1 to 2',
    ])
  })

  test('alerts come first, the critical before warnings, also those that began before and had not ended', async () => {
    begin()
    const finding = openFinding({ targetId: target })
    await store.saveChanges([{ transition: 'opened', finding }], minute(0))
    await store.saveTargetEvents(target, [
      { at: minute(12), kind: 'restart', subject: 'server', detail: 'restarted' },
    ])
    await alert(11, null)
    await alert(5, 11, { severity: 'critical' })
    await alert(6, 9)
    await alert(13, 14, { severity: 'info' })
    const { annotations } = await store.annotations(target, { from: minute(10), to: minute(20) })
    expect(annotations).toMatchObject([
      { kind: 'alert', severity: 'critical', at: minute(5), until: minute(11), isOngoing: false },
      { kind: 'alert', severity: 'warning', at: minute(11), until: null, isOngoing: true, ref: finding.key },
      { kind: 'restart', severity: null, until: null, isOngoing: false, ref: null },
    ])
    expect(annotations[0]).toMatchObject({ subject: finding.checkId, detail: finding.summary })
  })

  test('maintenance and load runs last, and builds of indexes are told as such', async () => {
    begin()
    const { id, claimed, runId } = await job('create-index', 1)
    const settlement = { state: 'done', nextStep: 1, attempts: 1, notBefore: null } as const
    await store.settle(claimed, runId, DONE, settlement, minute(4))
    await job('vacuum', 6)
    await store.saveLoadRun(
      madeRun({
        id: `run-${target}`,
        startedAt: minute(8),
        over: {
          database: {
            targetId: target,
            seconds: 60,
            statements: [],
            waits: [],
            activeSessions: null,
            cacheHitRatio: null,
            connections: null,
            pools: [],
            tables: [],
          },
        },
      }),
      minute(9),
    )
    const { annotations } = await store.annotations(target, { from: minute(2), to: minute(10) })
    expect(annotations).toMatchObject([
      { kind: 'load', at: minute(8), until: minute(9), subject: 'smoke', ref: `run-${target}` },
      { kind: 'maintenance', at: minute(6), until: null, isOngoing: true, detail: 'vacuum public.orders' },
      { kind: 'index', at: minute(1), until: minute(4), subject: `job ${id}`, ref: id },
    ])
    expect(annotations[2]!.detail).toBe('create index concurrently by_day on orders (day): done')
    expect(await told(5, 5)).toEqual([])
  })

  test('there are so many at most, and how many more there were is told', async () => {
    begin()
    await store.saveTargetEvents(
      target,
      Array.from({ length: 230 }, (_, at) => ({
        at: minute(at),
        kind: 'settings' as const,
        subject: 'work_mem',
        detail: `to ${at}`,
      })),
    )
    const { annotations, leftOut } = await store.annotations(target, { from: minute(-1), to: minute(300) })
    expect([annotations.length, leftOut]).toEqual([200, 30])
    expect(annotations[0]!.detail).toBe('to 229')
  })
}
