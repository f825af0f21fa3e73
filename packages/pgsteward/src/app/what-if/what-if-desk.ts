// Questions to planner twins, one at a time, in a process of its own: it keeps its twin for the next question, and is ended when nobody
// asks for a while, when who asked gives up, and when an answer takes too long.

import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { StewardError } from '../../model/error.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { AnswerTo, WhatIfFailure, WhatIfOrder, WhatIfQuestion, WhatIfWord } from './what-if-question.ts'

/** Reading a large schema takes seconds, its twins as long again; beyond this something is wrong with the question. */
const LONGEST_MS: Milliseconds = 180_000
/** A twin takes some 300 MB. */
const IDLE_MS: Milliseconds = 120_000
/** Each waits for those before it; more are refused at once, which is quicker to learn. */
const MOST_WAITING = 8
/** To shut down a server of its own. */
const FAREWELL_MS: Milliseconds = 5_000

export interface Asking {
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

interface Running {
  readonly child: ChildProcess
  readonly dir: string
}

export class WhatIfDesk {
  readonly #cacheDir: string
  #running: Running | null = null
  #idle: NodeJS.Timeout | null = null
  #last: Promise<unknown> = Promise.resolve()
  readonly #leaving = new Set<Promise<void>>()
  #waiting = 0
  #nextId = 1
  #isStopped = false

  constructor(cacheDir: string) {
    this.#cacheDir = cacheDir
  }

  /** Throws what the answer throws; 'twin-busy' when too many wait; the signal's reason when it is aborted. */
  async ask<Question extends WhatIfQuestion>(
    url: string,
    question: Question,
    asking: Asking,
  ): Promise<AnswerTo<Question>> {
    if (this.#isStopped) throw new StewardError('twin-busy', 'pgsteward is stopping')
    if (this.#waiting >= MOST_WAITING)
      throw new StewardError('twin-busy', `${this.#waiting} questions wait for the planner twin already`, {
        hint: 'Ask again in a minute.',
      })
    this.#waiting += 1
    if (this.#waiting > 1) asking.onProgress('waiting for the question before')
    const answer = this.#last.then(() => this.#answer(url, question, asking))
    this.#last = answer.catch(() => undefined)
    try {
      return (await answer) as AnswerTo<Question>
    } finally {
      this.#waiting -= 1
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    if (this.#running !== null) this.#end(this.#running)
    await this.#last
    await Promise.all(this.#leaving)
  }

  async #answer(url: string, question: WhatIfQuestion, { signal, onProgress }: Asking): Promise<unknown> {
    signal.throwIfAborted()
    if (this.#isStopped) throw new StewardError('twin-busy', 'pgsteward is stopping')
    if (this.#idle !== null) clearTimeout(this.#idle)
    this.#running ??= this.#start()
    const running = this.#running
    const { child, dir } = running
    const id = this.#nextId++
    let limit: NodeJS.Timeout | undefined
    let giveUp: () => void = () => undefined
    let isLost: (code: number | null, killedBy: string | null) => void = () => undefined
    try {
      return await new Promise((resolve, reject) => {
        child.on('message', (word: WhatIfWord) => {
          if (word.id !== id) return
          if ('progress' in word) onProgress(word.progress)
          else if ('answer' in word) resolve(word.answer)
          else {
            // a bug may have left anything behind
            if (word.failed.code === null) this.#end(running)
            reject(asError(word.failed))
          }
        })
        isLost = (code, killedBy) => reject(lost(`its process ended with ${killedBy ?? `code ${code}`}`))
        child.once('exit', isLost)
        limit = setTimeout(() => {
          this.#end(running)
          reject(lost(`the answer took more than ${LONGEST_MS / 1000} s`))
        }, LONGEST_MS)
        giveUp = () => {
          this.#end(running)
          reject(signal.reason)
        }
        signal.addEventListener('abort', giveUp, { once: true })
        child.send({ id, url, dir, cacheDir: this.#cacheDir, question } satisfies WhatIfOrder, (error) => {
          if (error !== null) reject(lost(error.message))
        })
      })
    } finally {
      clearTimeout(limit)
      signal.removeEventListener('abort', giveUp)
      child.removeAllListeners('message')
      child.off('exit', isLost)
      this.#idle = setTimeout(() => this.#end(running), IDLE_MS)
      this.#idle.unref()
    }
  }

  #start(): Running {
    const dir = mkdtempSync(join(tmpdir(), 'pgsteward-what-if-'))
    const child = fork(new URL(`./what-if-child${extname(import.meta.filename)}`, import.meta.url), [], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
    })
    const running = { child, dir }
    const gone = new Promise<void>((done) => {
      child.once('exit', () => done())
      // it could not be started, or not be reached; its exit may never come
      child.once('error', () => done())
    }).then(() => {
      if (this.#running === running) this.#running = null
      rmSync(dir, { recursive: true, force: true })
      this.#leaving.delete(gone)
    })
    this.#leaving.add(gone)
    return running
  }

  /** The next question starts another. It ends by itself when nobody listens any more, and is made to where it does not. */
  #end(running: Running): void {
    if (this.#running === running) this.#running = null
    const { child } = running
    if (child.exitCode !== null || child.signalCode !== null) return
    if (child.connected) child.disconnect()
    const kill = setTimeout(() => child.kill('SIGKILL'), FAREWELL_MS)
    child.once('exit', () => clearTimeout(kill))
  }
}

function asError({ code, message, detail, hint }: WhatIfFailure): Error {
  if (code === null) return new Error(message)
  return new StewardError(code, message, {
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
  })
}

function lost(because: string): StewardError {
  return new StewardError('twin-unavailable', 'the planner twin gave no answer', {
    detail: because,
    hint: 'Ask for something smaller, or once more.',
  })
}
