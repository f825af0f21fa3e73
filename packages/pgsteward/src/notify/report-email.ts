// A report as a mail: verdict, figures and lists in the body, the whole with its charts and tables attached. Mail programs drop style
// sheets and drawings, so the body does without.

import type { Report, ReportBlock, ReportFigure, ReportItem } from '../model/report.ts'
import { renderHtml } from '../report/documents/render-html.ts'
import { renderText } from '../report/documents/render-text.ts'
import {
  addressOf,
  comparedText,
  coverageText,
  moreText,
  periodText,
  STATUS_WORDS,
  type StatusLevel,
  valueText,
} from '../report/documents/report-words.ts'
import { escapeXml } from '../report/escape-xml.ts'
import { clip } from './clip.ts'
import { type ReportNews, reportHeadline, reportId } from './report-news.ts'
import { type EmailContent, messageId, oneLine } from './smtp.ts'

const SUBJECT_MOST = 150
const ITEMS_MOST = 10
const TEXT_MOST = 300

const TONES: Readonly<Record<StatusLevel, string>> = {
  green: '#1c6e46',
  yellow: '#855300',
  red: '#b3261e',
  unknown: '#5a6470',
}

/** A repetition has the same Message-ID, so that most mailboxes keep one of the two. */
export function reportEmail(news: ReportNews, channel: string, from: string): EmailContent {
  const { report, name, baseUrl, link } = news
  const id = `${reportId(news)}-${channel}`.replace(/[^\w.-]/g, '_')
  return {
    subject: clip(oneLine(`[pgsteward] ${reportHeadline(news)}`), SUBJECT_MOST),
    text: `${renderText(report)}${link === null ? '' : `\n${link}\n`}`,
    html: asHtml(news),
    messageId: messageId(id, from),
    attachments: [
      {
        filename: `${report.targetId}-${report.kind}-${name}.html`.replace(/[^\w.-]/g, '_'),
        content: renderHtml(report, { baseUrl }),
        contentType: 'text/html; charset=utf-8',
      },
    ],
  }
}

function asHtml({ report, link, baseUrl }: ReportNews): string {
  const coverage = coverageText(report)
  const sections = report.sections.map(({ title, blocks }) => {
    const parts = blocks.map((block) => blockHtml(block, baseUrl)).join('')
    return parts === ''
      ? ''
      : `<h2 style="font-size:16px;margin:20px 0 4px">${escapeXml(clip(title, TEXT_MOST))}</h2>${parts}`
  })
  const open = link === null ? '' : `<a href="${escapeXml(link)}">Open in pgsteward</a>, or `
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head><body style="font:14px/1.5 system-ui,sans-serif;margin:0;padding:16px"><h1 style="font-size:24px;margin:0">${escapeXml(clip(report.title, TEXT_MOST))}</h1><p style="margin:0;opacity:.7">${escapeXml(report.targetId)} · ${escapeXml(clip(report.period.label, TEXT_MOST))} · ${escapeXml(periodText(report))}</p>${statusHtml(report, baseUrl)}${coverage === null ? '' : `<p style="opacity:.7">${escapeXml(coverage)}</p>`}${sections.join('')}<p style="margin:20px 0 0">${open}see the attachment for charts and tables.</p></body></html>`
}

function statusHtml({ status }: Report, baseUrl: string | null): string {
  if (status === null) return ''
  return `<p style="font-size:16px;font-weight:600;margin:16px 0 4px;padding-left:8px;border-left:4px solid ${TONES[status.level]}">${STATUS_WORDS[status.level]}</p>${itemsHtml(status.reasons, baseUrl)}`
}

function blockHtml(block: ReportBlock, baseUrl: string | null): string {
  switch (block.is) {
    case 'text':
      return `<p style="margin:0 0 8px">${escapeXml(clip(block.text, 2_000))}</p>`
    case 'figures':
      return `<table style="border-collapse:collapse">${block.figures.map((each) => figureHtml(each, baseUrl)).join('')}</table>`
    case 'list':
      return `${block.title === null ? '' : `<p style="margin:8px 0 0;opacity:.7">${escapeXml(clip(block.title, TEXT_MOST))}</p>`}${block.items.length === 0 ? `<p style="margin:0;opacity:.7">${escapeXml(clip(block.empty, TEXT_MOST))}</p>` : itemsHtml(block.items, baseUrl)}`
    case 'chart':
    case 'table':
      return ''
  }
}

function figureHtml(figure: ReportFigure, baseUrl: string | null): string {
  const { label, value, unit, judgement, link } = figure
  const word = judgement === 'neutral' ? '' : `${judgement}${comparedText(figure) === '' ? '' : ', '}`
  const cell = 'padding:2px 12px 2px 0;vertical-align:top'
  const text = linked(escapeXml(clip(valueText(value, unit), TEXT_MOST)), link, baseUrl)
  return `<tr><td style="${cell};opacity:.7">${escapeXml(clip(label, TEXT_MOST))}</td><td style="${cell};text-align:right;font-weight:600">${text}</td><td style="${cell};opacity:.7">${word}${escapeXml(comparedText(figure))}</td></tr>`
}

function itemsHtml(items: readonly ReportItem[], baseUrl: string | null): string {
  if (items.length === 0) return ''
  const lines = items.slice(0, ITEMS_MOST).map(({ text, severity, link }) => {
    const body = linked(escapeXml(clip(text, TEXT_MOST)), link, baseUrl)
    return `<li>${severity === null ? '' : `<b>${severity}</b> `}${body}</li>`
  })
  const left = items.length - ITEMS_MOST
  return `<ul style="margin:0 0 8px;padding-left:20px">${lines.join('')}${left > 0 ? `<li>${moreText(left)}</li>` : ''}</ul>`
}

function linked(html: string, link: string | null, baseUrl: string | null): string {
  const address = addressOf(link, baseUrl)
  return address === null ? html : `<a href="${escapeXml(address)}" style="color:inherit">${html}</a>`
}
