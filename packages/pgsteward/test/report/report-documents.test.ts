// Reports as documents: golden files of what is short, and what must hold of all.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { report as reportSchema } from '../../src/model/report.ts'
import { renderHtml } from '../../src/report/documents/render-html.ts'
import { renderMarkdown } from '../../src/report/documents/render-markdown.ts'
import { renderText } from '../../src/report/documents/render-text.ts'
import { REPORT_COLOURS } from '../../src/report/documents/report-style.ts'
import { MADE_REPORTS } from './made-reports.ts'

const PUBLIC = { baseUrl: 'https://pg.example.com/steward/' }
const ALL = Object.entries(MADE_REPORTS)
const { daily, weekly, monthly, optimization, load } = MADE_REPORTS

test.each(ALL)('the made %s report is one that a builder could make', (_, made) => {
  expect(reportSchema.parse(made)).toEqual(made)
})

test('read as before (R3)', async () => {
  await expect(renderMarkdown(daily, PUBLIC)).toMatchFileSnapshot('golden/report-daily.md')
  await expect(renderText(daily)).toMatchFileSnapshot('golden/report-daily.txt')
  await expect(renderMarkdown(monthly, { baseUrl: null })).toMatchFileSnapshot('golden/report-monthly.md')
  await expect(renderMarkdown(optimization, PUBLIC)).toMatchFileSnapshot('golden/report-hostile.md')
  await expect(renderText(optimization)).toMatchFileSnapshot('golden/report-hostile.txt')
})

describe('as HTML', () => {
  test.each(ALL)('a %s report loads nothing, runs nothing and leads only to the dashboard', (_, made) => {
    const html = renderHtml(made, PUBLIC)
    expect(html).not.toMatch(/<script|<img|<link|<iframe|\son\w+=|@import|url\(/i)
    const addresses = [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, address]) => address!)
    expect(
      addresses.filter((each) => !/^(#part-\d+$|https:\/\/pg\.example\.com\/steward\/)/.test(each)),
    ).toEqual([])
  })

  test('the control characters of others are gone', () => {
    const isControl = (letter: string) => /\p{Cc}/u.test(letter) && letter !== '\n'
    const texts = [
      renderHtml(optimization, PUBLIC),
      renderMarkdown(optimization, PUBLIC),
      renderText(optimization),
    ]
    for (const text of texts) expect([...text].filter(isControl)).toEqual([])
  })

  test('numbers lead to their evidence, and nowhere without a public address', () => {
    const html = renderHtml(daily, PUBLIC)
    expect(html).toContain('<a href="https://pg.example.com/steward/statements?target=shop">1 h 25 min</a>')
    expect(renderHtml(daily, { baseUrl: null })).not.toMatch(/href="(?!#)/)
  })

  test('what is not known is said, never shown as zero', () => {
    expect(renderHtml(daily, PUBLIC)).toContain('is-unknown">not known')
  })

  test('a status is a word, not a colour alone', () => {
    expect(renderHtml(weekly, PUBLIC)).toContain('<h2>Green</h2>')
    expect(renderHtml(MADE_REPORTS['index-health'], PUBLIC)).toContain('<h2>Unknown</h2>')
    expect(renderHtml(load, PUBLIC)).not.toContain('class="status')
  })

  test('a gap is never less than the share that it takes away', () => {
    expect(renderHtml(daily, PUBLIC)).toContain('93.9 % of this time was observed')
  })

  test('ids are unique, and each chart has a title and a description of its own', () => {
    const html = renderHtml(monthly, PUBLIC)
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, title, description] of html.matchAll(/aria-labelledby="(c\S+) (c[^"]+)"/g)) {
      expect(ids).toContain(title)
      expect(ids).toContain(description)
    }
  })

  test('a gap of a line is drawn as one, and a chart without points says so', () => {
    const line = /class="line s1" d="([^"]*)"/.exec(renderHtml(daily, PUBLIC))![1]!
    expect(line.match(/M/g)).toHaveLength(2)
    expect(renderHtml(load, PUBLIC)).toContain('Nothing was measured in this time.')
    expect(renderHtml(load, PUBLIC)).toContain('<circle class="dot s1"')
  })

  test('its colours are the dashboard’s', () => {
    const css = readFileSync(new URL('../../../dashboard/src/styles/tokens.css', import.meta.url), 'utf8')
    for (const [name, light] of Object.entries(REPORT_COLOURS.light))
      expect(css).toContain(`--${name}: light-dark(${light}, ${REPORT_COLOURS.dark[name as 'text']})`)
  })
})
