// One fault from beginning to end, cleaned up after however it goes.

import { Expectations, type Fault, NotRun } from './fault.ts'
import { Ground } from './ground.ts'

export interface Tried {
  readonly fault: Pick<Fault, 'id' | 'title' | 'done' | 'holds'>
  readonly status: 'kept' | 'not kept' | 'not run'
  readonly result: string
  readonly recovered: string
}

/** No fault takes longer; one that hangs is an expectation not kept. */
const WITHIN_MS = 8 * 60_000

export async function runFault(fault: Fault, say: (text: string) => void, stop: AbortSignal): Promise<Tried> {
  say(`== ${fault.id}\n`)
  const started = performance.now()
  const ground = new Ground(say)
  const expect = new Expectations()
  let recovered = ''
  let notRun: string | null = null
  try {
    recovered = await Promise.race([fault.run(ground, expect), brokenOff(stop)])
  } catch (error) {
    if (error instanceof NotRun) notRun = error.message
    else {
      say(`${error instanceof Error ? error.stack : error}\n`)
      expect.that(false, (error as Error).message.split('\n')[0]!)
    }
  } finally {
    await ground.end()
  }
  for (const { isKept, measured } of expect.all) say(`  ${isKept ? 'kept    ' : 'NOT KEPT'} ${measured}\n`)
  const isKept = expect.all.every((each) => each.isKept)
  say(
    `  ${notRun ?? (isKept ? 'all kept' : 'NOT ALL KEPT')}, ${((performance.now() - started) / 1000).toFixed(0)} s\n`,
  )
  return {
    fault,
    status: notRun !== null ? 'not run' : isKept ? 'kept' : 'not kept',
    result:
      notRun !== null
        ? `not run: ${notRun}`
        : expect.all
            .map((each) => (each.isKept ? each.measured : `**not kept: ${each.measured}**`))
            .join('; '),
    recovered,
  }
}

function brokenOff(stop: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const late = setTimeout(
      () => reject(new Error(`not over within ${WITHIN_MS / 60_000} minutes`)),
      WITHIN_MS,
    )
    late.unref()
    stop.addEventListener('abort', () => reject(new Error('broken off')), { once: true })
  })
}
