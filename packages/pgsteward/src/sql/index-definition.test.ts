import { beforeAll, describe, expect, test } from 'vitest'
import { definitionText, type IndexDefinition, readIndexStatement } from './index-definition.ts'
import { loadParser, type Parser } from './parse/parse-statements.ts'
import { unlike } from './same-index.ts'

let parse: Parser
beforeAll(async () => {
  parse = await loadParser()
})

function read(rest: string): IndexDefinition {
  const parsed = parse(`create index x on t ${rest}`)
  const node = 'problem' in parsed ? undefined : parsed.statements[0]
  if (node === undefined || !('IndexStmt' in node)) throw new Error(`no index: ${rest}`)
  return readIndexStatement(node.IndexStmt)
}

test.each([
  '(a, b desc, c nulls first)',
  'using gin (tags jsonb_path_ops)',
  '(lower(email), "Größe")',
  "(a) include (b, c) where state = 'x'",
  "((doc ->> 'k'))",
])('reads and writes %s', (rest) => {
  expect(definitionText(read(rest))).toBe(rest)
})

test('knows every column that an index mentions', () => {
  expect([...read('(lower(a), b desc) include (c) where d > 0 and t.e is null').columns].sort()).toEqual([
    'a',
    'b',
    'c',
    'd',
    'e',
  ])
})

// as written in a migration, and as pg_get_indexdef gives it back (seen on PostgreSQL 15 and 18)
describe('the same index', () => {
  test.each([
    ['(a)', 'USING btree (a)'],
    ['(a asc nulls last)', 'USING btree (a)'],
    ['(a desc, b)', 'USING btree (a, b DESC)'.replace('a, b DESC', 'a DESC, b')],
    ['(a, b)', 'USING btree (a DESC, b DESC)'],
    ["(a) where status in ('A', 'B')", "USING btree (a) WHERE (status = ANY (ARRAY['B'::text, 'A'::text]))"],
    [
      "(a) where status in ('A', 'B')",
      "USING btree (a) WHERE ((status)::text = ANY ((ARRAY['A'::character varying, 'B'::character varying])::text[]))",
    ],
    [
      "(a) where status not in ('A', 'B')",
      "USING btree (a) WHERE (status <> ALL (ARRAY['A'::text, 'B'::text]))",
    ],
    ['(a) where n between 1 and 5', 'USING btree (a) WHERE ((n >= 1) AND (n <= 5))'],
    ['(a) where b is null and c > 0', 'USING btree (a) WHERE ((c > (0)::numeric) AND (b IS NULL))'],
    ["(a) where name like 'x%'", "USING btree (a) WHERE (name ~~ 'x%'::text)"],
    ["(a) where at > '2026-01-01'", "USING btree (a) WHERE (at > '2026-01-01'::date)"],
    ['(a) where not b', 'USING btree (a) WHERE (NOT b)'],
    ['(a) where b = true', 'USING btree (a) WHERE (b = true)'],
    ["(a) where status != 'A'", "USING btree (a) WHERE (status <> 'A'::text)"],
    ['(lower(email))', 'USING btree (lower((email)::text))'],
    ["((doc->>'k'))", "USING btree (((doc ->> 'k'::text)))"],
    ["(date_trunc('day', at))", "USING btree (date_trunc('day'::text, at))"],
    ['((at::date))', 'USING btree (((at)::date))'],
    ['(coalesce(a, 0))', 'USING btree (COALESCE(a, 0))'],
    ['using gin (doc jsonb_ops)', 'USING gin (doc)'],
    ['(a) include (b, c)', 'USING btree (a) INCLUDE (c, b)'],
  ])('%s is %s', (declared, actual) => {
    expect(unlike(read(declared), read(actual))).toBeNull()
  })
})

describe('another index', () => {
  test.each([
    ['(a, b)', '(b, a)', 'its keys'],
    ['(a)', '(a, b)', 'its keys'],
    ['(a, b desc)', '(a, b)', 'its order'],
    ['(a desc)', '(a desc nulls last)', 'its order'],
    ['(a)', 'using hash (a)', 'its method'],
    ['(name)', '(name text_pattern_ops)', 'its operator classes'],
    ['using gin (doc)', 'using gin (doc jsonb_path_ops)', 'its operator classes'],
    ['(a)', '(a) include (b)', 'its INCLUDE'],
    ["(a) where s = 'A'", '(a)', 'its predicate'],
    ["(a) where s = 'A'", "(a) where s = 'B'", 'its predicate'],
    ['(a) where n > 0', '(a) where n >= 0', 'its predicate'],
    ['(a) where b and c', '(a) where b or c', 'its predicate'],
    ['((at::date))', '(at)', 'its keys'],
    ['(lower(a))', '(upper(a))', 'its keys'],
    ['(a collate "C")', '(a)', 'its keys'],
  ])('%s against %s: %s differ', (declared, actual, part) => {
    expect(unlike(read(declared), read(actual))?.part).toBe(part)
  })
})
