// /health: asks what the application says it needs, each with a time limit, and answers 200 or 503. Says which check failed, never
// why: the reason may hold a host name or a user, and belongs in the log.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerJson } from './json-answer.ts'

export interface HealthOptions {
  /** Each passes when it resolves. A ping: `database: () => pool.query('select 1')`. */
  readonly checks?: Readonly<Record<string, () => unknown>>
  /** For each check. Default 2000 ms. */
  readonly timeoutMs?: number
  /** Told why a check failed. */
  readonly onFailure?: (name: string, error: unknown) => void
}

export interface Health {
  readonly status: 'ok' | 'failing'
  readonly checks: Readonly<
    Record<string, { readonly status: 'ok' | 'failed' | 'timeout'; readonly tookMs: number }>
  >
}

export interface HealthHandler {
  /** For Express and node:http. */
  (request: IncomingMessage, response: ServerResponse): Promise<void>
  /** For anything else, such as Fastify: `reply.code(status === 'ok' ? 200 : 503).send(...)`. */
  readonly check: () => Promise<Health>
}

/** Callers that come while the checks run share their answer: a flood of probes is one query at a time. */
export function healthHandler({
  checks = {},
  timeoutMs = 2000,
  onFailure,
}: HealthOptions = {}): HealthHandler {
  let running: Promise<Health> | null = null
  const check = (): Promise<Health> => {
    running ??= runAll(checks, timeoutMs, onFailure).finally(() => {
      running = null
    })
    return running
  }
  const handler = async (_request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const health = await check()
    if (!response.headersSent && !response.destroyed)
      answerJson(response, health.status === 'ok' ? 200 : 503, health)
  }
  return Object.assign(handler, { check })
}

async function runAll(
  checks: NonNullable<HealthOptions['checks']>,
  timeoutMs: number,
  onFailure: HealthOptions['onFailure'],
): Promise<Health> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, run]) => {
      const startedAt = performance.now()
      const status = await runOne(run, timeoutMs, (error) => onFailure?.(name, error))
      return [name, { status, tookMs: Math.round(performance.now() - startedAt) }] as const
    }),
  )
  const isOk = results.every(([, { status }]) => status === 'ok')
  return { status: isOk ? 'ok' : 'failing', checks: Object.fromEntries(results) }
}

async function runOne(
  run: () => unknown,
  timeoutMs: number,
  failed: (error: unknown) => void,
): Promise<'ok' | 'failed' | 'timeout'> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), timeoutMs)
  })
  const outcome = (async () => {
    await run()
    return 'ok' as const
  })().catch((error: unknown) => {
    quietly(() => failed(error))
    return 'failed' as const
  })
  const status = await Promise.race([outcome, timeout])
  clearTimeout(timer)
  if (status === 'timeout') quietly(() => failed(new Error(`no answer within ${timeoutMs} ms`)))
  return status
}

/** A log that fails is no reason to be unhealthy. */
function quietly(work: () => void): void {
  try {
    work()
  } catch {}
}
