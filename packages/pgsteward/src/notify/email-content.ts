// An alert, or those that come together, as a mail: plain text and HTML, a thread for each life of a finding. A repetition has the same
// Message-ID, by which most mailboxes keep one of the two.

import type { AlertMessage, DeliveryBatch } from '../model/alert.ts'
import { escapeXml } from '../report/escape-xml.ts'
import { chartLine, circumstances, eventWord, evidenceOf, happenedBefore, headline } from './alert-words.ts'
import { clip } from './clip.ts'
import { dedupKey } from './dedup-key.ts'
import { type EmailContent, messageId, oneLine } from './smtp.ts'

const SUBJECT_MOST = 150
const VALUE_MOST = 4_000

export function emailOf({ id, deliveries }: DeliveryBatch, from: string): EmailContent {
  const messages = deliveries.map(({ message }) => message)
  const [first] = messages
  const subject = messages.length === 1 ? headline(first!) : `${messages.length} alerts of ${first!.targetId}`
  return {
    subject: clip(oneLine(`[${first!.targetId}] ${subject}`), SUBJECT_MOST),
    text: `${messages.map(asText).join('\n\n')}\n`,
    html: page(messages),
    messageId: messageId(id, from),
    ...(messages.length === 1 ? { references: messageId(dedupKey(first!), from) } : {}),
  }
}

function asText(message: AlertMessage): string {
  const chart = chartLine(message)
  return [
    headline(message),
    circumstances(message),
    ...evidenceOf(message).map(({ label, value }) => `  ${label}: ${clip(value, VALUE_MOST)}`),
    ...(chart === null ? [] : [`  ${chart.label}: ${chart.line} ${chart.range}`]),
    ...happenedBefore(message).map((each) => `  ${clip(each, VALUE_MOST)}`),
    ...(message.remedy === null
      ? []
      : ['', ...message.remedy.sql.map((each) => clip(each, VALUE_MOST)), message.remedy.caution]),
    ...(message.link === null ? [] : ['', message.link]),
    `What to do: ${message.runbook}`,
  ].join('\n')
}

/** Colours by style attributes: mail programs drop style sheets. Light and dark both read it. */
const TONES = { critical: '#c0341d', warning: '#b26a00', info: '#5b6573', over: '#2b7d3f' } as const

function page(messages: readonly AlertMessage[]): string {
  return `<!doctype html><html lang="en"><head><meta name="color-scheme" content="light dark"></head><body style="font:14px/1.5 system-ui,sans-serif;margin:0;padding:16px">${messages.map(asHtml).join('')}</body></html>`
}

function asHtml(message: AlertMessage): string {
  const tone = message.event === 'resolved' ? TONES.over : TONES[message.severity]
  const rows = evidenceOf(message)
    .map(({ label, value }) => {
      const cell = clip(value, VALUE_MOST)
      const isCode = cell.length > 40
      return `<tr><td style="padding:2px 16px 2px 0;vertical-align:top;opacity:.7">${escapeXml(label)}</td><td style="padding:2px 0">${isCode ? `<code>${escapeXml(cell)}</code>` : escapeXml(cell)}</td></tr>`
    })
    .join('')
  const remedy =
    message.remedy === null
      ? ''
      : `<pre style="white-space:pre-wrap">${escapeXml(message.remedy.sql.map((each) => clip(each, VALUE_MOST)).join('\n'))}</pre><p>${escapeXml(clip(message.remedy.caution, VALUE_MOST))}</p>`
  const link =
    message.link === null ? '' : `<p><a href="${escapeXml(message.link)}">Open in pgsteward</a></p>`
  return `<section style="border-left:4px solid ${tone};padding:0 0 0 12px;margin:0 0 24px"><p style="margin:0;font-weight:600"><span style="color:${tone}">${escapeXml(eventWord(message))}</span> ${escapeXml(clip(message.summary, VALUE_MOST))}</p><p style="margin:0;opacity:.7">${escapeXml(clip(circumstances(message), VALUE_MOST))}</p><table style="border-collapse:collapse">${rows}</table>${chartHtml(message, tone)}${happenedHtml(message)}${remedy}${link}</section>`
}

const CHART_HEIGHT_PX = 36
const BAR_WIDTH_PX = 6

/** Cells of a table with a ground: mail programs show neither scripts nor SVG, and ask before they load a picture. */
function chartHtml(message: AlertMessage, tone: string): string {
  const chart = chartLine(message)
  if (chart === null) return ''
  const values = message.context!.chart!.values
  const most = Math.max(...values.map((value) => value ?? 0))
  const bars = values
    .map((value) => {
      const share = value === null || most <= 0 ? 0 : Math.max(0, value) / most
      return `<td style="padding:0 1px 0 0;vertical-align:bottom"><div style="width:${BAR_WIDTH_PX}px;height:${Math.max(1, Math.round(share * CHART_HEIGHT_PX))}px;background:${value === null ? '#c9cfd8' : tone};font-size:0;line-height:0"></div></td>`
    })
    .join('')
  return `<p style="margin:12px 0 2px;opacity:.7">${escapeXml(chart.label)}: ${escapeXml(chart.range)}</p><table role="presentation" style="border-collapse:collapse;height:${CHART_HEIGHT_PX}px"><tr>${bars}</tr></table>`
}

function happenedHtml(message: AlertMessage): string {
  const lines = happenedBefore(message)
  if (lines.length === 0) return ''
  return `<p style="margin:12px 0 0;opacity:.7">Shortly before</p>${lines.map((line) => `<p style="margin:0">${escapeXml(clip(line, VALUE_MOST))}</p>`).join('')}`
}
