// Walks a virtual user through one flow, request by request. It is its own handler for undici's dispatch and keeps one connection, so a
// step without placeholders costs no object, no closure and no timer of ours.

import type { Client, Dispatcher } from 'undici'
import type { Milliseconds } from '../../model/units.ts'
import { answerOf } from './answer.ts'
import type { CompiledFlow, Op, RequestOp, RequestOptions } from './compile-scenario.ts'
import { connection } from './connection.ts'
import { errorKind, isUnreachable } from './error-kind.ts'
import { extract } from './extract.ts'
import type { Recorder } from './recorder.ts'
import type { Session } from './session.ts'
import { passes } from './step-checks.ts'
import { type Filling, fill, MissingValue, type Variables } from './template.ts'

type Headers = Readonly<Record<string, string | string[] | undefined>>

/** What the walkers of one thread share. */
export interface Lane {
  readonly origin: string
  readonly env: Filling['env']
  readonly recorder: Recorder
  /** Since the run's start. */
  readonly now: () => Milliseconds
  /** Steps have a time at which they should begin. A closed user that wakes up late has only thought longer. */
  readonly isOpen: boolean
  /** Nothing new is begun. */
  isOver: boolean
  /** Requests on their way. */
  inFlight: number
  /** Waited after a connection that could not be made, so that a closed loop does not spin. */
  readonly refusedPauseMs: Milliseconds
}

/** A request is late by its timeout and at most this, which is how often they are looked at. */
export const SWEEP_MS: Milliseconds = 50

export class Walker implements Dispatcher.DispatchHandler {
  readonly #lane: Lane
  readonly #onEnd: (walker: Walker, hasFailed: boolean) => void
  #client: Client | null = null
  #controller: Dispatcher.DispatchController | null = null
  #session!: Session
  #flow!: CompiledFlow
  #ops: readonly Op[] = []
  #at = 0
  /** How often the loops around the present place are still to be gone through. */
  readonly #loops: number[] = []
  #isStarting = false
  #onlyStart = false
  #hasFailed = false
  #variables: Variables = {}
  /** When the next step should begin, whether or not we manage to. */
  #dueMs: Milliseconds = 0
  /** Which one of its user's it is, from 0. */
  #iteration = 0
  #sentMs: Milliseconds = 0
  #op: RequestOp | null = null
  #path = ''
  #status = 0
  #headers: Headers = {}
  #chunks: Buffer[] = []
  #bytes = 0
  #deadlineMs = Number.POSITIVE_INFINITY
  #hasTimedOut = false
  /** Its user is to go: it ends before the next step. */
  isLeaving = false
  /** Neither asked nor waited since it began: a loop of nothing must not keep the thread. */
  isEmptyHanded = true

  constructor(lane: Lane, onEnd: (walker: Walker, hasFailed: boolean) => void) {
    this.#lane = lane
    this.#onEnd = onEnd
  }

  get session(): Session {
    return this.#session
  }

  /** `onlyStart`: the flow's `start` steps and no more. */
  begin(session: Session, flow: CompiledFlow, dueMs: Milliseconds, onlyStart = false): void {
    this.#session = session
    this.#flow = flow
    this.#dueMs = dueMs
    this.#onlyStart = onlyStart
    this.#iteration = onlyStart ? 0 : session.iterations++
    this.#hasFailed = false
    this.isEmptyHanded = true
    this.#isStarting = flow.start.length > 0 && !session.started.has(flow.startsAs)
    this.#ops = this.#isStarting ? flow.start : flow.steps
    this.#variables = this.#isStarting ? session.kept : { ...session.kept }
    this.#at = 0
    this.#loops.length = 0
    this.#walk()
  }

  /** A request that is over its time fails; called for every walker now and then. */
  sweep(nowMs: Milliseconds): void {
    if (nowMs < this.#deadlineMs) return
    this.#deadlineMs = Number.POSITIVE_INFINITY
    this.#hasTimedOut = true
    const reason = new Error('timeout')
    if (this.#controller !== null) this.#controller.abort(reason)
    else this.#disconnect(reason)
  }

  close(): void {
    this.#disconnect(new Error('closed'))
  }

  #disconnect(reason: Error): void {
    const client = this.#client
    this.#client = null
    client?.destroy(reason).catch(() => {})
  }

  #walk(): void {
    const { random } = this.#session
    for (;;) {
      if (this.#lane.isOver || this.isLeaving) break
      if (this.#at >= this.#ops.length) {
        if (!this.#hasMore()) break
        continue
      }
      const op = this.#ops[this.#at++]!
      switch (op.kind) {
        case 'request': {
          if (op.chance < 1 && random.next() >= op.chance) break
          if (op.needs !== null && isNothing(this.#variables[op.needs])) break
          this.isEmptyHanded = false
          if (this.#send(op)) return
          break
        }
        case 'pause': {
          this.isEmptyHanded = false
          const pauseMs = op.leastMs + (op.mostMs - op.leastMs) * random.next()
          this.#dueMs += pauseMs
          setTimeout(afterPause, Math.max(0, this.#dueMs - this.#lane.now()), this)
          return
        }
        case 'loop': {
          const times = random.between(op.least, op.most)
          if (times === 0) this.#at = op.end
          else this.#loops.push(times)
          break
        }
        case 'again': {
          const left = this.#loops.pop()! - 1
          if (left > 0) {
            this.#loops.push(left)
            this.#at = op.start + 1
          }
          break
        }
      }
    }
    this.#onEnd(this, this.#hasFailed)
  }

  /** From a user's `start` steps to those of its iteration. */
  #hasMore(): boolean {
    if (!this.#isStarting) return false
    this.#isStarting = false
    if (this.#hasFailed) return false
    this.#session.started.add(this.#flow.startsAs)
    if (this.#onlyStart) return false
    this.#ops = this.#flow.steps
    this.#variables = { ...this.#session.kept }
    this.#at = 0
    return true
  }

  resume(): void {
    const lane = this.#lane
    if (!lane.isOver) {
      const now = lane.now()
      lane.recorder.begun(now, Math.max(0, now - this.#dueMs))
      if (!lane.isOpen) this.#dueMs = now
    }
    this.#walk()
  }

  resumeNow(): void {
    this.#dueMs = this.#lane.now()
    this.#walk()
  }

  /** False: it could not even be made, and the next step is due. */
  #send(op: RequestOp): boolean {
    const lane = this.#lane
    const now = lane.now()
    let options: RequestOptions
    if (op.fixed !== null && this.#session.cookies.isEmpty) {
      options = op.fixed
    } else {
      try {
        options = this.#fill(op, now)
      } catch (error) {
        // a half of a character cannot be escaped for a path
        const kind = error instanceof MissingValue ? error.message : 'not-encodable'
        lane.recorder.failed(op.series, now, kind, false)
        this.#hasFailed = true
        this.#dueMs = now
        return false
      }
    }
    this.#op = op
    this.#path = options.path
    this.#sentMs = now
    this.#deadlineMs = now + op.timeoutMs
    this.#controller = null
    this.#status = 0
    this.#bytes = 0
    lane.inFlight++
    this.#client ??= connection(lane.origin)
    this.#client.dispatch(options, this)
    return true
  }

  #fill(op: RequestOp, now: Milliseconds): RequestOptions {
    const session = this.#session
    const filling: Filling = {
      variables: this.#variables,
      rows: session.rows,
      env: this.#lane.env,
      user: session.number + 1,
      iteration: this.#iteration,
      random: session.random,
    }
    const { fixed } = op
    const path = fixed === null ? fill(op.path, filling) : fixed.path
    let headers = fixed?.headers ?? null
    if (headers === null) {
      headers = []
      for (const [name, value] of op.headers) headers.push(name, fill(value, filling))
    }
    const cookies = session.cookies.headerFor(path, now)
    if (cookies !== '') headers = [...headers, 'cookie', cookies]
    const body = fixed === null ? (op.body === null ? null : fill(op.body, filling)) : fixed.body
    return { path, method: op.method, headers, body }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers): void {
    this.#status = status
    this.#headers = headers
    const cookies = headers['set-cookie']
    if (cookies !== undefined) this.#session.cookies.store(cookies, this.#path)
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length
    if (this.#op!.wantsBody) this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    const lane = this.#lane
    const op = this.#op!
    const now = lane.now()
    lane.inFlight--
    this.#deadlineMs = Number.POSITIVE_INFINITY
    if (op.expected[this.#status] === 1)
      lane.recorder.succeeded(op.series, now, now - this.#dueMs, now - this.#sentMs)
    else {
      this.#hasFailed = true
      lane.recorder.failed(op.series, now, String(this.#status), false)
    }
    lane.recorder.received(this.#bytes)
    if (op.extract.length > 0 || op.checks.length > 0) this.#read(op)
    this.#dueMs = now
    this.#walk()
  }

  onResponseError(_: Dispatcher.DispatchController | null, error: Error): void {
    const lane = this.#lane
    const op = this.#op!
    const now = lane.now()
    lane.inFlight--
    this.#deadlineMs = Number.POSITIVE_INFINITY
    this.#chunks = []
    const kind = this.#hasTimedOut ? 'timeout' : errorKind(error)
    this.#hasTimedOut = false
    this.#hasFailed = true
    lane.recorder.failed(op.series, now, kind, isUnreachable(kind))
    lane.recorder.received(this.#bytes)
    for (const [name] of op.extract) this.#variables[name] = undefined
    for (const [check] of op.checks) lane.recorder.checked(check, false)
    // dispatch may fail before it returns: walking on from here would nest without end
    setTimeout(afterFailure, isUnreachable(kind) ? lane.refusedPauseMs : 0, this)
  }

  #read(op: RequestOp): void {
    const answer = answerOf(this.#status, this.#headers, this.#chunks)
    this.#chunks = []
    const { random } = this.#session
    const isExpected = op.expected[this.#status] === 1
    for (const [name, from] of op.extract)
      this.#variables[name] = isExpected ? extract(from, answer, random) : undefined
    for (const [index, check] of op.checks) this.#lane.recorder.checked(index, passes(check, answer, random))
  }
}

function afterPause(walker: Walker): void {
  walker.resume()
}

function afterFailure(walker: Walker): void {
  walker.resumeNow()
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}
