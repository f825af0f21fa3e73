// Mail by SMTP, one message at a time, in the terms of a channel: sent, failed for now, refused.

import { createTransport } from 'nodemailer'
import { guardedConnection } from '../net/guarded-connection.ts'
import type { SendResult } from './channel.ts'
import { clip } from './clip.ts'

export interface EmailOptions {
  /** smtp:// or smtps://, with user and password. */
  readonly smtp: string
  readonly from: string
  readonly to: readonly string[]
  /** As `outbound.allow` of the configuration. */
  readonly allow?: readonly string[] | undefined
}

export interface EmailContent {
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly messageId: string
  readonly references?: string
  readonly attachments?: {
    readonly filename: string
    readonly content: string
    readonly contentType: string
  }[]
}

const WITHIN_MS = 15_000

/** RFC 5321: the message is too large, or refused for what it holds. Everything else may pass. */
const REFUSALS: ReadonlySet<number> = new Set([552, 554])

/** Out-of-office answers to machines help nobody (RFC 3834). */
const HEADERS = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' }

/** Rejects where the signal ends it; no reason holds the password. */
export function smtpSender({
  smtp,
  from,
  to,
  allow = [],
}: EmailOptions): (content: EmailContent, signal: AbortSignal) => Promise<SendResult> {
  const transport = createTransport({
    url: smtp,
    connectionTimeout: WITHIN_MS,
    greetingTimeout: WITHIN_MS,
    socketTimeout: WITHIN_MS,
    // TLS begins on it, at once or by STARTTLS, for the name of the URL
    getSocket: ({ host = 'localhost', port, secure }, callback) => {
      guardedConnection({
        host,
        port: Number(port ?? (secure ? 465 : 587)),
        allow,
        withinMs: WITHIN_MS,
      }).then(
        (connection) => callback(null, { connection }),
        (error: Error) => callback(error, false),
      )
    },
  })
  return async (content, signal) => {
    const sending = transport.sendMail({ from, to: [...to], headers: HEADERS, ...content })
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
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}

/** Of the sender's domain, as RFC 5322 wants them to be unique. */
export function messageId(id: string, from: string): string {
  return `<${id}@${/@([\w.-]+)/.exec(from)?.[1] ?? 'pgsteward.invalid'}>`
}

/** A line break in a subject would begin another header. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}
