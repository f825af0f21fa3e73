// A report as one HTML file: read on a screen, on a phone, on paper and in a mailbox's attachment, with no server, script or network.

import type { Report } from '../../model/report.ts'
import { escapeXml } from '../escape-xml.ts'
import { blockHtml, type HtmlContext, itemsHtml, prose } from './html-blocks.ts'
import { REPORT_STYLE } from './report-style.ts'
import {
  coverageText,
  gapText,
  momentText,
  periodText,
  type RenderOptions,
  STATUS_WORDS,
} from './report-words.ts'

/** Nothing is fetched, whatever a name or text of others says. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

export function renderHtml(report: Report, options: RenderOptions): string {
  let ids = 0
  const context: HtmlContext = {
    ...options,
    report,
    nextId: () => {
      ids += 1
      return `c${ids}`
    },
  }
  const { title, targetId, period, madeAt, sections } = report
  const contents = sections
    .map(({ title: name }, index) => `<li><a href="#part-${index + 1}">${escapeXml(name)}</a></li>`)
    .join('')
  const parts = sections.map(
    ({ title: name, blocks }, index) =>
      `<section id="part-${index + 1}" aria-labelledby="head-${index + 1}"><h2 id="head-${index + 1}">${escapeXml(name)}</h2>${blocks.map((block) => blockHtml(block, context)).join('')}</section>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="pgsteward">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escapeXml(`${title} · ${targetId} · ${period.label}`)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<header>
<p class="target">${escapeXml(targetId)} · ${escapeXml(period.label)}</p>
<h1>${escapeXml(title)}</h1>
<p class="small muted">${escapeXml(periodText(report))}</p>
</header>
<main>
${statusHtml(report, context)}${coverageHtml(report)}${sections.length > 2 ? `<nav aria-label="Contents"><ul>${contents}</ul></nav>` : ''}
${parts.join('\n')}
</main>
<footer><p class="muted">Made by pgsteward on ${escapeXml(momentText(madeAt, period.timeZone))}.${homeOf(options.baseUrl)}</p></footer>
</body>
</html>
`
}

function statusHtml({ status }: Report, context: HtmlContext): string {
  if (status === null) return ''
  const { level, reasons } = status
  return `<div class="status is-${level}"><h2>${STATUS_WORDS[level]}</h2>${reasons.length === 0 ? '' : itemsHtml(reasons, '', context)}</div>`
}

function coverageHtml(report: Report): string {
  const text = coverageText(report)
  if (text === null) return ''
  const gaps = report.coverage.gaps.map((gap) => `<li>${prose(gapText(gap, report.period.timeZone))}</li>`)
  return `<div class="coverage small"><p>${escapeXml(text)}</p>${gaps.length === 0 ? '' : `<ul>${gaps.join('')}</ul>`}</div>`
}

/** Links are not spelled out on paper, so their common beginning is, once. */
function homeOf(baseUrl: string | null): string {
  if (baseUrl === null || !URL.canParse(baseUrl)) return ''
  const address = escapeXml(new URL(baseUrl).href)
  return ` Its numbers lead to their evidence at <a href="${address}">${address}</a>.`
}
