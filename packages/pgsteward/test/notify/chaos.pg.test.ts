// Kill -9 at random moments, and a channel that fails a third of the time, half of that after it took the message: every transition
// arrives, none twice, in order of each finding.

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { type Received, startReceiver } from './receiver.ts'

const SECRET = 'a-secret-of-some-length'
const TRANSITIONS = 200
const dir = mkdtempSync(join(tmpdir(), 'pgsteward-chaos-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

interface Transition {
  readonly key: string
  readonly transition: string
  readonly openedAt: string
}

interface Told {
  readonly findingKey: string
  readonly event: string
  readonly openedAt: string
}

/** Runs the process until it has said what is waited for, or `forMs` are over; then it is killed. */
async function runAlerter(url: string, mode: 'change' | 'drain', forMs: number): Promise<readonly string[]> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'alerter.ts'), join(dir, 'store'), url, SECRET, mode],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const gone = new Promise((resolve) => child.once('exit', resolve))
  const said: string[] = []
  const lines = createInterface({ input: child.stdout })
  const end = new Promise((resolve) => lines.once('close', resolve))
  const isOpen = new Promise<void>((resolve) =>
    lines.on('line', (line) => {
      said.push(line)
      if (line === 'open') resolve()
    }),
  )
  await Promise.race([isOpen, gone])
  await Promise.race([gone, mode === 'drain' ? gone : wait(forMs)])
  child.kill('SIGKILL')
  await gone
  // what it said before the kill is still in the pipe
  await end
  return said
}

test('killed again and again, it tells each transition once and in order', { timeout: 300_000 }, async () => {
  const taken = new Map<string, Received>()
  let repetitions = 0
  await using receiver = await startReceiver((received) => {
    const chance = Math.random()
    if (chance < 1 / 6) return { status: 503 }
    // what the webhook's documentation asks of receivers
    const key = String(received.headers['idempotency-key'])
    if (taken.has(key)) repetitions += 1
    else taken.set(key, received)
    return chance < 1 / 3 ? 'hang-up' : { status: 204 }
  })
  const saved: Transition[] = []
  let kills = 0
  while (saved.length < TRANSITIONS) {
    const said = await runAlerter(receiver.url, 'change', 200 + Math.random() * 1_500)
    saved.push(...said.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Transition))
    kills += 1
  }
  expect((await runAlerter(receiver.url, 'drain', 0)).at(-1)).toBe('empty')

  const told = [...taken.values()].flatMap(({ body }) => (JSON.parse(body) as { alerts: Told[] }).alerts)
  const name = ({ event, openedAt }: Pick<Told, 'event' | 'openedAt'>) => `${event} ${openedAt}`
  for (const key of new Set(saved.map((each) => each.key))) {
    const arrived = told.filter(({ findingKey }) => findingKey === key).map(name)
    const expected = saved
      .filter((each) => each.key === key)
      .map(({ transition, openedAt }) => name({ event: transition, openedAt }))
    expect(new Set(arrived).size, key).toBe(arrived.length)
    // a transition that was saved in the moment of a kill was not said, and is told all the same
    expect(arrived.filter((each) => expected.includes(each))).toEqual(expected)
    expect(arrived.every((each, at) => each.startsWith(at % 2 === 0 ? 'opened' : 'resolved'))).toBe(true)
  }
  expect(kills).toBeGreaterThan(3)
  expect(repetitions).toBeGreaterThan(0)
})
