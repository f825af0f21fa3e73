// Each page has its address, its question and a test of its main task that is really there.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseRoute } from '../src/route.ts'
import { DASHBOARD_ROOT } from './build.ts'
import { PAGES } from './pages.ts'

const known = Object.entries(PAGES).map(([page, rest]) => ({ page, ...rest }))
const fileOf = (name: string) => readFileSync(join(DASHBOARD_ROOT, '..', name), 'utf8')

describe.each(known)('the page $page', ({ page, path, question, task }) => {
  it('is where its address leads', () => {
    expect(parseRoute(path).page).toBe(page)
  })

  it('answers a question', () => {
    expect(question).toMatch(/^[A-Z].*\?$/)
  })

  it('has a test of its main task', () => {
    const titles = [...fileOf(task.file).matchAll(/\bit\(\s*(['"])(.*?)\1,/gs)].map(([, , title]) => title)
    expect(titles).toContain(task.title)
  })
})

it('every page that is loaded on its own is among them', () => {
  const parts = fileOf('dashboard/src/pages/lazy-pages.ts').matchAll(/^ {2}'?([\w-]+)'?: \(\) => import/gm)
  const loaded = [...parts].map(([, name]) => name!)
  expect(loaded.length).toBeGreaterThan(20)
  expect(Object.keys(PAGES)).toEqual(expect.arrayContaining(loaded))
})
