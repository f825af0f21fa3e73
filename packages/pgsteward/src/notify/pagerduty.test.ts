import { expect, test } from 'vitest'
import {
  AT,
  alertContextRow,
  alertMessageRow,
  deliveryBatch,
  minutesLater,
} from '../../test/notify/alert-rows.ts'
import { channelContract } from '../../test/notify/contract.ts'
import { startReceiver } from '../../test/notify/receiver.ts'
import { type Incident, strictPagerDuty } from '../../test/notify/strict-pagerduty.ts'
import { dedupKey } from './dedup-key.ts'
import { pagerDutyEvent, pagerduty } from './pagerduty.ts'

const KEY = '0123456789abcdef0123456789abcdef'
const make = (url: string) => pagerduty('pager', { routingKey: KEY, url: `${url}/v2/enqueue` })
const never = new AbortController().signal

channelContract({
  name: 'PagerDuty',
  make,
  taken: { status: 202, body: '{"status":"success","message":"Event processed","dedup_key":"k"}' },
  secret: KEY,
})

test('one incident for a life of a finding, from trigger to resolve, whatever is repeated', async () => {
  const incidents = new Map<string, Incident>()
  await using receiver = await startReceiver(strictPagerDuty(incidents))
  const send = async (over: Parameters<typeof alertMessageRow>[0]) =>
    await make(receiver.url).send(deliveryBatch([alertMessageRow(over)]), never)
  const key = dedupKey(alertMessageRow())
  expect(await send({ event: 'opened' })).toEqual({ is: 'sent', receipt: key })
  await send({ event: 'opened' })
  await send({ event: 'worsened', severity: 'critical' })
  await send({ event: 'acknowledged', actor: 'kim' })
  expect(incidents.get(key)).toEqual({ state: 'acknowledged', events: 4 })
  await send({ event: 'escalated', severity: 'critical' })
  await send({ event: 'repeated', severity: 'critical' })
  expect(await send({ event: 'resolved', resolvedAt: minutesLater(9) })).toMatchObject({ is: 'sent' })
  expect([...incidents]).toEqual([[key, { state: 'resolved', events: 7 }]])
  await send({ event: 'opened', openedAt: minutesLater(60) })
  expect(incidents.size).toBe(2)
})

test('how the value went and what happened before are among the details', () => {
  const { payload } = pagerDutyEvent(alertMessageRow({ context: alertContextRow() }), KEY)
  expect(payload).toMatchObject({
    custom_details: {
      '95th percentile, last 1 h': expect.stringMatching(/^▁+·▃▄▇▇█ 120 ms to 1.8 s$/),
      'happened before': '09:48 UTC deployment: shop, version 1.4.0 to 1.5.0',
    },
  })
})

test('the longest texts are an event that PagerDuty takes', async () => {
  await using receiver = await startReceiver(strictPagerDuty())
  const long = '𝕏'.repeat(50_000)
  const message = alertMessageRow({
    summary: long,
    findingKey: `slow-route:${long}`,
    subject: { kind: 'route', application: 'shop', name: long },
    evidence: Array.from({ length: 200 }, (_, at) => ({ label: `${at} ${long}`, value: long })),
    remedy: { sql: [long], caution: long },
    openedAt: AT,
    context: alertContextRow({ happened: Array(3).fill({ at: AT, text: long }) }),
  })
  expect(await make(receiver.url).send(deliveryBatch([message]), never)).toMatchObject({ is: 'sent' })
})

test('the fake refuses what is not documented', () => {
  const fake = strictPagerDuty()
  const asked = { method: 'POST', path: '/v2/enqueue', headers: { 'content-type': 'application/json' } }
  const end = { routing_key: KEY, event_action: 'resolve', dedup_key: 'k' }
  expect(fake({ ...asked, body: JSON.stringify(end) }).status).toBe(202)
  expect(fake({ ...asked, body: JSON.stringify({ ...end, payload: {} }) }).status).toBe(400)
  expect(fake({ ...asked, body: JSON.stringify({ ...end, routing_key: 'short' }) }).status).toBe(400)
})
