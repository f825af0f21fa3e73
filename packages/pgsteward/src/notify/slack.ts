// Slack by an incoming webhook. Limits: docs.slack.dev (blocks), and 12,000 characters in all, since Slack refuses long messages from
// about 13,200 on (slackapi/bolt-js#2509). A webhook takes about one message a second.

import type { AlertMessage, DeliveryBatch } from '../model/alert.ts'
import { chartLine, circumstances, eventWord, evidenceOf, happenedBefore, headline } from './alert-words.ts'
import type { Channel } from './channel.ts'
import { clip } from './clip.ts'
import { type HttpChannelOptions, post } from './http-channel.ts'
import { type ReportNews, reasonsOf, reportHeadline } from './report-news.ts'

export interface SlackOptions extends HttpChannelOptions {
  /** Holds the secret. */
  readonly url: string
}

const MOST_ALERTS = 10
const PACE_MS = 1_100
const FIELDS_MOST = 10
const ALL_MOST = 12_000
/** Before escaping, which makes five characters of one at worst. */
const FALLBACK_MOST = 300
const SUMMARY_MOST = 400
const VALUE_MOST = 120
const CODE_MOST = 300
const COMPACT_MOST = 80

export function slack(id: string, { url, allow }: SlackOptions): Channel {
  return {
    id,
    kind: 'slack',
    most: MOST_ALERTS,
    paceMs: PACE_MS,
    // a webhook answers "ok" and nothing by which the message could be found again
    send: (batch, signal) =>
      post({ url, allow, headers: {}, body: JSON.stringify(slackMessage(batch)), signal }),
    sendReport: (news, signal) =>
      post({ url, allow, headers: {}, body: JSON.stringify(slackReport(news)), signal }),
  }
}

interface Mrkdwn {
  readonly type: 'mrkdwn'
  readonly text: string
}

export type SlackBlock =
  | { readonly type: 'section'; readonly text: Mrkdwn; readonly fields?: readonly Mrkdwn[] }
  | { readonly type: 'context'; readonly elements: readonly Mrkdwn[] }
  | { readonly type: 'divider' }

export interface SlackMessage {
  /** What notifications show. */
  readonly text: string
  readonly blocks: readonly SlackBlock[]
}

export function slackMessage({ deliveries, isInDoubt }: DeliveryBatch): SlackMessage {
  const messages = deliveries.map(({ message }) => message)
  const all = messages.map(headline).join('; ')
  const text = say(messages.length === 1 ? all : `${messages.length} alerts: ${all}`, FALLBACK_MOST)
  const doubt = isInDoubt
    ? [context('An earlier try of this message got no answer, so it may be here twice.')]
    : []
  // each alert has its share, so that a long one does not crowd out the others
  const share = Math.floor((ALL_MOST - text.length) / messages.length) - 20
  const blocks = messages.flatMap((message, at) => [
    ...(at === 0 ? [] : [{ type: 'divider' } as const]),
    ...alertBlocks(message, share),
  ])
  return { text, blocks: [...doubt, ...blocks] }
}

/** The verdict and what it rests on; the report itself is behind the link. */
export function slackReport(news: ReportNews): SlackMessage {
  const headline = say(reportHeadline(news), FALLBACK_MOST)
  const { lines, left } = reasonsOf(news)
  const reasons = [
    ...lines.map(
      ({ text, severity }) => `• ${severity === null ? '' : `${severity}: `}${say(text, VALUE_MOST)}`,
    ),
    ...(left > 0 ? [`and ${left} more`] : []),
  ]
  return {
    text: headline,
    blocks: [
      section(`*${headline}*`),
      ...(reasons.length === 0 ? [] : [section(reasons.join('\n'))]),
      ...(news.link === null ? [] : [context(`<${news.link}|open in pgsteward>`)]),
    ],
  }
}

function alertBlocks(message: AlertMessage, share: number): readonly SlackBlock[] {
  const { fields, codes } = evidenceParts(message)
  const title = (most: number) =>
    `${MARKS[markOf(message)]} *${say(eventWord(message), VALUE_MOST)}*: ${say(message.summary, most)}`
  const link = message.link === null ? '' : ` · <${message.link}|open in pgsteward>`
  const whole: readonly SlackBlock[] = [
    { ...section(title(SUMMARY_MOST)), ...(fields.length === 0 ? {} : { fields }) },
    ...codes.map(section),
    context(...backgroundOf(message), `${say(circumstances(message), SUMMARY_MOST)}${link}`),
  ]
  return JSON.stringify(whole).length <= share
    ? whole
    : [section(title(COMPACT_MOST)), context(say(circumstances(message), COMPACT_MOST))]
}

/** Short values as two columns, the first long one (a statement) and the remedy as code; nothing for what is over. */
function evidenceParts(message: AlertMessage): {
  readonly fields: readonly Mrkdwn[]
  readonly codes: readonly string[]
} {
  if (message.event === 'resolved' || message.event === 'acknowledged') return { fields: [], codes: [] }
  const all = evidenceOf(message)
  const isShort = ({ value }: { value: string }) => value.length <= 40
  const long = all.find((each) => !isShort(each))
  const remedy = message.remedy?.sql[0]
  return {
    fields: all
      .filter(isShort)
      .slice(0, FIELDS_MOST)
      .map(({ label, value }) => ({
        type: 'mrkdwn',
        text: `*${say(label, VALUE_MOST)}*\n${say(value, VALUE_MOST)}`,
      })),
    codes: [
      ...(long === undefined ? [] : [`${say(long.label, VALUE_MOST)}: ${code(long.value)}`]),
      ...(remedy === undefined ? [] : [`proposed: ${code(remedy)}`]),
    ],
  }
}

/** How the value went, and what happened before: parts of one block, since a message may have no more than 50. */
function backgroundOf(message: AlertMessage): readonly string[] {
  const chart = chartLine(message)
  return [
    ...(chart === null
      ? []
      : [`${say(chart.label, VALUE_MOST)}  ${chart.line}  ${say(chart.range, VALUE_MOST)}`]),
    ...happenedBefore(message).map((each) => say(each, CODE_MOST)),
  ]
}

const MARKS = {
  critical: ':red_circle:',
  warning: ':large_orange_circle:',
  info: ':white_circle:',
  over: ':white_check_mark:',
  hand: ':raised_hand:',
}

function markOf({ event, severity }: AlertMessage): keyof typeof MARKS {
  return event === 'resolved' ? 'over' : event === 'acknowledged' ? 'hand' : severity
}

function code(text: string): string {
  return `\`\`\`${say(text.replaceAll('`', "'"), CODE_MOST)}\`\`\``
}

function section(text: string): SlackBlock & { readonly type: 'section' } {
  return { type: 'section', text: { type: 'mrkdwn', text } }
}

function context(...texts: readonly string[]): SlackBlock {
  return { type: 'context', elements: texts.map((text) => ({ type: 'mrkdwn', text })) }
}

/** Slack's three control characters escaped: nothing of a database may call a channel together by `<!channel>`. */
function say(text: string, most: number): string {
  return clip(text, most).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
