// Reviews after a launch: opened with how it was before, measured when they fall due, done by people.

import type { z } from 'zod'
import { refuseDone } from '../../govern/action-items.ts'
import { toldEntries } from '../../govern/record-words.ts'
import { baselineSpell, reviewDues, spellOf } from '../../govern/review/review-dues.ts'
import type { ReviewAction } from '../../govern/review/review-entries.ts'
import { launchReviewOf, refuseReview, reviewToDo } from '../../govern/review/review-state.ts'
import { StewardError } from '../../model/error.ts'
import type { GovernanceRecord } from '../../model/governance.ts'
import type {
  LaunchReviewDetailWire,
  LaunchReviewWire,
  OverdueReviewWire,
  openReviewWire,
  REVIEW_REQUESTS,
  ReviewRequest,
} from '../../model/review-wire.ts'
import type { ReviewsConfig } from './change-config.ts'
import { findingsOpened, isMeasured, launchMetrics, type MetricsStore } from './launch-metrics.ts'
import type { RecordBook } from './record-book.ts'

type Body<R extends ReviewRequest> = z.output<(typeof REVIEW_REQUESTS)[R]>
const ACTIONS = {
  review: 'reviewed',
  'open-action': 'action-opened',
  'action-done': 'action-done',
  close: 'closed',
} as const satisfies Record<ReviewRequest, ReviewAction>

/** Reviews fall due by the day. */
const LOOK_EVERY_MS = 60_000

export class ReviewDesk {
  readonly #book: RecordBook
  readonly #store: MetricsStore
  readonly #config: ReviewsConfig
  readonly #hasTarget: (id: string) => void
  #timer: NodeJS.Timeout | null = null
  #measuring: Promise<void> = Promise.resolve()

  constructor(book: RecordBook, store: MetricsStore, config: ReviewsConfig, hasTarget: (id: string) => void) {
    this.#book = book
    this.#store = store
    this.#config = config
    this.#hasTarget = hasTarget
  }

  start(onFailure: (error: unknown) => void): void {
    const look = () => {
      this.#measuring = this.#measuring.then(() => this.measureDue()).catch(onFailure)
    }
    look()
    this.#timer ??= setInterval(look, LOOK_EVERY_MS)
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    await this.#measuring
  }

  async list(): Promise<LaunchReviewWire[]> {
    const now = this.#book.now
    return (await this.#book.all('review')).map((record) => launchReviewOf(record, now))
  }

  async one(name: string): Promise<LaunchReviewDetailWire> {
    return this.#told(await this.#book.get('review', name))
  }

  async open(request: z.output<typeof openReviewWire>): Promise<LaunchReviewDetailWire> {
    const { title, version, target, actor } = request
    this.#hasTarget(target)
    const launchedAt = request.launchedAt === undefined ? this.#book.now : new Date(request.launchedAt)
    if (launchedAt > this.#book.now)
      throw new StewardError('usage', `the launch at ${launchedAt.toISOString()} is still to come`, {
        hint: 'Open its reviews when it is out.',
      })
    const baseline = await launchMetrics(this.#store, target, baselineSpell(launchedAt))
    return this.#told(
      await this.#book.open(
        { kind: 'review', targetId: target },
        {
          actor,
          body: {
            title,
            version,
            launchedAt: launchedAt.toISOString(),
            dues: reviewDues(launchedAt, this.#config),
            onTimeMs: this.#config.onTimeWithin,
            baseline: isMeasured(baseline) ? baseline : null,
          },
        },
      ),
    )
  }

  async add<R extends ReviewRequest>(
    name: string,
    request: R,
    { actor, ...said }: Body<R> & { readonly actor: string },
  ): Promise<LaunchReviewDetailWire> {
    let record = await this.#book.get('review', name)
    const review = launchReviewOf(record, this.#book.now)
    const action = ACTIONS[request]
    refuseReview(review, action)
    let body: Record<string, unknown> = { ...said }
    if (request === 'review') {
      const { due, note } = said as unknown as Body<'review'>
      const { number } = reviewToDo(review, due, this.#book.now)
      // whoever reviews has the figures before them, even a moment after it fell due
      record = await this.#measure(record)
      body = { due: number, note }
    } else if (request === 'action-done')
      refuseDone(record, review.actions, (said as unknown as Body<'action-done'>).action)
    return this.#told(await this.#book.add(record, { actor, action, body }))
  }

  /** The overdue ones of a target, the longest overdue first. */
  async overdue(targetId: string): Promise<OverdueReviewWire[]> {
    return (await this.list())
      .flatMap(({ name, title, version, reviews, completion, state, ...review }) => {
        const first = reviews.find((each) => each.state === 'overdue')
        return first === undefined || state === 'closed' || review.targetId !== targetId
          ? []
          : [{ name, title: `${title} ${version}`, due: first.due, overdue: completion.overdue }]
      })
      .sort((one, other) => Date.parse(one.due) - Date.parse(other.due))
  }

  /** Fills in the figures of what fell due. One that cannot be measured keeps no other from it. */
  async measureDue(): Promise<void> {
    const failures: unknown[] = []
    // another process that shares the store may have been first
    for (const record of await this.#book.all('review'))
      await this.#measure(record).catch((error) => {
        if (!(error instanceof StewardError && error.code === 'record-changed')) failures.push(error)
      })
    if (failures.length > 0) throw failures[0]
  }

  async #measure(record: GovernanceRecord): Promise<GovernanceRecord> {
    const { targetId, state, launchedAt, reviews } = launchReviewOf(record, this.#book.now)
    if (targetId === null || state === 'closed') return record
    const launch = new Date(launchedAt)
    let measured = record
    for (const { number, every, due, metrics } of reviews) {
      if (metrics !== null || Date.parse(due) > this.#book.now.getTime()) continue
      measured = await this.#book.add(measured, {
        actor: 'pgsteward',
        action: 'measured',
        body: {
          due: number,
          metrics: await launchMetrics(this.#store, targetId, spellOf({ every, due }, launch)),
          ...(await findingsOpened(this.#store, targetId, { from: launch, to: new Date(due) })),
        },
      })
    }
    return measured
  }

  #told(record: GovernanceRecord): LaunchReviewDetailWire {
    return { ...launchReviewOf(record, this.#book.now), entries: toldEntries(record) }
  }
}
