// E-mail by SMTP: plain text and HTML, a thread for each life of a finding. A repetition has the same Message-ID, by which most
// mailboxes keep one of the two.

import { createTransport } from 'nodemailer'
import type { AlertMessage, DeliveryBatch } from '../model/alert.ts'
import { escapeXml } from '../report/escape-xml.ts'
import { circumstances, eventWord, evidenceOf, headline } from './alert-words.ts'
import type { Channel, SendResult } from './channel.ts'
import { clip } from './clip.ts'
import { dedupKey } from './dedup-key.ts'

export interface EmailOptions {
  /** smtp:// or smtps://, with user and password. */
  readonly smtp: string
  readonly from: string
  readonly to: readonly string[]
}

const MOST_ALERTS = 20
/** A mailbox is no pager: what opens together shall come together. */
const PACE_MS = 10_000
const WITHIN_MS = 15_000
const SUBJECT_MOST = 150
const VALUE_MOST = 4_000

/** RFC 5321: the message is too large, or refused for what it holds. Everything else may pass. */
const REFUSALS: ReadonlySet<number> = new Set([552, 554])

export function email(id: string, { smtp, from, to }: EmailOptions): Channel {
  const transport = createTransport({
    url: smtp,
    connectionTimeout: WITHIN_MS,
    greetingTimeout: WITHIN_MS,
    socketTimeout: WITHIN_MS,
  })
  return {
    id,
    kind: 'email',
    most: MOST_ALERTS,
    paceMs: PACE_MS,
    send: async (batch, signal): Promise<SendResult> => {
      const sending = transport.sendMail({ from, to: [...to], ...emailOf(batch, from) })
      try {
        const { messageId } = await Promise.race([sending, aborted(signal)])
        return { is: 'sent', receipt: messageId }
      } catch (error) {
        sending.catch(() => undefined)
        const { responseCode, message } = error as { responseCode?: number; message: string }
        const because = clip(message, 300)
        return REFUSALS.has(responseCode ?? 0)
          ? { is: 'refused', because }
          : { is: 'failed', because, retryAfterMs: null }
      }
    },
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}

export interface EmailContent {
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly messageId: string
  readonly references?: string
  /** Out-of-office answers to machines help nobody (RFC 3834). */
  readonly headers: Readonly<Record<string, string>>
}

export function emailOf({ id, deliveries }: DeliveryBatch, from: string): EmailContent {
  const messages = deliveries.map(({ message }) => message)
  const [first] = messages
  const domain = /@([\w.-]+)/.exec(from)?.[1] ?? 'pgsteward.invalid'
  const subject = messages.length === 1 ? headline(first!) : `${messages.length} alerts of ${first!.targetId}`
  return {
    subject: clip(oneLine(`[${first!.targetId}] ${subject}`), SUBJECT_MOST),
    text: `${messages.map(asText).join('\n\n')}\n`,
    html: page(messages),
    messageId: `<${id}@${domain}>`,
    ...(messages.length === 1 ? { references: `<${dedupKey(first!)}@${domain}>` } : {}),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  }
}

function asText(message: AlertMessage): string {
  return [
    headline(message),
    circumstances(message),
    ...evidenceOf(message).map(({ label, value }) => `  ${label}: ${clip(value, VALUE_MOST)}`),
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
  return `<!doctype html><html lang="en"><body style="font:14px/1.5 system-ui,sans-serif;margin:0;padding:16px">${messages.map(asHtml).join('')}</body></html>`
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
  return `<section style="border-left:4px solid ${tone};padding:0 0 0 12px;margin:0 0 24px"><p style="margin:0;font-weight:600"><span style="color:${tone}">${escapeXml(eventWord(message))}</span> ${escapeXml(clip(message.summary, VALUE_MOST))}</p><p style="margin:0;opacity:.7">${escapeXml(clip(circumstances(message), VALUE_MOST))}</p><table style="border-collapse:collapse">${rows}</table>${remedy}${link}</section>`
}

/** A line break in a subject would begin another header. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}
