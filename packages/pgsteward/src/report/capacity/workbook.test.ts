// The xlsx file as another program would see it: read by its XML, its formulas calculated anew.

import { beforeAll, describe, expect, test } from 'vitest'
import { madePlan } from '../../../test/capacity/made-plan.ts'
import { calculator, type ReadWorkbook, readWorkbook } from '../../../test/capacity/spreadsheet.ts'
import type { CapacityPlanWire } from '../../model/capacity.ts'
import { capacityCsv } from './capacity-csv.ts'
import { capacityWorkbook } from './workbook.ts'
import { writeXlsx } from './write-xlsx.ts'

const GB = 1024 ** 3
const DAY = 86_400_000
let plan: CapacityPlanWire
let book: ReadWorkbook
beforeAll(async () => {
  plan = madePlan()
  book = readWorkbook(await writeXlsx(capacityWorkbook(plan)))
})

/** The row of a sheet whose first cell says so. */
const rowOf = (sheet: string, label: string): number => {
  const found = [...book.sheets.get(sheet)!].find(
    ([name, { value }]) => /^A\d+$/.test(name) && value === label,
  )
  return Number(found![0].slice(1))
}
const columnOf = (sheet: string, words: string, row = 2): string =>
  [...book.sheets.get(sheet)!]
    .find(([name, { value }]) => name.endsWith(String(row)) && value === words)![0]
    .replace(/\d+/, '')
const serialOf = (at: string) => Date.parse(at) / DAY + 25_569

describe('formulas are alive (C2)', () => {
  test('every formula, calculated anew, gives the value that the file holds', () => {
    const cell = calculator(book)
    let formulas = 0
    for (const [sheet, cells] of book.sheets)
      for (const [name, { formula, value }] of cells) {
        if (formula === null) continue
        formulas += 1
        const anew = cell(sheet, name)
        if (typeof value === 'number') expect(anew, `${sheet}!${name} ${formula}`).toBeCloseTo(value, 9)
        // an empty text is kept as no value
        else expect(anew, `${sheet}!${name} ${formula}`).toBe(value ?? '')
      }
    expect(formulas).toBeGreaterThan(1_000)
  })

  test('they give the numbers of the JSON', () => {
    const cell = calculator(book)
    const [half, year] = plan.measures.find(({ id }) => id === 'storage')!.projections
    const at = rowOf('Projections', 'storage')
    const of = (words: string, row = at) => cell('Projections', `${columnOf('Projections', words)}${row}`)
    expect(of('in 6 months, likely')).toBeCloseTo(half!.now!.value / GB, 9)
    expect(of('in 12 months, at most')).toBeCloseTo(year!.now!.upper / GB, 9)
    expect(of('with more users in 12 months, likely')).toBeCloseTo(year!.withUsers!.value / GB, 9)
    const queries = plan.measures.find(({ id }) => id === 'queries')!
    expect(of('with more users in 6 months, at least', rowOf('Projections', 'queries'))).toBeCloseTo(
      queries.projections[0]!.withUsers!.lower,
      6,
    )
    const connections = rowOf('Projections', 'Connections needed')
    expect(of('Now', connections)).toBe(plan.pool!.required)
    expect(of('Now, with more users', connections)).toBe(plan.pool!.requiredWithUsers)
    expect(of('in 12 months, at most', connections)).toBe(plan.pool!.projections[1]!.now!.upper)
    expect(of('in 12 months, likely', rowOf('Projections', 'Memory for the data in use'))).toBeCloseTo(
      plan.cache!.projections[1]!.now!.value / GB,
      9,
    )
  })

  test('limits have the dates of the JSON, to the step of the forecast', () => {
    const cell = calculator(book)
    for (const limit of plan.limits) {
      const row = rowOf('Limits', limit.label)
      const of = (words: string) => cell('Limits', `${columnOf('Limits', words)}${row}`)
      for (const [words, at] of [
        ['Likely reached', limit.expectedAt],
        ['At the earliest', limit.earliestAt],
        ['Likely reached, with more users', limit.withUsers.expectedAt],
      ] as const) {
        const value = of(words)
        if (at === null) expect(value, `${limit.id} ${words}`).toMatch(/^not by /)
        else {
          expect(value as number, `${limit.id} ${words}`).toBeGreaterThanOrEqual(serialOf(at) - 0.01)
          expect(value as number).toBeLessThanOrEqual(serialOf(at) + 8)
        }
      }
      expect(of('Used')).toBeCloseTo(limit.usedRatio, 9)
    }
    expect(plan.limits.some(({ expectedAt }) => expectedAt !== null)).toBe(true)
  })

  test('another number of users, another growth or another limit changes what follows', () => {
    const input = (label: string) => `Inputs!B${rowOf('Inputs', label)}`
    const [likely, faster] = ['Likely reached', 'Likely reached, with more users'].map((words) =>
      columnOf('Limits', words),
    )
    const disk = rowOf('Limits', 'disk')
    const as = calculator(book)
    expect(as('Limits', `${likely}${disk}`)).toMatch(/^not by /)
    // 300 GB at half a GB a day: 400 days; at one GB 200; with a disk of 150 GB 100
    const twice = calculator(book, { [input('Growth')]: 2 })
    expect(Number(twice('Limits', `${likely}${disk}`)) - serialOf(plan.at)).toBeCloseTo(200, -1.3)
    const small = calculator(book, { [input('disk')]: 150 })
    expect(Number(small('Limits', `${likely}${disk}`)) - serialOf(plan.at)).toBeCloseTo(100, -1.3)
    expect(small('Limits', `F${disk}`)).toBe('free')
    expect(calculator(book, { [input('disk')]: 110 })('Limits', `F${disk}`)).toBe('near')
    expect(calculator(book, { [input('disk')]: 90 })('Limits', `F${disk}`)).toBe('reached')
    const five = calculator(book, { [input('Users')]: 5 })
    expect(Number(as('Limits', `${faster}${disk}`)) - serialOf(plan.at)).toBeCloseTo(40, -1.3)
    expect(Number(five('Limits', `${faster}${disk}`)) - serialOf(plan.at)).toBeCloseTo(80, -1.3)
    // 30 at work and twice their root
    expect(
      five(
        'Projections',
        `${columnOf('Projections', 'Now, with more users')}${rowOf('Projections', 'Connections needed')}`,
      ),
    ).toBe(41)
  })

  test('states colour themselves, and inputs are marked', () => {
    const xml = [...book.parts].find(
      ([path, text]) => path.includes('worksheets') && text.includes('"near"'),
    )![1]
    expect(xml).toMatch(/<conditionalFormatting sqref="F3:F\d+">/)
    expect(xml).toMatch(
      /<cfRule type="expression"[^>]*dxfId="\d+"[^>]*>\s*<formula>F3=(&quot;|")reached(&quot;|")<\/formula>/,
    )
    expect(book.parts.get('xl/styles.xml')).toContain('F4A6A0')
    expect([...book.sheets.keys()]).toEqual([
      'Inputs',
      'Projections',
      'Limits',
      'Dates',
      'Baseline',
      'Method',
    ])
  })
})

test('a history that is too short has a workbook as well', async () => {
  const young = readWorkbook(await writeXlsx(capacityWorkbook(madePlan(3))))
  const texts = [...young.sheets.get('Method')!.values()].map(({ value }) => value)
  expect(texts).toContain('3 days of history: no projection before there are 7 days')
  const values = [...young.sheets.get('Limits')!.values()].map(({ value }) => value)
  expect(values).toContain('not projected')
})

test('CSV has a line a measure and moment, a line a limit, and nothing that calculates', () => {
  const hostile = { ...plan, measures: [{ ...plan.measures[0]!, id: '=cmd|x', label: 'a "b", c' }] }
  const lines = capacityCsv(hostile).trimEnd().split('\r\n')
  expect(lines[0]).toMatch(/^kind,id,label,unit,moment,at,value,/)
  expect(lines.find((line) => line.startsWith('measure,\'=cmd|x,"a ""b"", c",bytes,now'))).toBeDefined()
  expect(lines.filter((line) => line.startsWith('limit,'))).toHaveLength(plan.limits.length)
  expect(lines.every((line) => line.replace(/"[^"]*"/g, '').split(',').length === 19)).toBe(true)
})
