// The desks of a team's practice, over one store.

import type { Store } from '../../store/store.ts'
import type { Config } from '../config/config-schema.ts'
import { boardRules } from './change-config.ts'
import { ChangeDesk } from './change-desk.ts'
import { MeetingDesk } from './meeting-desk.ts'
import { RecordBook } from './record-book.ts'
import { RecordsDesk } from './records-desk.ts'
import { RehearsalDesk } from './rehearsal-desk.ts'
import { reviewCalendar } from './review-calendar.ts'
import { ReviewDesk } from './review-desk.ts'

export interface GovernanceOptions {
  readonly config: Pick<Config, 'changes' | 'reviews'>
  readonly store: Store
  readonly now: () => Date
  /** Throws where there is no such target. */
  readonly hasTarget: (id: string) => void
}

export class GovernanceDesks {
  readonly book: RecordBook
  readonly changes: ChangeDesk
  readonly meetings: MeetingDesk
  readonly rehearsals: RehearsalDesk
  readonly reviews: ReviewDesk
  readonly records: RecordsDesk
  readonly #hasTarget: (id: string) => void

  constructor({ config, store, now, hasTarget }: GovernanceOptions) {
    const rules = boardRules(config.changes)
    this.book = new RecordBook(store, now)
    this.meetings = new MeetingDesk(this.book, rules)
    this.changes = new ChangeDesk(this.book, rules, this.meetings, hasTarget)
    this.rehearsals = new RehearsalDesk(this.book, hasTarget)
    this.reviews = new ReviewDesk(this.book, store, config.reviews, hasTarget)
    this.records = new RecordsDesk(store)
    this.#hasTarget = hasTarget
  }

  /** Of reviews and meetings, as iCalendar. Rejects where there is no such target. */
  async calendar(targetId: string | null): Promise<string> {
    if (targetId !== null) this.#hasTarget(targetId)
    const [reviews, meetings] = await Promise.all([this.book.all('review'), this.book.all('meeting')])
    return reviewCalendar([...reviews, ...meetings], targetId, this.book.now)
  }
}
