import { expect, test } from 'vitest'
import { aliasesIn, alternativesOf, clausesOf, shownCondition } from './conditions.ts'

test.each([
  ['(weight = 3)', 'equality', null, 'weight'],
  ['(parcel.weight = $1)', 'equality', 'parcel', 'weight'],
  ["((c.state)::text = 'open'::text)", 'equality', 'c', 'state'],
  ["(state = 'a = b AND c'::text)", 'equality', null, 'state'],
  ["(kind = ANY ('{1,2}'::integer[]))", 'equality', null, 'kind'],
  ["(sent_at >= '2026-01-01 00:00:00+00'::timestamp with time zone)", 'range', null, 'sent_at'],
  ['(deleted_at IS NULL)', 'equality', null, 'deleted_at'],
  ['(deleted_at IS NOT NULL)', 'range', null, 'deleted_at'],
  ['is_active', 'equality', null, 'is_active'],
  ['(NOT is_active)', 'equality', null, 'is_active'],
  ['("Größe" = $2)', 'equality', null, 'Größe'],
  ['("T t"."select" = $2)', 'equality', 'T t', 'select'],
  ['(id = (InitPlan 1).col1)', 'equality', null, 'id'],
])('reads %s as a column against a value', (condition, kind, of, column) => {
  expect(clausesOf(condition)).toEqual([expect.objectContaining({ kind, column: { of, column } })])
})

test.each([
  ["(lower(email) = 'a'::text)"],
  ['(a.id = b.id)'],
  ['((a + 1) = 3)'],
  ["(name ~~ '%a%'::text)"],
  ['((email = $1) OR (number = $2))'],
  ['(id <> 3)'],
])('names no column in %s', (condition) => {
  expect(clausesOf(condition)).toEqual([expect.objectContaining({ kind: 'other', column: null })])
})

test('takes a top-level AND apart, not one within', () => {
  const clauses = clausesOf('((a = 1) AND ((b = 2) OR ((c = 3) AND (d = 4))) AND (e > 5))')
  expect(clauses.map((each) => each.text)).toEqual(['a = 1', '(b = 2) OR ((c = 3) AND (d = 4))', 'e > 5'])
})

test('takes alternatives apart and names their relations', () => {
  const arms = alternativesOf("((c.email = 'x OR y.z'::text) OR (i.number = $2))")
  expect(arms.map(aliasesIn)).toEqual([['c'], ['i']])
  expect(alternativesOf('(c.email = $1)')).toHaveLength(1)
})

test('shows a condition without outer parentheses and casts of values', () => {
  expect(shownCondition("((state)::text = 'open'::character varying(20))")).toBe("(state)::text = 'open'")
  expect(shownCondition(`(name = '${'n'.repeat(200)}'::text)`)).toHaveLength(120)
})
