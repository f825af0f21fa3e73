import { simpleParser } from 'mailparser'
import type { SMTPServerOptions } from 'smtp-server'
import { expect, test } from 'vitest'
import {
  alertContextRow,
  alertMessageRow,
  deliveryBatch,
  minutesLater,
} from '../../test/notify/alert-rows.ts'
import { mailbox, PASSWORD } from '../../test/notify/mailbox.ts'
import { email } from './email.ts'

const never = new AbortController().signal
const make = (url: string) =>
  email('mail', {
    smtp: url,
    from: 'pgsteward <alerts@example.com>',
    to: ['ops@example.com', 'dba@example.com'],
  })

const refusing = (responseCode: number): SMTPServerOptions => ({
  onData: (stream, _, done) => {
    stream.resume()
    stream.on('end', () => done(Object.assign(new Error('no such thing'), { responseCode })))
  },
})

test('an alert arrives as text and HTML, to all, with its evidence and what to do', async () => {
  await using box = await mailbox()
  const message = alertMessageRow({
    remedy: { sql: ['create index concurrently on "order" ("customerId")'], caution: 'takes minutes' },
  })
  expect(await make(box.url).send(deliveryBatch([message]), never)).toMatchObject({ is: 'sent' })
  const mail = await simpleParser(box.messages[0]!)
  expect(mail.subject).toBe('[shop] Warning: GET /orders of shop answers slowly')
  expect(mail.headers.get('auto-submitted')).toBe('auto-generated')
  for (const part of [
    '1.8 s',
    'select * from "order"',
    'create index concurrently',
    'https://pgsteward.example.com/',
  ]) {
    expect(mail.text).toContain(part)
    expect(mail.html).toContain(part.replaceAll('"', '&quot;'))
  }
  expect(
    [mail.to]
      .flat()
      .map((each) => each?.text)
      .join(),
  ).toBe('ops@example.com, dba@example.com')
})

test('a repetition has the same Message-ID, and a life of a finding is a thread', async () => {
  await using box = await mailbox()
  const channel = make(box.url)
  const batch = deliveryBatch()
  await channel.send(batch, never)
  await channel.send(batch, never)
  await channel.send(
    deliveryBatch([alertMessageRow({ event: 'resolved', resolvedAt: minutesLater(5) })], { id: 'another' }),
    never,
  )
  const [first, again, end] = await Promise.all(box.messages.map((each) => simpleParser(each)))
  expect(again!.messageId).toBe(first!.messageId)
  expect(end!.messageId).not.toBe(first!.messageId)
  expect(end!.references).toEqual(first!.references)
})

test('how the value went is drawn without pictures, and told to readers of plain text, with what happened before', async () => {
  await using box = await mailbox()
  await make(box.url).send(deliveryBatch([alertMessageRow({ context: alertContextRow() })]), never)
  const mail = await simpleParser(box.messages[0]!)
  expect(mail.text).toContain('95th percentile, last 1 h: ▁▁')
  expect(mail.text).toContain('█ 120 ms to 1.8 s')
  for (const part of [mail.text, mail.html])
    expect(part).toContain('09:48 UTC deployment: shop, version 1.4.0 to 1.5.0')
  expect(String(mail.html).match(/height:\d+px;background/g)).toHaveLength(30)
  expect(mail.html).not.toContain('<img')
})

test('several alerts are one message', async () => {
  await using box = await mailbox()
  const messages = Array.from({ length: 20 }, (_, at) => alertMessageRow({ summary: `route ${at} is slow` }))
  expect(await make(box.url).send(deliveryBatch(messages), never)).toMatchObject({ is: 'sent' })
  const mail = await simpleParser(box.messages[0]!)
  expect(mail.subject).toBe('[shop] 20 alerts of shop')
  for (const { summary } of messages) expect(mail.text).toContain(summary)
})

test('hostile texts make no header, no recipient and no markup', async () => {
  await using box = await mailbox()
  const hostile = 'x\r\nBcc: everybody@example.com\r\n\r\n<img src=x onerror=alert(1)>'
  const message = alertMessageRow({
    summary: hostile,
    targetId: hostile,
    evidence: [{ label: hostile, value: hostile }],
    link: 'https://example.com/"><script>',
  })
  expect(await make(box.url).send(deliveryBatch([message]), never)).toMatchObject({ is: 'sent' })
  const mail = await simpleParser(box.messages[0]!)
  expect(mail.bcc).toBeUndefined()
  expect(mail.html).not.toMatch(/<img|<script/)
})

test.each([
  [451, 'failed'],
  [550, 'failed'],
  [552, 'refused'],
  [554, 'refused'],
])('%i of the server: %s', async (code, is) => {
  await using box = await mailbox(refusing(code))
  const result = await make(box.url).send(deliveryBatch(), never)
  expect(result).toMatchObject({ is, because: expect.stringContaining('no such thing') })
  expect(JSON.stringify(result)).not.toContain(PASSWORD)
})

test('a wrong password, and a server that is not there, wait until they are mended', async () => {
  const box = await mailbox()
  const results = [await make(box.url.replace(PASSWORD, 'wrong-password')).send(deliveryBatch(), never)]
  await box[Symbol.asyncDispose]()
  results.push(await make(box.url).send(deliveryBatch(), never))
  for (const result of results) {
    expect(result).toMatchObject({ is: 'failed' })
    expect(JSON.stringify(result)).not.toMatch(/wrong-password|p4ssw0rd/)
  }
})

test('an abort ends the wait for a server that says nothing', async () => {
  await using box = await mailbox({ onData: (stream) => stream.resume() })
  const end = new AbortController()
  const sending = make(box.url).send(deliveryBatch(), end.signal)
  setTimeout(() => end.abort(new Error('stopping')), 300)
  expect(await sending).toMatchObject({ is: 'failed', because: 'stopping' })
})

test('TLS from the start begins on the guarded connection', async () => {
  await using box = await mailbox({ secure: true })
  const url = `${box.url.replace('smtp:', 'smtps:')}?tls.rejectUnauthorized=false`
  expect(await make(url).send(deliveryBatch(), never)).toMatchObject({ is: 'sent' })
  expect(box.messages).toHaveLength(1)
})

test('STARTTLS is taken where it is offered', async () => {
  await using box = await mailbox({ disabledCommands: [] })
  const sent = await make(`${box.url}?tls.rejectUnauthorized=false&requireTLS=true`).send(
    deliveryBatch(),
    never,
  )
  expect(sent).toMatchObject({ is: 'sent' })
})

test.each(['169.254.169.254', '2852039166', '[fd00:ec2::254]'])(
  'a mail server at %s is never asked, and the reason says how it would',
  async (host) => {
    expect(await make(`smtp://shop:${PASSWORD}@${host}:25`).send(deliveryBatch(), never)).toEqual({
      is: 'failed',
      because: expect.stringContaining('outbound: { allow: ['),
      retryAfterMs: null,
    })
  },
)
