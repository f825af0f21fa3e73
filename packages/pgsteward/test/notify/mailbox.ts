// A real SMTP server on loopback, and what arrived in it.

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export const PASSWORD = 'p4ssw0rd-of-mail'

export interface Mailbox extends AsyncDisposable {
  readonly url: string
  readonly messages: readonly string[]
}

/** A real SMTP server on loopback; `options` say how it behaves. */
export async function mailbox(options: SMTPServerOptions = {}): Promise<Mailbox> {
  const messages: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 100,
    onAuth: ({ password }, _, done) =>
      password === PASSWORD ? done(null, { user: 'shop' }) : done(new Error('Invalid login')),
    onData: (stream, _, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        messages.push(Buffer.concat(chunks).toString())
        done()
      })
    },
    ...options,
  })
  server.on('error', () => undefined)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://shop:${PASSWORD}@127.0.0.1:${port}`,
    messages,
    [Symbol.asyncDispose]: () => new Promise<void>((done) => server.close(() => done())),
  }
}
