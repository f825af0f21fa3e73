// E-mail as a channel: what opens together comes together.

import type { Channel } from './channel.ts'
import { emailOf } from './email-content.ts'
import { reportEmail } from './report-email.ts'
import { type EmailOptions, smtpSender } from './smtp.ts'

const MOST_ALERTS = 20
/** A mailbox is no pager: what opens together shall come together. */
const PACE_MS = 10_000

export function email(id: string, options: EmailOptions): Channel {
  const send = smtpSender(options)
  return {
    id,
    kind: 'email',
    most: MOST_ALERTS,
    paceMs: PACE_MS,
    send: (batch, signal) => send(emailOf(batch, options.from), signal),
    sendReport: (news, signal) => send(reportEmail(news, id, options.from), signal),
  }
}
