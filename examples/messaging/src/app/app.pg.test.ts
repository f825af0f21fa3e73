// The whole application on a real server, over HTTP.

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../../packages/pgsteward/test/postgres/database.ts'
import { ALWAYS_DECLINED_CENTS } from '../simulators/payments.ts'
import {
  type Browser,
  CONTROL_TOKEN,
  migrate,
  PASSWORD,
  startTestApp,
  type TestApp,
} from '../testing/test-app.ts'

let database: TestDatabase
let app: TestApp
let owner: Browser

beforeAll(async () => {
  database = await createDatabase()
  await migrate(database.url)
  app = await startTestApp(database.url)
  owner = await app.register('Grace')
})
afterAll(async () => {
  await app.stop()
  await database.drop()
})

const get = (path: string) => owner.request('GET', path)
const post = (path: string, body?: unknown) => owner.request('POST', path, body)
let phones = 0
const nextPhone = () => `+1202555${String(++phones).padStart(4, '0')}`
const addMember = async (firstName: string, lastName: string) =>
  (await post('/api/members', { firstName, lastName, phone: nextPhone() })).body as {
    id: string
    phone: string
  }
const until = (holds: () => unknown) => vi.waitFor(holds, { timeout: 20_000, interval: 30 })

describe('accounts', () => {
  test('a registered owner is signed in by a cookie that scripts do not see', async () => {
    const { body } = await get('/api/me')
    expect(body).toMatchObject({ email: 'owner@grace.example', role: 'OWNER' })
    const fresh = app.browser()
    const signedIn = await fresh.request('POST', '/api/sign-in', {
      email: 'OWNER@grace.example',
      password: PASSWORD,
    })
    expect(signedIn.status).toBe(200)
    expect(signedIn.headers.getSetCookie()[0]).toMatch(/^session=[\w-]{43};.*HttpOnly.*SameSite=Lax/)
  })

  test('neither the password nor the token of a session is in the database', async () => {
    const token = owner.cookie().split('=')[1]!
    const [row] = await database.query<{ text: string }>(
      `select string_agg(u.password_hash || s.token_hash, ' ') as text from app_user u join app_session s on s.app_user_id = u.id`,
    )
    expect(row?.text).toContain('scrypt$16384$8$1$')
    expect(row?.text).not.toContain(token)
    expect(row?.text).not.toContain(PASSWORD)
  })

  test('signing out ends the session', async () => {
    const browser = app.browser()
    await browser.request('POST', '/api/sign-in', { email: 'owner@grace.example', password: PASSWORD })
    const stolen = browser.cookie()
    expect((await browser.request('POST', '/api/sign-out')).status).toBe(204)
    expect((await app.browser().request('GET', '/api/me', undefined, { cookie: stolen })).status).toBe(401)
  })

  test('after five wrong passwords even the right one has to wait', async () => {
    const account = {
      churchName: 'Guessed',
      displayName: 'A',
      email: 'guessed@x.example',
      password: PASSWORD,
    }
    await app.browser().request('POST', '/api/register', account)
    const attempt = (password: string) =>
      app.browser().request('POST', '/api/sign-in', { email: 'guessed@x.example', password })
    for (let time = 0; time < 5; time++) expect((await attempt('wrong')).status).toBe(401)
    const refused = await attempt(PASSWORD)
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  test('an unknown address and a wrong password answer alike', async () => {
    const attempt = async (email: string) =>
      (await app.browser().request('POST', '/api/sign-in', { email, password: 'not the one' })).body
    expect(await attempt('nobody@x.example')).toEqual(await attempt('owner@grace.example'))
  })

  test('an address registers once', async () => {
    const account = {
      churchName: 'Again',
      displayName: 'A',
      email: 'owner@grace.example',
      password: PASSWORD,
    }
    expect((await app.browser().request('POST', '/api/register', account)).status).toBe(409)
  })
})

describe('what does not fit', () => {
  test('is answered with the fields that are wrong', async () => {
    const { status, body } = await post('/api/members', { firstName: '', lastName: 'B', phone: '123' })
    expect(status).toBe(400)
    expect(body.error.issues.map((issue: { path: string }) => issue.path)).toEqual(['firstName', 'phone'])
  })

  test.each(['/api/members/abc', '/api/members/0', '/api/members?after=rubbish', '/api/evidence/1'])(
    '%s is a 400',
    async (path) => {
      expect((await get(path)).status).toBe(400)
    },
  )

  test('a body that is no JSON is a 400, an unknown page a 404', async () => {
    const raw = await fetch(`${app.url}/api/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"email":',
    })
    expect(raw.status).toBe(400)
    expect((await get('/api/nothing')).status).toBe(404)
  })
})

describe('members and groups', () => {
  test('a member is created, changed, shown, audited and removed', async () => {
    const { id } = await addMember('Ruth', 'Ades')
    expect((await owner.request('PATCH', `/api/members/${id}`, { email: 'ruth@x.example' })).status).toBe(204)
    expect((await get(`/api/members/${id}`)).body).toMatchObject({
      firstName: 'Ruth',
      email: 'ruth@x.example',
    })
    const { body } = await get(`/api/audit-log/member/${id}`)
    expect(body.rows.map((row: { action: string }) => row.action)).toEqual(['updated', 'created'])
    expect((await owner.request('DELETE', `/api/members/${id}`)).status).toBe(204)
    expect((await get(`/api/members/${id}`)).status).toBe(404)
  })

  test('the same phone twice is a 409', async () => {
    const { phone } = await addMember('One', 'Phone')
    expect((await post('/api/members', { firstName: 'Two', lastName: 'Phone', phone })).status).toBe(409)
  })

  test('a group takes members and lets them go', async () => {
    const member = await addMember('Sam', 'Singer')
    const group = (await post('/api/groups', { name: 'Choir' })).body
    const path = `/api/groups/${group.id}/members/${member.id}`
    expect((await owner.request('PUT', path)).status).toBe(204)
    expect((await owner.request('PUT', path)).status).toBe(204)
    expect((await get(`/api/groups/${group.id}`)).body.members).toMatchObject([{ id: member.id }])
    expect((await owner.request('DELETE', path)).status).toBe(204)
    expect((await get(`/api/groups/${group.id}`)).body.members).toEqual([])
  })

  test('keyset pages show each member once, in order, with namesakes and changes in between', async () => {
    const reader = await app.register('Pages')
    await database.run(`insert into member (church_id, first_name, last_name, phone, joined_on)
      select (select max(id) from church), 'F' || n % 3, 'L' || n % 2, '+4900000' || 1000 + n, '2026-01-01'
        from generate_series(1, 80) n`)
    const seen: string[] = []
    let after: string | null = ''
    while (after !== null) {
      const {
        body,
      }: { body: { rows: { id: string; lastName: string; firstName: string }[]; next: string | null } } =
        await reader.request('GET', `/api/members${after === '' ? '' : `?after=${after}`}`)
      seen.push(...body.rows.map((row) => `${row.lastName} ${row.firstName} ${row.id.padStart(9)}`))
      after = body.next
      // a new member on the first page moves no later page
      if (after !== null)
        await reader.request('POST', '/api/members', { firstName: 'A', lastName: 'A', phone: nextPhone() })
    }
    expect(seen).toHaveLength(80)
    expect(new Set(seen).size).toBe(80)
    expect(seen).toEqual([...seen].sort())
  })
})

describe('conversations', () => {
  test('a reply goes out through the carrier, and what a member sends comes in once', async () => {
    const { id: memberId, phone } = await addMember('Hanna', 'Writes')
    const conversation = (await post('/api/conversations', { memberId })).body
    const path = `/api/conversations/${conversation.id}`
    const reply = await post(`${path}/messages`, { body: 'See you on Sunday' })
    expect(reply.body).toMatchObject({
      direction: 'OUTBOUND',
      carrierMessageId: expect.stringMatching(/^SM/),
    })
    const inbound = {
      type: 'received',
      id: 'IN1',
      churchId: Number(conversation.churchId),
      from: phone,
      body: 'Thanks',
    }
    expect((await app.webhook('/webhooks/carrier', inbound)).status).toBe(204)
    expect((await app.webhook('/webhooks/carrier', inbound)).status).toBe(204)
    const { body } = await get(`${path}/messages`)
    expect(body.rows.map((row: { body: string }) => row.body)).toEqual(['Thanks', 'See you on Sunday'])
    expect((await post(`${path}/read`)).status).toBe(204)
    expect((await get(`${path}/messages`)).body.rows[0].readAt).not.toBeNull()
    expect((await get('/api/conversations')).body.rows[0]).toMatchObject({
      id: conversation.id,
      status: 'OPEN',
    })
  })

  test('a member who opted out gets no message', async () => {
    const { id: memberId } = await addMember('No', 'Thanks')
    await owner.request('PATCH', `/api/members/${memberId}`, { optedOut: true })
    const { id } = (await post('/api/conversations', { memberId })).body
    expect((await post(`/api/conversations/${id}/messages`, { body: 'Hello' })).status).toBe(409)
  })

  test('history pages by keyset hold each message once, also those of the same millisecond', async () => {
    const { id: memberId } = await addMember('Long', 'History')
    const { id } = (await post('/api/conversations', { memberId })).body
    await database.run(`insert into conversation_message (conversation_id, direction, body, carrier_message_id, sent_at)
      select ${id}, 'INBOUND', 'n' || n, 'H' || n, '2026-01-01'::timestamptz + (n / 10) * interval '1.4 milliseconds'
        from generate_series(1, 70) n`)
    const seen: string[] = []
    let before: string | null = null
    do {
      const query: string = before === null ? '' : `?before=${before}`
      const { body } = await get(`/api/conversations/${id}/messages${query}`)
      seen.push(...body.rows.map((row: { body: string }) => row.body))
      before = body.next
    } while (before !== null)
    expect(seen).toEqual(Array.from({ length: 70 }, (_, index) => `n${70 - index}`))
  })

  test('the fault slow-inbox shows the same inbox, with how many messages of each are unread', async () => {
    const { id: memberId } = await addMember('Three', 'Unread')
    const { id } = (await post('/api/conversations', { memberId })).body
    await database.run(`insert into conversation_message (conversation_id, direction, body, carrier_message_id, read_at)
      select ${id}, 'INBOUND', 'n' || n, 'U' || n, case when n > 3 then now() end from generate_series(1, 5) n`)
    const healthy = (await get('/api/conversations')).body
    app.faults.set('slow-inbox', true)
    const { rows, next } = (await get('/api/conversations')).body
    app.faults.set('slow-inbox', false)
    expect(rows.find((row: { id: string }) => row.id === id).unread).toBe(3)
    expect({ rows: rows.map(({ unread: _, ...row }: { unread: number }) => row), next }).toEqual(healthy)
  })
})

describe('broadcasts', () => {
  const broadcastTo = async (name: string, members: number) => {
    const group = (await post('/api/groups', { name })).body
    for (let index = 0; index < members; index++) {
      const { id } = await addMember(name, `M${index}`)
      await owner.request('PUT', `/api/groups/${group.id}/members/${id}`)
    }
    return (await post('/api/broadcasts', { groupId: group.id, body: 'Sunday at nine' })).body
  }
  const statusOf = async (id: string) =>
    (
      await database.query<{ status: string }>(
        `select d.status from delivery d join message_recipient r on r.id = d.message_recipient_id
          where r.message_id = ${id} order by d.id`,
      )
    ).map((row) => row.status)

  test('go to each member, and the carrier reports each delivery to the webhook', async () => {
    const broadcast = await broadcastTo('Youth', 3)
    expect(broadcast.recipients).toBe(3)
    await until(async () =>
      expect((await statusOf(broadcast.id)).every((status) => /DELIVERED|FAILED/.test(status))).toBe(true),
    )
    expect(app.measured.deliveries.length).toBeGreaterThanOrEqual(3)
    const { body } = await get(`/api/broadcasts/${broadcast.id}/recipients`)
    expect(body.rows.map((row: { member: { firstName: string } }) => row.member.firstName)).toEqual(
      Array(3).fill('Youth'),
    )
    expect((await get('/api/billing/subscription')).body.messagesUsed).toBeGreaterThanOrEqual(3)
  })

  test('the fault n-plus-one shows the same recipients, with one statement more for each', async () => {
    const broadcast = await broadcastTo('Parents', 4)
    const path = `/api/broadcasts/${broadcast.id}/recipients`
    const healthy = (await get(path)).body
    app.faults.set('n-plus-one', true)
    expect((await get(path)).body).toEqual(healthy)
    app.faults.set('n-plus-one', false)
  })

  test('the fault failing-carrier leaves some deliveries failed', async () => {
    app.faults.set('failing-carrier', true)
    const broadcast = await broadcastTo('Elders', 20)
    await until(async () => expect(await statusOf(broadcast.id)).not.toContain('QUEUED'))
    expect((await statusOf(broadcast.id)).filter((status) => status === 'FAILED').length).toBeGreaterThan(1)
    app.faults.set('failing-carrier', false)
    const { body } = await get('/api/deliveries?status=FAILED')
    expect(body.rows.length).toBeGreaterThan(1)
  })
})

describe('webhooks', () => {
  test.each(['/webhooks/carrier', '/webhooks/payments'])('%s refuses a wrong signature', async (path) => {
    const body = { type: 'delivery', reference: 'x', status: 'DELIVERED' }
    expect((await app.webhook(path, body, 'not the secret at all')).status).toBe(401)
    expect((await app.browser().request('POST', path, body)).status).toBe(401)
  })

  test('a payment that nobody made is a 404', async () => {
    const told = { reference: 'pi_unknown', status: 'SUCCEEDED' }
    expect((await app.webhook('/webhooks/payments', told)).status).toBe(404)
  })
})

describe('billing', () => {
  test('a declined card is a 402, makes the subscription past due, and a refund comes by webhook', async () => {
    const payer = await app.register('Declined')
    await database.run(`update subscription set price_cents = ${ALWAYS_DECLINED_CENTS}
      where church_id = (select max(id) from church)`)
    expect((await payer.request('POST', '/api/billing/payments')).status).toBe(402)
    expect((await payer.request('GET', '/api/billing/subscription')).body.status).toBe('PAST_DUE')
    expect(app.measured.charges.at(-1)).toMatchObject({ outcome: 'declined', amount: ALWAYS_DECLINED_CENTS })
    const [payment] = (await payer.request('GET', '/api/billing/payments')).body.rows
    const told = { reference: payment.providerReference, status: 'REFUNDED' }
    // the provider's own word on the decline may come later
    await until(async () => {
      expect((await app.webhook('/webhooks/payments', told)).status).toBe(204)
      const { body } = await payer.request('GET', '/api/billing/payments')
      expect(body.rows[0].status).toBe('REFUNDED')
    })
  })

  test('a charge that ends in an error is measured as failed (N3), and stays pending: it may have been made', async () => {
    // whatever answers there, it is no payment provider
    const broken = await startTestApp(database.url, { PAYMENTS_URL: app.url })
    try {
      const payer = await broken.register('Unlucky')
      expect((await payer.request('POST', '/api/billing/payments')).status).toBe(500)
      expect(broken.measured.charges).toMatchObject([{ outcome: 'failed', currency: 'USD' }])
      const { body } = await payer.request('GET', '/api/billing/payments')
      expect(body.rows[0].status).toBe('PENDING')
    } finally {
      await broken.stop()
    }
  })

  test('subscriptions are counted when they begin, and told as a level', async () => {
    const before = app.measured.counts.get('subscriptions.created') ?? 0
    await app.register('Counted')
    expect(app.measured.counts.get('subscriptions.created')).toBe(before + 1)
    await until(() => expect(app.measured.levels.get('subscriptions.active')).toBeGreaterThanOrEqual(0))
  })

  test('staff may not pay, nor remove members', async () => {
    const browser = await app.register('Roles')
    await database.run(`update app_user set role = 'STAFF' where email = 'owner@roles.example'`)
    expect((await browser.request('POST', '/api/billing/payments')).status).toBe(403)
    expect((await browser.request('DELETE', '/api/members/1')).status).toBe(403)
  })
})

describe('assessments', () => {
  const withAnswer = async () => {
    const { id: memberId } = await addMember('Ann', 'Assessed')
    const { id } = (await post('/api/assessments', { memberId, title: 'Leadership' })).body
    const answer = `/api/assessments/${id}/answers/1`
    expect((await owner.request('PUT', answer, { value: 7 })).status).toBe(200)
    return { id, answer }
  }
  const upload = (path: string, bytes: Uint8Array) =>
    owner.request('POST', `${path}/evidence`, bytes, {
      'content-type': 'application/pdf',
      'x-file-name': 'Zeugnis.pdf',
    })

  test('are answered, and complete only once', async () => {
    const { id, answer } = await withAnswer()
    expect((await get('/api/assessments')).body.rows[0]).toMatchObject({ id, status: 'IN_PROGRESS' })
    expect((await post(`/api/assessments/${id}/complete`, { score: 80 })).status).toBe(204)
    expect((await post(`/api/assessments/${id}/complete`, { score: 90 })).status).toBe(404)
    expect((await owner.request('PUT', answer, { value: 1 })).status).toBe(409)
  })

  test('a file of evidence comes back as it went in, until its answer is withdrawn', async () => {
    const { answer } = await withAnswer()
    const bytes = new Uint8Array(200_000).map((_, index) => index % 251)
    const { status, body } = await upload(answer, bytes)
    expect([status, body.sizeBytes]).toEqual([201, '200000'])
    const response = await fetch(`${app.url}/api/evidence/${body.id}`, {
      headers: { cookie: owner.cookie() },
    })
    expect(response.headers.get('content-disposition')).toContain('attachment')
    expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.from(bytes))).toBe(true)
    expect((await owner.request('DELETE', answer)).status).toBe(204)
    expect((await get(`/api/evidence/${body.id}`)).status).toBe(404)
  })

  test('a file of more than five megabytes is a 413, an empty one a 400, and nothing is kept of either', async () => {
    const { answer } = await withAnswer()
    expect((await upload(answer, new Uint8Array(5 * 1024 * 1024 + 1))).status).toBe(413)
    expect((await upload(answer, new Uint8Array(0))).status).toBe(400)
    const { status } = await owner.request('POST', `${answer}/evidence`, new Uint8Array(10), {
      'content-type': 'text/html',
      'x-file-name': 'x.html',
    })
    expect(status).toBe(400)
    expect(
      (await get('/api/evidence')).body.rows.map((row: { fileName: string }) => row.fileName),
    ).not.toContain('x.html')
  })
})

describe('pages of the whole church', () => {
  test.each([
    '/api/dashboard',
    '/api/reports/corrections',
    '/api/reports/delivery-rate',
    '/api/audit-log',
    '/api/audit-log?user=me',
    '/api/audit-log?page=1',
    '/api/conversations/mine',
    '/api/members?search=A',
    '/health',
  ])('%s answers', async (path) => {
    expect((await get(path)).status).toBe(200)
  })

  test('nothing was logged as an error of the application', () => {
    expect(app.logged).toEqual([])
  })
})

describe('faults', () => {
  const control = (method: string, path: string, body?: unknown, token = CONTROL_TOKEN) =>
    app.browser().request(method, `/internal/faults${path}`, body, { authorization: `Bearer ${token}` })

  test('are switched with the token only', async () => {
    expect((await control('PUT', '/n-plus-one', { on: true }, 'another token')).status).toBe(403)
    expect((await control('PUT', '/no-such-fault', { on: true })).status).toBe(404)
    expect((await control('PUT', '/n-plus-one', { on: true })).status).toBe(204)
    const { body } = await control('GET', '')
    expect(
      body.filter((fault: { on: boolean }) => fault.on).map((fault: { id: string }) => fault.id),
    ).toEqual(['n-plus-one'])
    expect((await control('PUT', '/n-plus-one', { on: false })).status).toBe(204)
  })

  test('the fault pool-leak keeps three connections, and the application goes on', async () => {
    app.faults.set('pool-leak', true)
    for (let time = 0; time < 6; time++) expect((await get('/api/reports/delivery-rate')).status).toBe(200)
    const idle = async () => Number((await database.query<{ count: string }>(CONNECTIONS))[0]!.count)
    expect(await idle()).toBeGreaterThanOrEqual(3)
    app.faults.set('pool-leak', false)
    expect((await get('/api/reports/delivery-rate')).status).toBe(200)
  })

  test('the fault slow-external-call lets a reply wait for the carrier', async () => {
    const { id: memberId } = await addMember('Slow', 'Reply')
    const { id } = (await post('/api/conversations', { memberId })).body
    app.faults.set('slow-external-call', true)
    const since = performance.now()
    expect((await post(`/api/conversations/${id}/messages`, { body: 'Hello' })).status).toBe(201)
    expect(performance.now() - since).toBeGreaterThan(1_900)
    app.faults.set('slow-external-call', false)
  })

  test('the fault idle-in-transaction forgets a transaction until it is switched off', async () => {
    const sessions = async () =>
      (
        await database.query(`select from pg_stat_activity where datname = current_database()
         and application_name = 'messaging-report' and state = 'idle in transaction'`)
      ).length
    app.faults.set('idle-in-transaction', true)
    await until(async () => expect(await sessions()).toBe(1))
    app.faults.set('idle-in-transaction', false)
    await until(async () => expect(await sessions()).toBe(0))
  })
})

const CONNECTIONS = `select count(*) from pg_stat_activity
  where datname = current_database() and application_name = 'messaging-api' and query like '%date_trunc(''week''%'`
