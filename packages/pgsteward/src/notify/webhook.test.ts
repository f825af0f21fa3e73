import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { alertMessageRow, deliveryBatch } from '../../test/notify/alert-rows.ts'
import { channelContract } from '../../test/notify/contract.ts'
import { startReceiver } from '../../test/notify/receiver.ts'
import { webhook } from './webhook.ts'

const SECRET = 'a-secret-of-some-length'
const make = (url: string) => webhook('hook', { url: `${url}/alerts`, secret: SECRET })

channelContract({ name: 'webhook', make, taken: { status: 204 }, secret: SECRET })

test('signs what it sends, and keeps its key over tries', async () => {
  await using receiver = await startReceiver((_, count) => ({ status: count === 1 ? 503 : 200 }))
  const batch = deliveryBatch([alertMessageRow(), alertMessageRow({ event: 'resolved' })])
  const channel = make(receiver.url)
  await channel.send(batch, new AbortController().signal)
  await channel.send({ ...batch, isInDoubt: true }, new AbortController().signal)
  const [first, second] = receiver.received
  const signature = createHmac('sha256', SECRET).update(first!.body).digest('hex')
  expect(first!.headers['x-pgsteward-signature']).toBe(`sha256=${signature}`)
  expect(second!.headers['idempotency-key']).toBe(first!.headers['idempotency-key'])
  expect(second!.body).toBe(first!.body)
  expect(JSON.parse(first!.body)).toMatchObject({
    version: 1,
    id: batch.id,
    alerts: [{ event: 'opened', targetId: 'shop' }, { event: 'resolved' }],
  })
})
