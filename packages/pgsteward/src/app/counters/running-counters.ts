// What /metrics and OTLP count since this process began: readings of targets, and reports of applications as they are saved.

import type { MetricFamily } from '../../export/metric-family.ts'
import type { ApplicationReport } from '../../model/application.ts'
import type { Snapshot } from '../../model/fact.ts'
import { countReport } from './count-report.ts'
import { countSnapshot } from './count-snapshot.ts'
import { FirstCome } from './first-come.ts'
import { Tally } from './tally.ts'

export class RunningCounters {
  readonly startedAt: Date
  readonly #labelsOf: (targetId: string) => Readonly<Record<string, string>>
  readonly #tally = new Tally()
  readonly #admitted = new FirstCome()
  /** When each fact of each target was read that was counted last. */
  readonly #countedAt = new Map<string, number>()

  constructor(startedAt: Date, labelsOf: (targetId: string) => Readonly<Record<string, string>>) {
    this.startedAt = startedAt
    this.#labelsOf = labelsOf
  }

  noticeSnapshot(snapshot: Snapshot): void {
    const { targetId } = snapshot
    const isNew = (factId: string, at: Date) => {
      const key = `${targetId} ${factId}`
      if (at.getTime() <= (this.#countedAt.get(key) ?? 0)) return false
      this.#countedAt.set(key, at.getTime())
      return true
    }
    countSnapshot(this.#tally, this.#admitted, this.#labelsOf(targetId), snapshot, isNew)
  }

  /** Once it is saved: a report that is sent again because saving failed would count twice. */
  noticeReport(targetId: string, report: ApplicationReport): void {
    countReport(this.#tally, this.#admitted, this.#labelsOf(targetId), report)
  }

  families(): readonly MetricFamily[] {
    return this.#tally.families()
  }
}
