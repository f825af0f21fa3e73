// Slack's incoming webhook as its documentation has it: unknown fields, too many blocks and too long texts are refused. Limits:
// docs.slack.dev/reference/block-kit/blocks, and 13,200 characters in all (slackapi/bolt-js#2509).

import { z } from 'zod'
import type { Answer, Received } from './receiver.ts'

const mrkdwn = (most: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: z.string().min(1).max(most) })
const block = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('section'),
    text: mrkdwn(3_000),
    fields: z.array(mrkdwn(2_000)).min(1).max(10).optional(),
  }),
  z.strictObject({ type: z.literal('context'), elements: z.array(mrkdwn(2_000)).min(1).max(10) }),
  z.strictObject({ type: z.literal('divider') }),
])
const message = z.strictObject({ text: z.string().min(1).max(40_000), blocks: z.array(block).min(1).max(50) })

const MOST_CHARACTERS = 13_200
/** Links, and the entities that Slack knows. */
const CONTROL = /<(?!https?:\/\/[^<>|]+\|[^<>]+>)|&(?!amp;|lt;|gt;)/

export function strictSlack({ method, headers, body }: Received): Answer {
  if (method !== 'POST' || !headers['content-type']?.startsWith('application/json'))
    return { status: 400, body: 'invalid_payload' }
  const parsed = message.safeParse(JSON.parse(body))
  if (!parsed.success) return { status: 400, body: `invalid_blocks ${z.prettifyError(parsed.error)}` }
  if (body.length > MOST_CHARACTERS) return { status: 400, body: 'msg_blocks_too_long' }
  const texts = [parsed.data.text, ...textsIn(parsed.data.blocks)]
  const wild = texts.find((text) => CONTROL.test(text))
  if (wild !== undefined) return { status: 400, body: `unescaped: ${wild.slice(0, 80)}` }
  return { status: 200, body: 'ok' }
}

function textsIn(blocks: z.output<typeof message>['blocks']): readonly string[] {
  return blocks.flatMap((each) => {
    if (each.type === 'divider') return []
    if (each.type === 'context') return each.elements.map(({ text }) => text)
    return [each.text.text, ...(each.fields ?? []).map(({ text }) => text)]
  })
}
