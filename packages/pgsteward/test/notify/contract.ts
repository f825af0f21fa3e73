// What every channel over HTTP keeps to, whatever its receiver's words are. `make` builds it against a base address.

import { describe, expect, test } from 'vitest'
import type { Channel } from '../../src/notify/channel.ts'
import { alertMessageRow, deliveryBatch } from './alert-rows.ts'
import { type Answer, startReceiver } from './receiver.ts'

export interface ContractOptions {
  readonly name: string
  readonly make: (baseUrl: string) => Channel
  /** As the receiver confirms. */
  readonly taken: Answer
  /** Stands in the channel's configuration and must not come out of it in a reason. */
  readonly secret: string
}

const never = new AbortController().signal

export function channelContract({ name, make, taken, secret }: ContractOptions): void {
  describe(`${name} as a channel`, () => {
    test('what was taken is sent', async () => {
      await using receiver = await startReceiver(() => taken)
      expect(await make(receiver.url).send(deliveryBatch(), never)).toMatchObject({ is: 'sent' })
      expect(receiver.received).toHaveLength(1)
      expect(receiver.received[0]).toMatchObject({ method: 'POST' })
      expect(receiver.received[0]!.headers['content-type']).toMatch(/^application\/json/)
    })

    test.each([401, 403, 404, 429, 500, 502, 503])(
      '%i may pass: it failed, and waits as long as was asked',
      async (status) => {
        await using receiver = await startReceiver(() => ({ status, headers: { 'retry-after': '7' } }))
        expect(await make(receiver.url).send(deliveryBatch(), never)).toMatchObject({
          is: 'failed',
          retryAfterMs: 7_000,
        })
      },
    )

    test.each([400, 413, 422])('%i never passes: it is refused with what was said', async (status) => {
      await using receiver = await startReceiver(() => ({ status, body: 'no such thing' }))
      const result = await make(receiver.url).send(deliveryBatch(), never)
      expect(result).toMatchObject({ is: 'refused', because: expect.stringContaining('no such thing') })
      expect(JSON.stringify(result)).not.toContain(secret)
    })

    test('a redirect is not followed: it would hand the message on', async () => {
      await using other = await startReceiver(() => taken)
      await using receiver = await startReceiver(() => ({ status: 307, headers: { location: other.url } }))
      expect(await make(receiver.url).send(deliveryBatch(), never)).toMatchObject({ is: 'failed' })
      expect(other.received).toHaveLength(0)
    })

    test('a broken connection and one that cannot be made have failed, and no secret is told', async () => {
      const closed = await startReceiver(() => taken)
      await closed[Symbol.asyncDispose]()
      await using receiver = await startReceiver(() => 'hang-up')
      for (const url of [receiver.url, closed.url]) {
        const result = await make(url).send(deliveryBatch(), never)
        expect(result).toMatchObject({ is: 'failed' })
        expect(JSON.stringify(result)).not.toContain(secret)
      }
    })

    test('an abort ends the wait for an answer', async () => {
      await using receiver = await startReceiver(() => 'silence')
      const end = new AbortController()
      const sending = make(receiver.url).send(deliveryBatch(), end.signal)
      await expect.poll(() => receiver.received.length).toBe(1)
      end.abort(new Error('stopping'))
      expect(await sending.catch(() => ({ is: 'failed' }))).toMatchObject({ is: 'failed' })
    })

    test('hostile and very long texts are valid messages', async () => {
      await using receiver = await startReceiver(() => taken)
      const text = `<!channel> *x* <script> & "quotes" \u202e ${'ü𝕏'.repeat(20_000)}`
      const message = alertMessageRow({
        summary: text,
        findingKey: `slow-route:route/shop/${text}`,
        evidence: Array.from({ length: 40 }, () => ({ label: text, value: text })),
        remedy: { sql: [text], caution: text },
      })
      const channel = make(receiver.url)
      const batch = deliveryBatch(Array.from({ length: channel.most }, () => message))
      expect(await channel.send(batch, never)).toMatchObject({ is: 'sent' })
      expect(() => JSON.parse(receiver.received[0]!.body)).not.toThrow()
      expect(receiver.received[0]!.body.isWellFormed()).toBe(true)
    })
  })
}
