// What every store must do with tokens, sessions and the audit log, as a suite that both backends run. Imported by tests only.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { hashOf } from '../../src/app/access/secret.ts'
import type { TokenDraft } from '../../src/store/access/access-store.ts'
import type { Store } from '../../src/store/store.ts'

const T0 = Date.UTC(2026, 10, 23, 8)
const HOUR = 3_600_000
const at = (hours: number) => new Date(T0 + hours * HOUR)

export function accessContract(backend: { readonly open: () => Promise<Store> }): void {
  let store: Store
  beforeAll(async () => {
    store = await backend.open()
  })
  afterAll(async () => {
    await store.close()
  })
  const draft = (name: string, over: Partial<TokenDraft> = {}): TokenDraft => ({
    name,
    role: 'operator',
    targets: null,
    hash: hashOf(`token of ${name}`),
    createdBy: 'admin',
    expiresAt: null,
    ...over,
  })
  const session = (secret: string, tokenId: string | null, token: string) => ({
    hash: hashOf(secret),
    tokenId,
    tokenHash: hashOf(token),
    expiresAt: at(48),
    address: '192.0.2.1',
    agent: "it's \u0000 quoted",
  })
  const admin = hashOf('the admin token')

  test('a token is found by its hash while it is in use, and its name is free once it is revoked (D2)', async () => {
    const made = await store.createToken(
      draft('ada', { targets: ['shop', 'till'], expiresAt: at(10) }),
      at(0),
    )
    expect(made).toMatchObject({ name: 'ada', role: 'operator', targets: ['shop', 'till'], lastUsedAt: null })
    expect(await store.createToken(draft('ada', { hash: hashOf('another') }), at(0))).toBeNull()
    expect(await store.tokenByHash(hashOf('token of ada'), at(1))).toMatchObject({ name: 'ada' })
    expect(await store.tokenByHash(hashOf('token of eve'), at(1))).toBeNull()
    expect(await store.tokenByHash(hashOf('token of ada'), at(10))).toBeNull()
    expect((await store.accessTokens())[0]!.lastUsedAt).toEqual(at(1))

    expect(await store.revokeToken('ada', 'admin', at(2))).toMatchObject({
      revokedAt: at(2),
      revokedBy: 'admin',
    })
    expect(await store.revokeToken('ada', 'admin', at(2))).toBeNull()
    expect(await store.tokenByHash(hashOf('token of ada'), at(3))).toBeNull()
    expect(await store.createToken(draft('ada', { hash: hashOf('another') }), at(3))).not.toBeNull()
    expect((await store.accessTokens()).map(({ name, revokedAt }) => [name, revokedAt])).toEqual([
      ['ada', null],
      ['ada', at(2)],
    ])
  })

  test('a session goes on until it is idle, ends, or its token does (D2)', async () => {
    const bob = (await store.createToken(draft('bob'), at(0)))!
    await store.startSession(session('s1', bob.id, 'token of bob'), at(0))
    await store.startSession(session('s2', null, 'the admin token'), at(0))
    const going = async (secret: string, hours: number, adminHash = admin) =>
      (await store.sessionByHash(hashOf(secret), adminHash, 12 * HOUR, at(hours)))?.token?.name
    expect(await going('s1', 11)).toBe('bob')
    // seen at 11, so that it goes on
    expect(await going('s1', 22)).toBe('bob')
    expect(await store.sessionByHash(hashOf('s2'), admin, 12 * HOUR, at(12))).toBeNull()
    expect(await store.sessionByHash(hashOf('s2'), admin, 12 * HOUR, at(1))).toMatchObject({ token: null })
    expect(await store.sessionByHash(hashOf('s2'), hashOf('a new one'), 12 * HOUR, at(1))).toBeNull()
    expect((await store.accessSessions(admin, 48 * HOUR, at(22))).map(({ token }) => token?.name)).toEqual([
      'bob',
      undefined,
    ])
    await store.revokeToken('bob', 'admin', at(23))
    expect(await going('s1', 23)).toBeUndefined()
    const [left] = await store.accessSessions(admin, 48 * HOUR, at(23))
    expect(await store.endSession(left!.id, at(23))).toBe(true)
    expect(await store.endSession(left!.id, at(23))).toBe(false)
    expect(await store.accessSessions(admin, 48 * HOUR, at(23))).toEqual([])
  })

  test('the audit log comes back as it was written, the latest first (D2)', async () => {
    const entry = {
      at: at(1),
      actor: 'ada',
      role: 'operator' as const,
      by: 'token' as const,
      address: '2001:db8::1',
      action: 'POST /api/v1/changes',
      path: "/api/v1/changes/it's \u0000",
      target: null,
      status: 200,
      because: null,
    }
    await store.addAudit(entry)
    await store.addAudit({
      ...entry,
      at: at(2),
      actor: null,
      role: null,
      by: null,
      status: 503,
      because: 'down',
    })
    const [failed, done] = await store.auditEntries({ limit: 10 })
    expect(failed).toMatchObject({ actor: null, outcome: 'failed', because: 'down' })
    expect(done).toEqual({ ...entry, id: done!.id, outcome: 'done', path: "/api/v1/changes/it's " })
    expect(await store.auditEntries({ limit: 10, outcome: 'failed' })).toEqual([failed])
    expect(await store.auditEntries({ limit: 10, since: at(2) })).toEqual([failed])
    expect(await store.auditEntries({ limit: 10, actor: 'ada', before: failed!.id })).toEqual([done])
  })
}
