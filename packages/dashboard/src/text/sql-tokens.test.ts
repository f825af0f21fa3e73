import { describe, expect, it } from 'vitest'
import { oneLine, sqlTokens } from './sql-tokens.ts'

const kinds = (sql: string) => sqlTokens(sql).map(({ kind, text }) => `${kind}:${text}`)

describe('sqlTokens', () => {
  it('colours keywords, literals, parameters and comments', () => {
    expect(kinds("SELECT a, 'it''s' FROM t WHERE x = $1 -- why")).toEqual([
      'keyword:SELECT',
      'plain: a, ',
      "text:'it''s'",
      'plain: ',
      'keyword:FROM',
      'plain: t ',
      'keyword:WHERE',
      'plain: x = ',
      'parameter:$1',
      'plain: ',
      'comment:-- why',
    ])
  })

  it('leaves keywords inside quoted names and longer words alone', () => {
    expect(kinds('"select" selected from_x t1')).toEqual(['plain:"select" selected from_x t1'])
  })

  it('reads dollar quotes and nothing beyond an open end', () => {
    expect(kinds('$q$ select $q$ as x')).toEqual(['text:$q$ select $q$', 'plain: ', 'keyword:as', 'plain: x'])
    expect(kinds("'open")).toEqual(["text:'open"])
    expect(kinds('/* open')).toEqual(['comment:/* open'])
  })

  it('loses nothing of any text', () => {
    for (const odd of [
      '',
      "''",
      '"',
      '$$',
      '$tag$',
      '\u0000ß漢$1',
      '<script>alert(1)</script>',
      '/*/',
      '--',
      "E'\\''",
    ])
      expect(
        sqlTokens(odd)
          .map(({ text }) => text)
          .join(''),
      ).toBe(odd)
  })
})

describe('oneLine', () => {
  it('folds white space', () => expect(oneLine('select 1\n\t from   t')).toBe('select 1 from t'))
  it('cuts with an ellipsis', () => expect(oneLine('x'.repeat(50), 10)).toBe(`${'x'.repeat(10)}…`))
  it('does not walk through a megabyte', () => expect(oneLine(' '.repeat(1_000_000), 10)).toBe('…'))
})
