// The pages of reports in a real Chromium, and the HTML of each kind as a file: light, dark, on a phone and on paper.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { renderHtml } from '../../pgsteward/src/report/documents/render-html.ts'
import { accessibilityFaults, cutElements } from './accessibility.ts'
import { horizontalOverflow, recordComplaints } from './browser.ts'
import { dashboardInChromium, soon } from './dashboard-in-chromium.ts'
import { noReports, oneReport, reports } from './fixtures-reports.ts'

const dashboard = dashboardInChromium()
const { open, textOf } = dashboard
const mainText = async () => (await textOf('main')).replaceAll('\u00a0', ' ')
/** What a page of A4 holds between margins of 14 mm, at 96 pixels an inch. */
const A4_TEXT_PX = 688
const KINDS = reports().reports.map(({ kind }) => kind)

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  it.each([
    ['/reports', 'Weekly report'],
    ['/reports/daily/2026-11-22', 'Time in the database is 16 % above'],
    ['/reports/optimization/2026-10', '<script>alert(1)</script>'],
  ])('%s fits from phone to desk and complains of nothing', async (path, shows) => {
    const { page } = dashboard
    await page.emulateMedia({ colorScheme: theme })
    await open(path)
    await page.getByText(shows).first().waitFor()
    for (const width of [1600, 1024, 390]) {
      await page.setViewportSize({ width, height: 800 })
      await soon(() => horizontalOverflow(page), `${width} wide`).toBe(0)
    }
    expect(await mainText()).not.toMatch(/NaN|undefined|\bnull\b|Infinity/)
    expect(dashboard.complaints).toEqual([])
  })
})

it('from the list to a report and from its number to the evidence (R3)', async () => {
  const { page } = dashboard
  await open('/')
  await page.keyboard.press('g')
  await page.keyboard.press('r')
  await soon(mainText).toContain('daily 07:30; weekly Mon 09:00 to team (Europe/Berlin)')
  const row = page.locator('.report-list li').filter({ hasText: 'Daily report' })
  expect(await row.textContent()).toContain('Yellow')
  await row.getByRole('link').click()
  await soon(mainText).toContain('93.9 % of this time was observed')
  expect(await mainText()).toContain('not known')
  await soon(() => page.locator('.report-section canvas').count()).toBe(1)
  await page
    .getByRole('link', { name: '1 h 25 min' })
    .or(page.getByRole('link', { name: '1.4 h' }))
    .click()
  expect(dashboard.address().pathname).toBe('/statements')
})

it('each form is kept as a file', async () => {
  const { page } = dashboard
  await open('/reports/weekly/2026-W47')
  for (const [button, format] of [
    ['HTML', 'html'],
    ['Markdown', 'md'],
    ['JSON', 'json'],
  ] as const) {
    const file = page.waitForEvent('download')
    await page.getByRole('button', { name: button }).click()
    expect((await file).suggestedFilename()).toBe(`messaging-weekly-2026-W47.${format}`)
    const asked = dashboard.server.asked.findLast(({ query }) => query.has('format'))!
    expect(Object.fromEntries(asked.query)).toEqual({ target: 'messaging', format })
  }
})

it('one is made now, and led to; none says when the first comes', async () => {
  const { page } = dashboard
  await open('/reports')
  await page.getByLabel('Of the last period').selectOption('weekly')
  await page.getByRole('button', { name: 'Make it now' }).click()
  await soon(() => dashboard.address().pathname).toBe('/reports/weekly/2026-W47')
  expect(dashboard.server.asked.find(({ method }) => method === 'POST')?.path).toBe('reports')
  dashboard.server.answers.set('reports', noReports)
  await open('/reports')
  await soon(mainText).toContain('No report was made yet')
})

describe('as a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pgsteward-report-html-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each(KINDS)(
    'the %s report is whole on a phone, at a desk and on paper, and asks nobody',
    async (kind) => {
      const path = join(folder, `${kind}.html`)
      writeFileSync(path, renderHtml(oneReport(kind), { baseUrl: 'https://pgsteward.example.com' }))
      const page = await dashboard.context.newPage()
      const complaints = recordComplaints(page)
      const asked: string[] = []
      page.on('request', (request) => asked.push(request.url()))
      await page.goto(pathToFileURL(path).href)
      const isCut = () =>
        page.evaluate(() => {
          const pictures = [...document.querySelectorAll('svg')].filter((svg) => svg.clientWidth > 0)
          const texts = pictures.flatMap((svg) => {
            const room = svg.getBoundingClientRect()
            return [...svg.querySelectorAll('text')].filter((text) => {
              const box = text.getBoundingClientRect()
              return box.left < room.left - 1 || box.right > room.right + 1
            })
          })
          return {
            wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
            texts: texts.map((text) => text.textContent),
          }
        })
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, media: 'screen' })
        for (const width of [390, 1024]) {
          await page.setViewportSize({ width, height: 800 })
          expect(await isCut(), `${colorScheme}, ${width} wide`).toEqual({ wider: 0, texts: [] })
        }
      }
      await page.setViewportSize({ width: A4_TEXT_PX, height: 980 })
      await page.emulateMedia({ colorScheme: 'light', media: 'print' })
      expect(await cutElements(page)).toEqual([])
      // paper stays white whatever the screen is
      await page.emulateMedia({ colorScheme: 'dark', media: 'print' })
      const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
      expect(ground).toBe('rgb(255, 255, 255)')
      const pdf = await page.pdf({ preferCSSPageSize: true })
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
      expect(asked).toEqual([pathToFileURL(path).href])
      expect(complaints).toEqual([])
    },
  )

  it.each(KINDS)('the %s report keeps nobody from reading it, light and dark (R3)', async (kind) => {
    const path = join(folder, `${kind}-read.html`)
    writeFileSync(path, renderHtml(oneReport(kind), { baseUrl: 'https://pgsteward.example.com' }))
    const page = await dashboard.context.newPage()
    await page.goto(pathToFileURL(path).href)
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [390, 1024]) {
        await page.emulateMedia({ colorScheme, media: 'screen' })
        await page.setViewportSize({ width, height: 800 })
        await page.evaluate(() => {
          for (const each of document.querySelectorAll('details')) each.open = true
        })
        expect(await accessibilityFaults(page), `${colorScheme}, ${width} wide`).toEqual([])
      }
  })

  it('a table of many columns fits on paper', async () => {
    const path = join(folder, 'many.html')
    const unit = (index: number) => (['ms', 'bytes', 'ratio', 'count'] as const)[index % 4]!
    const columns = Array.from({ length: 11 }, (_, index) => ({
      label: `Time to acknowledge ${index}`,
      unit: unit(index),
    }))
    const report = oneReport('weekly')
    const table = {
      title: 'Many',
      columns: [{ label: 'Month', unit: 'text' as const }, ...columns],
      rows: ['September 2026', 'October 2026'].map((month) => ({
        cells: [month, ...columns.map((_, index) => (index % 4 === 2 ? 0.4567 : 123_456_789))],
        link: null,
      })),
      empty: '',
      more: 0,
    }
    const sections = [{ id: 'many', title: 'Many', blocks: [{ is: 'table' as const, table }] }]
    writeFileSync(path, renderHtml({ ...report, sections }, { baseUrl: null }))
    const page = await dashboard.context.newPage()
    await page.goto(pathToFileURL(path).href)
    await page.setViewportSize({ width: A4_TEXT_PX, height: 980 })
    await page.emulateMedia({ media: 'print' })
    expect(await cutElements(page)).toEqual([])
    await page.emulateMedia({ media: 'screen' })
    for (const width of [390, 700, 1024]) {
      await page.setViewportSize({ width, height: 800 })
      expect(await cutElements(page), `${width} wide`).toEqual([])
    }
  })

  it('faults are found where there are some', async () => {
    const page = await dashboard.context.newPage()
    await page.setContent(
      '<body><p style="color:#aaa">faint</p><main><h1>One</h1><h3>Three</h3><svg width="9" height="9"></svg><p>see <a href="#x" style="text-decoration:none;color:#222">this</a></p></main></body>',
    )
    expect((await accessibilityFaults(page)).map((fault) => fault.replace(/[:\d].*/, ''))).toEqual([
      'the page names no language',
      'the page has no title',
      'a heading skips a level',
      'outside of every landmark',
      'a picture without a name',
      'contrast ',
      'a link told by its colour alone',
    ])
  })
})
