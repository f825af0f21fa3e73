// Incidents, whole (G4): opened by a critical alert or by a person, their timeline kept from alerts, events and maintenance, closed when none
// of their alerts is critical any more. What an incident lacks is worked out from what the store has, so that nothing is lost between two entries.

import { beganAt } from '../../govern/incident/began-at.ts'
import type { IncidentAction, IncidentBody } from '../../govern/incident/incident-entries.ts'
import { incidentOf, withIncidentEntry } from '../../govern/incident/incident-state.ts'
import { incidentFor, incidentWith } from '../../govern/incident/which-incident.ts'
import type { Alert } from '../../model/alert.ts'
import { StewardError } from '../../model/error.ts'
import type { Severity } from '../../model/finding.ts'
import { type GovernanceRecord, readRecordName } from '../../model/governance.ts'
import type { IncidentEntryRequest, IncidentWire } from '../../model/incident-wire.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { Store } from '../../store/store.ts'
import { alertEntries } from './incident-alerts.ts'
import type { IncidentsConfig } from './incident-config.ts'
import { happenedAround } from './incident-surroundings.ts'

export interface IncidentDeskOptions {
  readonly store: Store
  readonly config: IncidentsConfig
  readonly now: () => Date
}

/** What opened longer ago and is over gets no incident: the first start on an old store does not write its history anew. */
const LOOK_BACK_MS: Milliseconds = 86_400_000
/** Beyond them an alert opens another incident. */
const MOST_INCIDENTS = 50
const AUTHOR = 'pgsteward'

type NextEntry = {
  [A in IncidentAction]: { readonly action: A; readonly body: IncidentBody<A>; readonly actor?: string }
}[IncidentAction]

export class IncidentDesk {
  readonly #options: IncidentDeskOptions
  #underWay: Promise<unknown> = Promise.resolve()

  constructor(options: IncidentDeskOptions) {
    this.#options = options
  }

  /** Brings the target's incidents up to what is known now. One at a time. */
  reconcile(targetId: string): Promise<void> {
    return this.#alone(() => this.#reconcile(targetId))
  }

  /** The latest opened first. */
  async all(targetId: string | undefined, since?: Date): Promise<readonly IncidentWire[]> {
    const records = await this.#options.store.records({
      kinds: ['incident'],
      ...(targetId === undefined ? {} : { targetId }),
      ...(since === undefined ? {} : { since }),
      limit: 1_000,
    })
    return records.map(incidentOf)
  }

  /** Rejects with 'record-unknown'. */
  async one(name: string): Promise<IncidentWire> {
    return incidentOf(await this.#record(name))
  }

  async open(
    targetId: string,
    given: { title: string; severity: Severity; startedAt?: string | undefined; actor: string },
  ): Promise<IncidentWire> {
    const { store, now } = this.#options
    const { title, severity, actor, startedAt = now().toISOString() } = given
    const record = await store.openRecord({
      kind: 'incident',
      targetId,
      origin: null,
      opening: { at: now(), actor, action: 'opened', body: { title, severity, startedAt, by: 'person' } },
    })
    await this.reconcile(targetId)
    return this.one(incidentOf(record!).name)
  }

  /** Rejects with 'record-unknown', or with 'record-changed' where the incident as it is does not take it. */
  add(name: string, { action, actor, ...body }: IncidentEntryRequest): Promise<IncidentWire> {
    return this.#alone(async () => {
      await this.#append(await this.#record(name), [{ action, actor, body } as NextEntry])
      return this.one(name)
    })
  }

  async #reconcile(targetId: string): Promise<void> {
    const { store, config, now } = this.#options
    const since = now().getTime() - LOOK_BACK_MS
    const [alerts, records] = await Promise.all([
      store.alerts({ targetId, limit: 500 }),
      store.records({ kinds: ['incident'], targetId, limit: MOST_INCIDENTS }),
    ])
    const isDue = ({ toldAt, openedAt, resolvedAt }: Alert) =>
      toldAt !== null && Math.max(openedAt.getTime(), (resolvedAt ?? now()).getTime()) >= since
    let known = records.map(foldedOf)
    for (const alert of alerts.filter(isDue).toReversed()) {
      const incidents = known.map(({ is }) => is)
      const its = incidentWith(alert, incidents) ?? incidentFor(alert, incidents, config.joinWithin)
      const record =
        its === null ? await this.#openFor(alert) : known.find(({ is }) => is.number === its.number)!.record
      if (record === null) continue
      const next = await alertEntries(store, record, alert)
      if (next.length === 0 && its !== null) continue
      const after = foldedOf(await this.#append(record, next))
      // the latest opened first
      known =
        its === null ? [after, ...known] : known.map((each) => (each.is.number === its.number ? after : each))
    }
    for (const { record, is } of known) await this.#surroundings(targetId, record, is, alerts)
  }

  /** Null: the alert is none that opens an incident, or another process was quicker. */
  async #openFor({ targetId, findingKey, openedAt, severity }: Alert): Promise<GovernanceRecord | null> {
    const { store, config, now } = this.#options
    if (!config.open || severity !== 'critical') return null
    const finding = await store.finding(targetId, findingKey)
    const startedAt = finding === null ? openedAt : beganAt(finding)
    return store.openRecord({
      kind: 'incident',
      targetId,
      origin: `alert:${targetId}/${findingKey}/${openedAt.toISOString()}`,
      opening: {
        at: now(),
        actor: AUTHOR,
        action: 'opened',
        body: {
          title: finding?.summary ?? findingKey,
          severity,
          startedAt: (startedAt < openedAt ? startedAt : openedAt).toISOString(),
          by: 'rule',
        },
      },
    })
  }

  /** What happened to the target around it; and its end, where its alerts say so and no person opened it. */
  async #surroundings(
    targetId: string,
    record: GovernanceRecord,
    is: IncidentWire,
    alerts: readonly Alert[],
  ): Promise<void> {
    const { store, config, now } = this.#options
    if (is.state !== 'open' && is.state !== 'mitigated') return
    const next: NextEntry[] = (await happenedAround(store, targetId, record, is, config.around, now())).map(
      (body) => ({ action: 'happened', body }),
    )
    if (is.origin !== null && (await this.#critical(targetId, is)) === 0) {
      const its = alerts.filter((alert) => incidentWith(alert, [is]) !== null)
      const isOver = its.every(({ state }) => state === 'resolved')
      // what is a warning by now was critical up to now
      const ends = its.map(({ resolvedAt, severity }) =>
        severity === 'critical' ? (resolvedAt ?? now()).getTime() : 0,
      )
      const happenedAt = new Date(Math.max(...ends, Date.parse(is.times.startedAt))).toISOString()
      const text = isOver ? 'all of its alerts are over' : 'none of its alerts is critical any more'
      next.push({ action: 'resolved', body: { text, happenedAt } })
    }
    await this.#append(record, next)
  }

  /** How many of its alerts are there and critical as things stand. */
  async #critical(targetId: string, { alerts }: IncidentWire): Promise<number> {
    const { store } = this.#options
    const unresolved = alerts.filter(({ state }) => state !== 'resolved')
    const severities = await Promise.all(
      unresolved.map(
        async ({ findingKey, severity }) => (await store.finding(targetId, findingKey))?.severity ?? severity,
      ),
    )
    return severities.filter((severity) => severity === 'critical').length
  }

  async #append(record: GovernanceRecord, next: readonly NextEntry[]): Promise<GovernanceRecord> {
    const { store, now } = this.#options
    let is = incidentOf(record)
    const entries = [...record.entries]
    for (const { action, body, actor = AUTHOR } of next) {
      const entry = { at: now(), actor, action, body: body as Readonly<Record<string, unknown>> }
      is = withIncidentEntry(is, entry)
      entries.push(await store.addEntry(record, entry, entries.at(-1)!.seq))
    }
    return { ...record, entries }
  }

  async #record(name: string): Promise<GovernanceRecord> {
    const ref = readRecordName(name)
    const record = ref?.kind === 'incident' ? await this.#options.store.record(ref) : null
    if (record !== null) return record
    throw new StewardError('record-unknown', `there is no incident ${name}`, {
      hint: '`pgsteward incidents list` lists them, by names such as INC-1.',
    })
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#underWay.then(work)
    this.#underWay = mine.catch(() => undefined)
    return mine
  }
}

function foldedOf(record: GovernanceRecord): {
  readonly record: GovernanceRecord
  readonly is: IncidentWire
} {
  return { record, is: incidentOf(record) }
}
