// Joins a client that speaks over a pipe to a server that is reached over HTTP, message by message. When the server has forgotten the
// session (it was restarted), another is begun with the client's own greeting, and the client does not notice.

import type { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import {
  isInitializeRequest,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  type JSONRPCRequest,
} from '@modelcontextprotocol/sdk/types.js'

export interface BridgeOptions {
  readonly local: Transport
  readonly connect: () => StreamableHTTPClientTransport
  /** What goes wrong beside answers. */
  readonly onTrouble: (text: string) => void
}

export interface Bridge {
  readonly close: () => Promise<void>
}

const SESSION_GONE = 404

export async function bridge({ local, connect, onTrouble }: BridgeOptions): Promise<Bridge> {
  let greeting: JSONRPCRequest | null = null
  let remote = await opened()
  let renewing: Promise<void> | null = null

  async function opened(): Promise<StreamableHTTPClientTransport> {
    const transport = connect()
    transport.onmessage = (message) => void receive(transport, message)
    transport.onerror = (error) => onTrouble(error.message)
    await transport.start()
    return transport
  }

  async function receive(from: StreamableHTTPClientTransport, message: JSONRPCMessage): Promise<void> {
    if (greeting !== null && isJSONRPCResultResponse(message) && message.id === greeting.id) {
      const { protocolVersion } = message.result
      if (typeof protocolVersion === 'string') from.setProtocolVersion(protocolVersion)
    }
    await local.send(message)
  }

  /** The greeting once more, whose answer the client has already. */
  async function renew(): Promise<void> {
    const sent = greeting
    if (sent === null) return
    await remote.close().catch(() => undefined)
    const fresh = connect()
    const welcomed = new Promise<void>((resolve) => {
      fresh.onmessage = (message) => {
        if (!('id' in message) || message.id !== sent.id) return
        // refused, the next message is refused as well, and its sender hears of it
        const version = 'result' in message ? message.result.protocolVersion : undefined
        if (typeof version === 'string') fresh.setProtocolVersion(version)
        fresh.onmessage = (next) => void receive(fresh, next)
        resolve()
      }
    })
    fresh.onerror = (error) => onTrouble(error.message)
    await fresh.start()
    await fresh.send(sent)
    await welcomed
    await fresh.send({ jsonrpc: '2.0', method: 'notifications/initialized' })
    remote = fresh
  }

  async function forward(message: JSONRPCMessage): Promise<void> {
    if (isInitializeRequest(message) && isJSONRPCRequest(message)) greeting = message
    try {
      await renewing
      await remote.send(message).catch(async (error: Error & { code?: unknown }) => {
        if (error.code !== SESSION_GONE || isInitializeRequest(message)) throw error
        renewing ??= renew().finally(() => {
          renewing = null
        })
        await renewing
        await remote.send(message)
      })
    } catch (error) {
      const text = wordsOf(error as Error & { code?: unknown })
      onTrouble(text)
      // a request without an answer would leave the client waiting
      if (isJSONRPCRequest(message))
        await local.send({ jsonrpc: '2.0', id: message.id, error: { code: -32_000, message: text } })
    }
  }

  local.onmessage = (message) => void forward(message)
  local.onerror = (error) => onTrouble(error.message)
  await local.start()
  return {
    close: async () => {
      await remote.terminateSession().catch(() => undefined)
      await remote.close().catch(() => undefined)
      await local.close()
    },
  }
}

function wordsOf(error: Error & { code?: unknown }): string {
  if (error.code === 401 || error.name === 'UnauthorizedError')
    return 'pgsteward does not know this token: give one of pgsteward token create, or of mcp.tokens'
  const cause = (error.cause as Error | undefined)?.message
  return `pgsteward does not answer: ${error.message}${cause === undefined ? '' : ` (${cause})`}`
}
