// From fault to page through the whole of it (must show of alerts): real server, real application, a pgsteward of its own, PagerDuty's
// strict fake. How long it takes is bench/detection.ts.

import { beforeAll, expect, test } from 'vitest'
import { type DetectionStack, INCIDENTS, type IncidentId, startDetectionStack } from './detection-stack.ts'

let stack: DetectionStack
beforeAll(async () => {
  stack = await startDetectionStack({ scale: 0.05, collect: { every: '5s' } })
  await stack.watch()
  return () => stack[Symbol.asyncDispose]()
}, 400_000)

const LIMIT = { timeout: 180_000, interval: 200 }

async function pageFor(id: IncidentId) {
  const names: readonly string[] = INCIDENTS[id]
  const own = () =>
    stack.pages.find(({ action, check }) => action === 'trigger' && check !== null && names.includes(check))
  await stack.setFault(id, true)
  await expect.poll(own, { ...LIMIT, message: stack.said() }).toBeDefined()
  await stack.setFault(id, false)
  expect(stack.refused).toEqual([])
  return own()!
}
const endOf = (key: string) => () => stack.pages.some((page) => page.action === 'resolve' && page.key === key)

test('no incident is told of before it breaks out, and a held lock pages once, names who holds it, and is over when it is mended (N1)', async () => {
  // that a busy machine makes routes slow is true, and no matter of this test
  const ofIncidents: readonly string[] = Object.values(INCIDENTS).flat()
  expect(stack.pages.filter(({ check }) => check !== null && ofIncidents.includes(check))).toEqual([])
  const page = await pageFor('blocked-queries')
  expect(page.details).toContain('messaging-console')
  await expect.poll(endOf(page.key), LIMIT).toBe(true)
}, 400_000)

test('requests that fail and messages that the carrier refuses page, and name application and place (N3)', async () => {
  const pages = await Promise.all([pageFor('error-spike'), pageFor('delivery-failures')])
  expect(pages.map(({ details, summary }) => `${summary} ${details}`)).toEqual([
    expect.stringMatching(/messaging.*(GET|POST) \/api/s),
    expect.stringMatching(/messaging/),
  ])
}, 400_000)

test('connections that run out page while no other can be had, and name who holds them (N2)', async () => {
  const page = await pageFor('connection-exhaustion')
  expect(page).toMatchObject({ severity: expect.stringMatching(/critical|warning/) })
  // of the two checks that tell of it one looks at who is there, which is over at once
  const near = () => stack.pages.find(({ check }) => check === 'connections-near-limit')
  if (near() !== undefined) await expect.poll(endOf(near()!.key), LIMIT).toBe(true)
}, 400_000)
