import { expect, test } from 'vitest'
import { AT, alertContextRow, alertMessageRow, deliveryBatch } from '../../test/notify/alert-rows.ts'
import { channelContract } from '../../test/notify/contract.ts'
import { startReceiver } from '../../test/notify/receiver.ts'
import { strictSlack } from '../../test/notify/strict-slack.ts'
import { slack, slackMessage } from './slack.ts'

const SECRET = 'T000/B000/XXXXXXXX'
const make = (url: string) => slack('chat', { url: `${url}/services/${SECRET}` })
const FULL = {
  remedy: { sql: ['create index'], caution: '' },
  context: alertContextRow(),
}
const never = new AbortController().signal

channelContract({ name: 'Slack', make, taken: { status: 200, body: 'ok' }, secret: SECRET })

test.each([
  ['one alert', [alertMessageRow()]],
  [
    'every event',
    (['opened', 'worsened', 'escalated', 'repeated', 'acknowledged', 'resolved'] as const).map((event) =>
      alertMessageRow({ event }),
    ),
  ],
  [
    'ten long alerts that try to call everybody',
    Array.from({ length: 10 }, () =>
      alertMessageRow({
        summary: `<!channel> ${'<&>'.repeat(900)}`,
        evidence: Array.from({ length: 30 }, (_, at) => ({ label: `<${at}>`, value: '&'.repeat(at * 50) })),
        remedy: { sql: ['`'.repeat(5_000)], caution: '' },
        context: alertContextRow({ happened: Array(3).fill({ at: AT, text: '<!here>'.repeat(200) }) }),
      }),
    ),
  ],
  ['ten with charts and all else', Array.from({ length: 10 }, () => alertMessageRow({ ...FULL }))],
  [
    'one that has nothing to show',
    [alertMessageRow({ evidence: [], link: null, because: '', summary: 'x' })],
  ],
])('%s is a message that Slack takes', async (_, messages) => {
  await using receiver = await startReceiver(strictSlack)
  expect(await make(receiver.url).send(deliveryBatch(messages), never)).toEqual({ is: 'sent', receipt: null })
})

test('says what, where, since when, with the evidence and a link', () => {
  const { text, blocks } = slackMessage(deliveryBatch())
  const all = JSON.stringify(blocks)
  expect(text).toBe('Warning: GET /orders of shop answers slowly')
  for (const part of ['1.8 s', 'select * from', 'since 2026-11-20 10:00 UTC', '|open in pgsteward>'])
    expect(all).toContain(part)
})

test('shows how the value went and what happened shortly before', () => {
  const message = alertMessageRow({ context: alertContextRow() })
  const all = JSON.stringify(slackMessage(deliveryBatch([message])).blocks)
  expect(all).toContain('95th percentile, last 1 h  ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁·▃▄▇▇█  120 ms to 1.8 s')
  expect(all).toContain('09:48 UTC deployment: shop, version 1.4.0 to 1.5.0')
})

test('a repetition that may be here twice says so', () => {
  expect(JSON.stringify(slackMessage(deliveryBatch(undefined, { isInDoubt: true })))).toContain(
    'may be here twice',
  )
})
