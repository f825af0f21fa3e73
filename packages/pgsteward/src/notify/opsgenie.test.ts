import { expect, test } from 'vitest'
import { alertContextRow, alertMessageRow, deliveryBatch } from '../../test/notify/alert-rows.ts'
import { channelContract } from '../../test/notify/contract.ts'
import { startReceiver } from '../../test/notify/receiver.ts'
import { type OpsgenieAlert, strictOpsgenie } from '../../test/notify/strict-opsgenie.ts'
import { dedupKey } from './dedup-key.ts'
import { opsgenie } from './opsgenie.ts'

const KEY = '7f3c0a1e-1111-2222-3333-444455556666'
const make = (url: string) => opsgenie('ops', { apiKey: KEY, url })
const never = new AbortController().signal

channelContract({
  name: 'Opsgenie',
  make,
  taken: { status: 202, body: '{"requestId":"r-1"}' },
  secret: KEY,
})

test('one alert for a life of a finding, from creation to close', async () => {
  const alerts = new Map<string, OpsgenieAlert>()
  await using receiver = await startReceiver(strictOpsgenie(KEY, alerts))
  const send = async (event: Parameters<typeof alertMessageRow>[0]) =>
    await make(receiver.url).send(deliveryBatch([alertMessageRow(event)]), never)
  expect(await send({ event: 'opened' })).toEqual({ is: 'sent', receipt: 'r-1' })
  for (const event of ['opened', 'worsened', 'repeated', 'escalated', 'acknowledged'] as const)
    expect(await send({ event }), event).toMatchObject({ is: 'sent' })
  const alias = dedupKey(alertMessageRow())
  expect([...alerts]).toEqual([[alias, { state: 'acknowledged', notes: 2 }]])
  await send({ event: 'resolved' })
  expect(alerts.get(alias)).toEqual({ state: 'closed', notes: 2 })
})

test('the longest texts are an alert that Opsgenie takes', async () => {
  await using receiver = await startReceiver(strictOpsgenie(KEY))
  const long = '𝕏'.repeat(30_000)
  for (const event of ['opened', 'escalated', 'resolved'] as const) {
    const message = alertMessageRow({
      event,
      targetId: long,
      summary: long,
      subject: { kind: 'route', application: 'shop', name: long },
      evidence: Array.from({ length: 99 }, (_, at) => ({ label: `${at}${long}`, value: long })),
      context: alertContextRow(),
    })
    expect(await make(receiver.url).send(deliveryBatch([message]), never)).toMatchObject({ is: 'sent' })
  }
})

test('a wrong key waits until it is mended', async () => {
  await using receiver = await startReceiver(strictOpsgenie('another'))
  expect(await make(receiver.url).send(deliveryBatch(), never)).toMatchObject({ is: 'failed' })
})
