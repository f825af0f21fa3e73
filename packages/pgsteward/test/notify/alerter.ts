// A process whose findings open and end one after the other until it is killed; it says what it has saved. With `drain` it changes
// nothing more, and says when the outbox is empty.

import { setTimeout as wait } from 'node:timers/promises'
import { AlertDesk } from '../../src/app/alerts/alert-desk.ts'
import { rememberedSince } from '../../src/evaluate/flapping.ts'
import { track } from '../../src/evaluate/track.ts'
import type { Outcome } from '../../src/model/check.ts'
import { alertMessage } from '../../src/notify/alert-message.ts'
import { webhook } from '../../src/notify/webhook.ts'
import { openStore } from '../../src/store/open-store.ts'

const [dir, url, secret, mode] = process.argv.slice(2) as [string, string, string, string]
const CHECK = { id: 'slow-route', area: 'availability' } as const
const ROUTES = 8
const store = await openStore({ dir })
// hours go by between two rounds, so that nothing flaps
const started = (await store.findings({ targetId: 'shop' })).map(({ lastSeenAt, resolvedAt }) =>
  Math.max(lastSeenAt.getTime(), resolvedAt?.getTime() ?? 0),
)
let time = Math.max(Date.now(), ...started)
const desk = new AlertDesk({
  store,
  channels: [{ ...webhook('hook', { url, secret }), most: 3 }],
  policy: { routes: [{ match: {}, from: 'info', channels: ['hook'] }], escalation: [], repeatMs: null },
  windows: () => [],
  messageOf: (finding, news, now) =>
    alertMessage(finding, news, { labels: {}, title: '', isFlapping: false, dashboardUrl: null, now }),
  // the outbox goes by real time, so that retries come within the test
  now: () => new Date(),
  chance: () => 0,
  onTrouble: () => undefined,
})
await desk.start(['shop'])
console.log('open')
while (mode !== 'drain') {
  time += 3_600_000
  const now = new Date(time)
  const known = await store.knownFindings('shop', rememberedSince(now))
  const open = new Set(known.filter(({ state }) => state === 'open').map(({ subject }) => nameOf(subject)))
  const route = `GET /${Math.floor(Math.random() * ROUTES)}`
  const names = open.has(route) ? [...open].filter((each) => each !== route) : [...open, route]
  const changes = track('shop', [CHECK], known, [outcomeOf(names)], now)
  await store.saveChanges(changes, now)
  for (const { transition, finding } of changes)
    if (transition !== 'persisted')
      console.log(JSON.stringify({ key: finding.key, transition, openedAt: finding.openedAt }))
  await desk.reconcile('shop')
  await wait(Math.random() * 30)
}
for (;;) {
  const left = await store.deliveries({ states: ['waiting', 'sending'] })
  if (left.length === 0) break
  await wait(50)
}
await desk.stop()
await store.close()
console.log('empty')

function nameOf(subject: object): string {
  return 'name' in subject ? String(subject.name) : ''
}

function outcomeOf(names: readonly string[]): Outcome {
  if (names.length === 0) return { status: 'quiet', checkId: CHECK.id }
  return {
    status: 'found',
    checkId: CHECK.id,
    findings: names.map((name) => ({
      subject: { kind: 'route', application: 'shop', name },
      severity: 'warning',
      summary: `${name} is slow`,
      evidence: [],
    })),
  }
}
