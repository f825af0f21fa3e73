import type { AnnotationWire, PlanChangeWire } from 'pgsteward/wire'
import { describe, expect, it } from 'vitest'
import { annotationMarks, hiddenKinds, kindCounts, planMarks, toggledKind, withOwn } from './marks.ts'

const AT = '2026-03-10T12:00:00.000Z'
const annotation = (over: Partial<AnnotationWire> = {}): AnnotationWire => ({
  kind: 'deployment',
  at: AT,
  until: null,
  isOngoing: false,
  severity: null,
  subject: 'shop',
  detail: 'version 1.4.0 to 1.5.0',
  ref: null,
  ...over,
})
const markOf = (over: Partial<AnnotationWire>) => annotationMarks([annotation(over)])[0]!

describe('annotations as marks', () => {
  it('says of what and what, and leads to its application', () => {
    expect(markOf({})).toMatchObject({
      kind: 'deployment',
      at: Date.parse(AT) / 1000,
      until: null,
      text: 'shop: version 1.4.0 to 1.5.0',
      to: { page: 'application', name: 'shop' },
    })
  })

  it("takes a finding's sentence as it is, and leads to the finding", () => {
    const alert = markOf({
      kind: 'alert',
      severity: 'critical',
      subject: 'wraparound',
      detail: 'It nears',
      ref: 'k',
    })
    expect(alert).toMatchObject({
      severity: 'critical',
      text: 'It nears',
      to: { page: 'finding', key: 'k' },
    })
  })

  it('ends a span where it ended, and never what goes on', () => {
    expect(markOf({ until: '2026-03-10T12:05:00.000Z' }).until).toBe(Date.parse(AT) / 1000 + 300)
    expect(markOf({ isOngoing: true }).until).toBe(Number.POSITIVE_INFINITY)
  })

  it('leads from an index that maintenance built to the job, from another to the indexes', () => {
    expect(markOf({ kind: 'index', ref: '12' }).to).toEqual({ page: 'job', id: '12' })
    expect(markOf({ kind: 'index' }).to).toEqual({ page: 'indexes' })
    expect(markOf({ kind: 'settings' }).to).toBeNull()
  })

  it('names each mark once, also of two that are alike', () => {
    const ids = annotationMarks([annotation(), annotation()]).map(({ id }) => id)
    expect(new Set(ids).size).toBe(2)
  })
})

it('marks of changed plans those of the statement', () => {
  const change = { at: AT, queryId: '42', difference: 'Hash Join became Nested Loop' }
  const changes = [change, { ...change, queryId: '43' }] as unknown as readonly PlanChangeWire[]
  expect(planMarks(changes, '42').map(({ text }) => text)).toEqual([
    'The plan changed: Hash Join became Nested Loop',
  ])
})

it('tells once what the server and the page both know', () => {
  const [told] = annotationMarks([annotation()])
  const index = { ...told!, id: 'i', kind: 'index' as const }
  const own = [
    { ...told!, id: 'same' },
    { ...told!, id: 'later', at: told!.at + 60 },
    { ...told!, id: 'other', kind: 'outage' as const },
    { ...index, id: 'as schema', kind: 'schema' as const },
  ]
  expect(withOwn([told!, index], own).map(({ id }) => id)).toEqual([told!.id, 'i', 'later', 'other'])
})

describe('the key of kinds', () => {
  it('counts the kinds there are, alerts first', () => {
    const marks = annotationMarks([annotation(), annotation({ kind: 'alert' }), annotation()])
    expect(kindCounts(marks)).toEqual([
      ['alert', 1],
      ['deployment', 2],
    ])
  })

  it('switches one kind off and on again, and passes over what is no kind', () => {
    const none = hiddenKinds(new URLSearchParams('hide=banana'))
    const one = toggledKind(none, 'load')
    expect(one).toBe('load')
    const hidden = hiddenKinds(new URLSearchParams({ hide: one! }))
    expect([...hidden]).toEqual(['load'])
    expect(toggledKind(hidden, 'alert')).toBe('alert,load')
    expect(toggledKind(hidden, 'load')).toBeNull()
  })
})
