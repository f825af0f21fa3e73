import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addCommentTags, commentTags, fingerprintOf, normaliseSql, redactSql, summaryOf } from './sql.ts'

describe('one form for all texts of a statement', () => {
  it.each([
    ['select 1', 'select ?'],
    ['SELECT  *\n\tFROM a -- all\nWHERE x=1 ;', 'select * from a where x = ?'],
    ['select /* a /* nested */ b */ 1', 'select ?'],
    [
      "select 'it''s', e'it\\'s', $$it's$$, $tag$ $$ $tag$, U&'d', B'1', X'1F', N'n'",
      'select ?, ?, ?, ?, ?, ?, ?, ?',
    ],
    ["select 'a'\n  'b'", 'select ?'],
    ['select 1, 1.5, .5, 1e-3, 1_000, 0x1F, $12', 'select ?, ?, ?, ?, ?, ?, ?'],
    ['select -1, a - 1, a -1, (-1), a = -1, a=-1', 'select ?, a - ?, a - ?, (?), a = ?, a = ?'],
    ['select * from a where b in (1)', 'select * from a where b in (?)'],
    ["select * from a where b in (1, $2 ,'c')", 'select * from a where b in (?)'],
    ['select * from a where b IN ($1 /*, ... */)', 'select * from a where b in (?)'],
    ["select * from a where b in ('1'::uuid, '2'::uuid)", 'select * from a where b in (?)'],
    ['select * from a where b in (-1, -2)', 'select * from a where b in (?)'],
    ['select * from a where (b, c) in ((1, 2), (3, 4))', 'select * from a where (b, c) in ((?, ?))'],
    ['select * from a where b in (1, c, 2)', 'select * from a where b in (?, c, ?)'],
    ['select * from a where b in (select 1)', 'select * from a where b in (select ?)'],
    ['select array[1, 2], a[1], a[1:2]', 'select array[?], a[?], a[?: ?]'],
    ['insert into a(b, c) values (1, now()), (2, now())', 'insert into a(b, c) values (?, now())'],
    ['insert into a (b) values (1) returning id', 'insert into a(b) values (?) returning id'],
    [
      'insert into a values (1, (2 + 3)), (4, (5 + 6)) on conflict (b, c) do nothing',
      'insert into a values (?, (? + ?)) on conflict(b, c) do nothing',
    ],
    [
      'select null, true, a is null, b is not true, not null',
      'select ?, ?, a is null, b is not true, not null',
    ],
    ['select "B", "b""c" from "A"."T"', 'select "B", "b""c" from "A"."T"'],
    ["select interval '1 day', date '2020-01-01'", 'select interval ?, date ?'],
    ['select count(*), f (1) from a', 'select count(*), f(?) from a'],
    [
      "select a ->> 'b', a ? 'c', a ?| array['d', 'e'], a @> '{}'",
      'select a ->> ?, a ? ?, a ?| array[?], a @> ?',
    ],
    ['select extract(year from a)', 'select extract(? from a)'],
    ['', ''],
    [';;', ''],
  ])('%s', (text, normalised) => {
    expect(normaliseSql(text)).toBe(normalised)
  })

  it('meets for what an ORM sends, what pg_stat_statements shows, and a text with literals (I2)', () => {
    const of = (texts: readonly string[]) => new Set(texts.map(fingerprintOf)).size
    expect(
      of([
        'SELECT "public"."member"."id" FROM "public"."member" WHERE "public"."member"."id" IN ($1,$2) LIMIT $3 OFFSET $4',
        'SELECT "public"."member"."id" FROM "public"."member" WHERE "public"."member"."id" IN ($1 /*, ... */) LIMIT $2 OFFSET $3',
        'select "public"."member"."id" from "public"."member" where "public"."member"."id" in (7) limit 1 offset 0',
        `SELECT "public"."member"."id" FROM "public"."member" WHERE "public"."member"."id" IN ($1) LIMIT $2 OFFSET $3 /*route='%2Fa'*/`,
      ]),
    ).toBe(1)
    expect(of(['select a from b', 'select a from c', 'select "a" from b', 'select a, a from b'])).toBe(4)
  })

  it('keeps its value: stored fingerprints live long', () => {
    expect(fingerprintOf('select id from member where id = $1')).toBe('25bb1dfe364e87c1')
  })
})

describe('summaries', () => {
  it.each([
    ['select * from "public"."Member" m join b on true', 'SELECT Member'],
    ['SELECT count(*) FROM (select 1 from billing.invoice) x', 'SELECT billing.invoice'],
    ['select extract(year from at) from visit', 'SELECT visit'],
    ['insert into a (b) select c from d', 'INSERT a'],
    ['update only a set b = (select 1 from c)', 'UPDATE a'],
    ['delete from a using b', 'DELETE a'],
    [
      'with x as (select 1 from b), y as (delete from c returning *) insert into "d" select * from x',
      'INSERT d',
    ],
    ['merge into a using b on true', 'MERGE a'],
    ['begin', 'BEGIN'],
    ['  /* c */ commit;', 'COMMIT'],
    ['select 1', 'SELECT'],
    ['(select 1 from a)', 'SELECT a'],
    ['', 'UNKNOWN'],
  ])('%s', (text, summary) => {
    expect(summaryOf(text).summary).toBe(summary)
  })

  it('are never longer than 255 characters', () => {
    expect(summaryOf(`select 1 from ${'a'.repeat(1000)}`).summary).toHaveLength(255)
  })
})

describe('redaction of texts', () => {
  it.each([
    ["SELECT * FROM a WHERE b = 'secret' AND c = 42", 'SELECT * FROM a WHERE b = ? AND c = ?'],
    ['SELECT 1, 2 FROM a WHERE 1=1 -- secret', 'SELECT 1, ? FROM a WHERE 1=1'],
    ["select 'secret", 'select ?'],
    ['select $x$secret', 'select ?'],
    ['set app.token = hunter2', 'set app.token = ?'],
    ["SET LOCAL role TO 'x'", 'SET LOCAL role TO ?'],
    ['select 1; set a.b to hunter2; select c', 'select 1; set a.b to ?; select c'],
    ['alter role a set search_path = b', 'alter role a set search_path = b'],
    ['update a set b = c', 'update a set b = c'],
  ])('%s', (text, redacted) => {
    expect(redactSql(text, 1000)).toBe(redacted)
  })

  it('gives the very same string back when nothing is to be done', () => {
    const text = 'SELECT "a" FROM "b"\n WHERE "c" = $1'
    expect(redactSql(text, 1000)).toBe(text)
  })

  it('cuts, and never within a literal', () => {
    for (let length = 1; length < 60; length++) {
      const redacted = redactSql("select a, 'hunter2' as b, 'hunter2' as c, 'hunter2'", length)
      expect(redacted.length).toBeLessThanOrEqual(length)
      expect(redacted).not.toMatch(/'|hun/)
    }
  })
})

describe('sqlcommenter tags', () => {
  it('come back as they were given', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), {
          maxKeys: 8,
          minKeys: 1,
        }),
        (tags) => {
          const text = addCommentTags('select 1', tags)
          expect(commentTags(text)).toEqual({ ...tags })
          expect(normaliseSql(text)).toBe('select ?')
        },
      ),
    )
  })

  it('are sorted, encoded, and before the semicolon', () => {
    expect(addCommentTags('select 1; ', { route: '/a b', action: "it's" })).toBe(
      "select 1 /*action='it%27s',route='%2Fa%20b'*/;",
    )
  })

  it('are not added to a text that has a comment', () => {
    expect(addCommentTags('select 1 /* mine */', { a: 'b' })).toBe('select 1 /* mine */')
    expect(addCommentTags('select 1 -- mine', { a: 'b' })).toBe('select 1 -- mine')
  })
})

describe('any text at all', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      "'",
      '"',
      '$',
      '$$',
      '$a$',
      '/*',
      '*/',
      '--',
      '\n',
      '(',
      ')',
      '[',
      ']',
      ',',
      ' in (',
      ' values (',
      "e'",
      '\\',
      '?',
      '$1',
      '.',
      ';',
      '::',
      '-',
      'select',
      'null',
      'array[',
      '\ud800',
    ),
  )
  const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''))

  it('throws nowhere, and its normalised text is its own normalised text', () => {
    fc.assert(
      fc.property(text, (sql) => {
        const normalised = normaliseSql(sql)
        expect(normaliseSql(normalised)).toBe(normalised)
        expect(fingerprintOf(sql)).toMatch(/^[\da-f]{16}$/)
        summaryOf(sql)
        commentTags(sql)
        expect(redactSql(sql, 50).length).toBeLessThanOrEqual(50)
      }),
      { numRuns: 3000 },
    )
  })

  it('does not depend on white space, comments or the case of words', () => {
    const word = fc.constantFrom(
      'select',
      'a',
      'b',
      'from',
      'where',
      '=',
      '1',
      '2.5',
      '$1',
      ',',
      '(',
      ')',
      'in',
      '"Q"',
      '+',
      'values',
    )
    const gap = fc.constantFrom(' ', '\n\t', ' /* c */ ', ' -- c\n')
    fc.assert(
      fc.property(fc.array(fc.tuple(word, gap), { maxLength: 20 }), (tokens) => {
        const plain = tokens.map(([token]) => token).join(' ')
        const other = tokens
          .map(
            ([token, between]) =>
              (token.startsWith('"') ? token : token.toUpperCase().replace('X', 'x')) + between,
          )
          .join('')
        expect(normaliseSql(other)).toBe(normaliseSql(plain))
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['an open string', `select '${"''".repeat(2_000_000)}`],
    ['open comments', '/*'.repeat(2_000_000)],
    ['brackets', '('.repeat(1_000_000)],
    ['rows', `insert into a values ${'(1, 2), '.repeat(60_000)}(1, 2)`],
    ['dollars', '$a'.repeat(1_000_000)],
    ['minus signs', '-'.repeat(1_000_000) + '+'.repeat(1_000_000)],
    ['strings over lines', "'a'\n".repeat(500_000)],
  ])(
    'of megabytes: %s',
    (_name, sql) => {
      expect(normaliseSql(sql).length).toBeLessThanOrEqual(sql.length * 2)
      expect(redactSql(sql, 100).length).toBeLessThanOrEqual(100)
      summaryOf(sql)
      commentTags(sql)
    },
    60_000,
  )
})
