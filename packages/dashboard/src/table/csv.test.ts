import { expect, it } from 'vitest'
import { toCsv } from './csv.ts'

it('quotes what needs quoting and leaves numbers bare', () => {
  expect(
    toCsv(
      ['name', 'rows'],
      [
        ['a "b", c', 5],
        ['x\ny', null],
      ],
    ),
  ).toBe('name,rows\r\n"a ""b"", c",5\r\n"x\ny",')
})

it('does not let a spreadsheet take a name for a formula, nor a negative number for a name', () => {
  expect(toCsv(['n'], [['=cmd()'], ['@x'], [-5]])).toBe("n\r\n'=cmd()\r\n'@x\r\n-5")
})
