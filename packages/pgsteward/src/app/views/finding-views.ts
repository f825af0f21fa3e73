// Answers about findings, and the decisions on them that the dashboard can record.

import { byUrgency } from '../../evaluate/track.ts'
import { StewardError } from '../../model/error.ts'
import type { Decision, FindingState, OpenFinding } from '../../model/open-finding.ts'
import type { FindingDetailWire, FindingWire, ToldFindingWire } from '../../model/wire.ts'
import { aroundFinding } from '../findings/around-finding.ts'
import { toldFindings } from '../findings/told-findings.ts'
import { fillRunbook } from '../govern/fill-runbook.ts'
import { runbookPage } from '../govern/runbook-page.ts'
import { checkPages } from '../rules/check-pages.ts'
import { configuredChecks } from '../rules/rule-checks.ts'
import type { Steward } from '../steward.ts'
import { alertView } from './alert-view.ts'
import { findingView } from './finding-view.ts'
import { watcherOf } from './watcher-of.ts'

/** More of them on one finding nobody reads. */
const MOST_PROPOSALS = 20

export class FindingViews {
  readonly #steward: Steward
  readonly #now: () => Date
  readonly #docsDir: string | null
  readonly #pageOf: (checkId: string) => Promise<string>

  constructor(steward: Steward, now: () => Date, docsDir: string | null) {
    this.#steward = steward
    this.#now = now
    this.#docsDir = docsDir
    this.#pageOf = checkPages(steward.config, docsDir)
  }

  async list(targetId: string, states: readonly FindingState[]): Promise<readonly FindingWire[]> {
    watcherOf(this.#steward, targetId)
    const found = await this.#steward.store.findings({ targetId, states, limit: 1000 })
    return [...found].sort(byUrgency).map(findingView)
  }

  async told(targetId: string, states: readonly FindingState[]): Promise<readonly ToldFindingWire[]> {
    watcherOf(this.#steward, targetId)
    const { store } = this.#steward
    return toldFindings(store, this.#pageOf, await store.findings({ targetId, states, limit: 1000 }))
  }

  async detail(targetId: string, key: string): Promise<FindingDetailWire> {
    const finding = await this.#finding(targetId, key)
    const check = configuredChecks(this.#steward.config).find((each) => each.id === finding.checkId)
    const { store } = this.#steward
    const [history, events, [alert], runbook] = await Promise.all([
      store.findingHistory(targetId, key),
      aroundFinding(store, finding),
      store.alerts({ targetId, findingKey: key, limit: 1 }),
      runbookPage(this.#docsDir, finding.checkId),
    ])
    return {
      finding: findingView(finding),
      events: events.map((event) => ({ ...event, at: event.at.toISOString() })),
      alert: alert === undefined ? null : alertView(alert, finding),
      check: {
        id: finding.checkId,
        title: check?.title ?? finding.checkId,
        page: await this.#pageOf(finding.checkId),
      },
      runbook: runbook === null ? null : fillRunbook(runbook, finding),
      history: history.map((event) => ({ ...event, at: event.at.toISOString() })),
    }
  }

  async mute(
    targetId: string,
    key: string,
    mute: { reason: string; actor: string; until: Date },
  ): Promise<FindingWire> {
    return this.#decide(targetId, key, {
      action: 'waive',
      actor: mute.actor,
      reason: mute.reason,
      expiresAt: mute.until,
    })
  }

  async unmute(
    targetId: string,
    key: string,
    { reason, actor }: { reason: string; actor: string },
  ): Promise<FindingWire> {
    return this.#decide(targetId, key, { action: 'unmute', actor, reason, expiresAt: null })
  }

  /** A remedy that somebody suggests: it stands in the finding's history for people to decide on. Nothing is run for it. */
  async propose(
    targetId: string,
    key: string,
    { text, actor }: { readonly text: string; readonly actor: string },
  ): Promise<FindingWire> {
    await this.#finding(targetId, key)
    const known = await this.#steward.store.decisions(targetId, key)
    if (known.filter(({ action }) => action === 'propose').length >= MOST_PROPOSALS)
      throw new StewardError('usage', `the finding has ${MOST_PROPOSALS} proposals already`, {
        hint: 'They wait for people: read them in its history.',
      })
    return this.#decide(targetId, key, { action: 'propose', actor, reason: text, expiresAt: null })
  }

  async #finding(targetId: string, key: string): Promise<OpenFinding> {
    watcherOf(this.#steward, targetId)
    const finding = await this.#steward.store.finding(targetId, key)
    if (finding === null) {
      throw new StewardError('finding-unknown', `there is no finding ${key}`, {
        hint: 'It may have been resolved long ago; the list shows what is known.',
      })
    }
    return finding
  }

  async #decide(
    targetId: string,
    key: string,
    decision: Pick<Decision, 'action' | 'actor' | 'reason' | 'expiresAt'>,
  ): Promise<FindingWire> {
    await this.#finding(targetId, key)
    await this.#steward.store.decide({ at: this.#now(), targetId, findingKey: key, ...decision })
    return findingView(await this.#finding(targetId, key))
  }
}
