// A network between two ends that can be made slow, silent, lossy or cut off.

import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ProxyTo {
  readonly port: number
}

export type Behaviour =
  | { readonly kind: 'forward' }
  /** Takes connections and bytes, and passes none on: neither end hears of it. */
  | { readonly kind: 'silent' }
  /** As silent, from the moment that the server has let a new connection in; those that are open are cut. */
  | { readonly kind: 'silent once let in' }
  | { readonly kind: 'late'; readonly byMs: number }
  /** Cuts each connection after so many bytes of the server. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  | { readonly kind: 'refuse' }

/** ReadyForQuery, idle: the end of what a server says to somebody whom it lets in. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49])

interface Link {
  readonly sockets: readonly Socket[]
  isSilent: boolean
}

export class TcpProxy {
  readonly #server: Server
  readonly #links = new Set<Link>()
  #to: ProxyTo
  #behaviour: Behaviour = { kind: 'forward' }

  private constructor(server: Server, to: ProxyTo) {
    this.#server = server
    this.#to = to
  }

  static async start(to: ProxyTo): Promise<TcpProxy> {
    const server = createServer()
    const proxy = new TcpProxy(server, to)
    server.on('connection', (socket) => proxy.#accept(socket))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port
  }

  /** `url` by way of this proxy. */
  through(url: string): string {
    const changed = new URL(url)
    changed.port = String(this.port)
    return changed.href
  }

  /** Connections that are open hear silence too; all other ways concern what is sent, and connections that are made, from now on. */
  become(behaviour: Behaviour): void {
    this.#behaviour = behaviour
    if (behaviour.kind === 'silent') for (const link of this.#links) link.isSilent = true
    if (behaviour.kind === 'refuse' || behaviour.kind === 'silent once let in') this.#dropAll()
  }

  /** From now on connections lead there; those that are open are cut. */
  leadTo(to: ProxyTo): void {
    this.#to = to
    this.#dropAll()
  }

  async close(): Promise<void> {
    this.#dropAll()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #dropAll(): void {
    for (const { sockets } of this.#links) for (const socket of sockets) socket.resetAndDestroy()
    this.#links.clear()
  }

  #accept(client: Socket): void {
    const behaviour = this.#behaviour
    if (behaviour.kind === 'refuse') {
      client.resetAndDestroy()
      return
    }
    const server = connect(this.#to.port, '127.0.0.1')
    const link: Link = { sockets: [client, server], isSilent: behaviour.kind === 'silent' }
    this.#links.add(link)
    const over = () => {
      this.#links.delete(link)
      // a network that is gone brings no farewell
      if (link.isSilent) return
      client.destroy()
      server.destroy()
    }
    for (const socket of link.sockets) {
      socket.on('error', over)
      socket.on('close', over)
    }
    let bytes = 0
    const pass = async (data: Buffer, to: Socket) => {
      if (link.isSilent) return
      if (this.#behaviour.kind === 'late') await sleep(this.#behaviour.byMs)
      if (!to.destroyed) to.write(data)
    }
    client.on('data', (data) => void pass(data, server))
    server.on('data', (data) => {
      bytes += data.length
      const now = this.#behaviour
      if (now.kind === 'cut' && bytes > now.afterBytes) {
        client.end(data.subarray(0, Math.ceil(data.length / 2)))
        server.destroy()
        return
      }
      void pass(data, client)
      if (now.kind === 'silent once let in' && data.includes(READY)) link.isSilent = true
    })
  }
}
