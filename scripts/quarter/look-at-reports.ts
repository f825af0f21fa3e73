// Every report as people see it: in Chromium, light, dark, narrow, and printed.

import { mkdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { horizontalOverflow, launchBrowser, recordComplaints } from '../../packages/dashboard/test/browser.ts'

export interface Look {
  readonly looked: number
  readonly charts: number
  readonly pages: number
  readonly htmlBytes: number
  /** Of the largest. */
  readonly mostBytes: number
  /** What is wrong, with the file. */
  readonly complaints: readonly string[]
}

const WIDE = { width: 1_280, height: 900 }
const NARROW = { width: 390, height: 844 }

/** `files`: paths below `folder`; pictures and PDFs go below `pictures` by the same names. */
export async function lookAtReports(
  folder: string,
  files: readonly string[],
  pictures: string,
  onProgress: (done: number, of: number) => void,
): Promise<Look> {
  const browser = await launchBrowser()
  const complaints: string[] = []
  let [charts, pages, htmlBytes, mostBytes] = [0, 0, 0, 0]
  try {
    const page = await browser.newPage({ viewport: WIDE })
    const heard = recordComplaints(page)
    for (const [index, file] of files.entries()) {
      const path = join(folder, file)
      const to = join(pictures, file.replace(/\.html$/, ''))
      await mkdir(dirname(to), { recursive: true })
      await page.setViewportSize(WIDE)
      await page.emulateMedia({ colorScheme: 'light', media: 'screen' })
      await page.goto(pathToFileURL(path).href)
      const light = await backgroundOf(page)
      await page.screenshot({ path: `${to}.light.png`, fullPage: true })
      await page.emulateMedia({ colorScheme: 'dark', media: 'screen' })
      if ((await backgroundOf(page)) === light) complaints.push(`${file}: as light in the dark`)
      await page.screenshot({ path: `${to}.dark.png`, fullPage: true })
      await page.setViewportSize(NARROW)
      const overflow = await horizontalOverflow(page)
      if (overflow > 0) complaints.push(`${file}: ${overflow} px too wide for a phone`)
      await page.emulateMedia({ colorScheme: 'light', media: null })
      await page.setViewportSize(WIDE)
      await page.pdf({ path: `${to}.pdf`, format: 'A4', printBackground: false })
      pages += pagesOf(await readFile(`${to}.pdf`))
      charts += await page.locator('figure:has(svg)').count()
      if ((await page.locator('h1').count()) !== 1) complaints.push(`${file}: no title`)
      complaints.push(...heard.splice(0).map((text) => `${file}: ${text}`))
      const { size } = await stat(path)
      htmlBytes += size
      mostBytes = Math.max(mostBytes, size)
      onProgress(index + 1, files.length)
    }
  } finally {
    await browser.close()
  }
  return { looked: files.length, charts, pages, htmlBytes, mostBytes, complaints }
}

function backgroundOf(page: Page): Promise<string> {
  return page.evaluate('getComputedStyle(document.body).backgroundColor')
}

/** Chromium writes each page's object in plain text. */
function pagesOf(pdf: Buffer): number {
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0
}
