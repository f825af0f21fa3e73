// Tokens of the server at /mcp: what each role may, that each sees its own targets in every tool, and what the audit log keeps (D2).

import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { ALL_TOOLS } from '../../src/mcp/all-tools.ts'
import { auditEntryWire } from '../../src/model/access-wire.ts'
import { openFinding } from '../notify/alert-rows.ts'
import {
  ADMIN_TOKEN,
  ask,
  type GuardedServer,
  INGEST_TOKEN,
  startGuardedServer,
  tokenOf,
} from '../server/guarded-server.ts'
import { call, connectClient } from './mcp-service.ts'
import { toolArguments } from './tool-arguments.ts'

const KEY = 'slow-route:route/parcels/GET /parcels'
/** Stands in what is found on the other target alone. */
const OF_OTHERS = 'till-only'
const AGENT_TOKEN = 'the-token-of-an-agent-in-the-file'
let guarded: GuardedServer
let address: string
let viewer: string
let ofShop: string

beforeAll(async () => {
  guarded = await startGuardedServer({
    mcp: {
      // named as a token of the server is
      tokens: [{ name: 'vera', token: AGENT_TOKEN, scopes: new Set(['read', 'propose']), targets: ['shop'] }],
      publicUrl: undefined,
      callsPerMinute: 1000,
      version: '0',
      onCall: () => undefined,
    },
  })
  address = await guarded.server.listen({ port: 0, host: '127.0.0.1' })
  viewer = await tokenOf(guarded.server, { name: 'vera', role: 'viewer' })
  ofShop = await tokenOf(guarded.server, { name: 'shopkeeper', role: 'operator', targets: ['shop'] })
  const at = new Date()
  const found = (targetId: string, summary: string) => ({
    transition: 'opened' as const,
    finding: openFinding({ targetId, key: KEY, summary, firstSeenAt: at, openedAt: at, lastSeenAt: at }),
  })
  await guarded.store.saveChanges([found('shop', 'slow'), found('till', `slow, ${OF_OTHERS}`)], at)
})
afterAll(() => guarded.stop())

async function connected(token: string): Promise<Client> {
  const client = await connectClient(address, token)
  onTestFinished(() => client.close())
  return client
}
const namesOf = async (client: Client) => (await client.listTools()).tools.map(({ name }) => name)
const audited = async () => {
  const answer = await ask(guarded.server, '/api/admin/audit?limit=100', ADMIN_TOKEN)
  return auditEntryWire
    .array()
    .parse(answer.json())
    .filter(({ action }) => action.startsWith('MCP'))
}

test('a viewer reads; an operator and an admin ask twins and propose as well', async () => {
  const ofScope = (...scopes: string[]) =>
    ALL_TOOLS.filter(({ scope }) => scopes.includes(scope)).map(({ name }) => name)
  expect(await namesOf(await connected(viewer))).toEqual(ofScope('read'))
  for (const token of [ofShop, ADMIN_TOKEN])
    expect(await namesOf(await connected(token))).toEqual(ofScope('read', 'explain', 'propose'))
})

test('what opens other doors opens none here', async () => {
  const session = await ask(
    guarded.server,
    '/api/v1/session',
    null,
    { token: viewer },
    { headers: { 'x-pgsteward': 'test', host: 'steward.example', origin: 'https://steward.example' } },
  )
  const cookie = String(session.headers['set-cookie']).split(';')[0]!
  const statusOf = async (headers: Record<string, string>) =>
    (await fetch(new URL('/mcp', address), { method: 'POST', headers })).status
  expect(session.statusCode).toBe(201)
  expect(await statusOf({ cookie })).toBe(401)
  expect(await statusOf({ authorization: `Bearer ${INGEST_TOKEN}` })).toBe(401)
})

describe('a token of one target', () => {
  test.each(ALL_TOOLS.map(({ name }) => name))('sees that alone in %s', async (name) => {
    const client = await connected(ofShop)
    const args = toolArguments(undefined, KEY)[name]!
    const answer = await call(client, name, args)
    expect(JSON.stringify(answer)).not.toMatch(/\btill\b/)
    const tool = ALL_TOOLS.find((each) => each.name === name)!
    if (!('target' in tool.input.shape)) return
    // it is not told whether there is such a target
    for (const target of ['till', 'nowhere'])
      expect(await call(client, name, { ...args, target })).toMatchObject({
        isError: true,
        text: `there is no target "${target}" here. Give target: shop.`,
      })
  })

  test('that sees all sees both: the test above can fail', async () => {
    const client = await connected(ADMIN_TOKEN)
    for (const name of ['list_findings', 'list_targets'])
      expect(JSON.stringify(await call(client, name))).toContain('till')
    expect(JSON.stringify(await call(client, 'list_findings'))).toContain(OF_OTHERS)
  })
})

test('the audit log has proposals and what was not permitted, by whom and from where; reading leaves nothing', async () => {
  const before = (await audited()).length
  const shopkeeper = await connected(ofShop)
  await call(shopkeeper, 'propose_remedy', toolArguments('shop', KEY).propose_remedy)
  await call(shopkeeper, 'list_findings', { target: 'shop' })
  await call(shopkeeper, 'list_findings', { target: 'till' })
  await call(await connected(viewer), 'propose_remedy', toolArguments('shop', KEY).propose_remedy)
  await call(await connected(AGENT_TOKEN), 'propose_remedy', toolArguments('shop', 'no such').propose_remedy)
  const entries = (await audited()).slice(0, -before || undefined)
  expect(
    entries.map(({ actor, by, role, action, target, status, outcome }) => [
      actor,
      by,
      role,
      action,
      target,
      status,
      outcome,
    ]),
  ).toEqual([
    ['vera', 'mcp token', null, 'MCP propose_remedy', 'shop', 400, 'refused'],
    ['vera', 'token', 'viewer', 'MCP propose_remedy', 'shop', 403, 'refused'],
    ['shopkeeper', 'token', 'operator', 'MCP list_findings', 'till', 403, 'refused'],
    ['shopkeeper', 'token', 'operator', 'MCP propose_remedy', 'shop', 200, 'done'],
  ])
  expect(entries[0]).toMatchObject({ address: '127.0.0.1', path: '/mcp' })
  expect(JSON.stringify(entries)).not.toMatch(/it is slow|select 1/)
})

test('a token that is revoked is not heard with the next request, and one made anew under its name begins anew', async () => {
  const wide = await tokenOf(guarded.server, { name: 'ci', role: 'viewer' })
  const client = await connected(wide)
  const transport = client.transport as unknown as { readonly sessionId: string }
  const id = transport.sessionId
  expect(JSON.stringify(await call(client, 'list_targets'))).toContain('till')
  await ask(guarded.server, '/api/admin/tokens/ci/revoke', ADMIN_TOKEN, {})
  await expect(call(client, 'list_targets')).rejects.toThrow()

  const narrow = await tokenOf(guarded.server, { name: 'ci', role: 'viewer', targets: ['shop'] })
  const taken = await fetch(new URL('/mcp', address), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${narrow}`,
      'mcp-session-id': id,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 9, method: 'tools/call', params: { name: 'list_targets' } }),
  })
  expect(taken.status).toBe(404)
})

test('an agent of the configuration and a token of the same name have sessions of their own', async () => {
  const client = await connected(AGENT_TOKEN)
  const { sessionId } = client.transport as unknown as { readonly sessionId: string }
  const taken = await fetch(new URL('/mcp', address), {
    method: 'DELETE',
    headers: { authorization: `Bearer ${viewer}`, 'mcp-session-id': sessionId },
  })
  expect(taken.status).toBe(404)
})
