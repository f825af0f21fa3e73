// Notices what happens to targets and their applications, reading by reading, and keeps it as events.

import { type IndexRow, indexes } from '../../facts/indexes.ts'
import { type SettingRow, settings } from '../../facts/settings.ts'
import { type TableColumnsRow, tableColumns } from '../../facts/table-columns.ts'
import { type TableRow, tables } from '../../facts/tables.ts'
import type { Snapshot, StateFact } from '../../model/fact.ts'
import type { TargetEvent } from '../../model/plan.ts'
import type { ServerInfo } from '../../model/server-info.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { Store } from '../../store/store.ts'
import { Deployments } from './deployments.ts'
import {
  columnEvents,
  indexEvents,
  serverEvents,
  settingEvents,
  statisticsEvents,
  tableEvents,
} from './target-changes.ts'

/** Where the facts break off. */
const MOST_ROWS = 20_000
/** An application that reported in this time still runs. */
const REPORTING_MS: Milliseconds = 3_600_000

interface Before {
  settings: readonly SettingRow[] | null
  indexes: readonly IndexRow[] | null
  tables: readonly TableRow[] | null
  columns: readonly TableColumnsRow[] | null
  server: ServerInfo | null
}

export class TargetEventWatch {
  readonly #store: Store
  readonly #targetId: string
  readonly #deployments = new Deployments()
  readonly #begun: Promise<Before>

  /** Begins where the last process ended: at what the store has of the target, which the first reading replaces. */
  constructor(store: Store, targetId: string) {
    this.#store = store
    this.#targetId = targetId
    this.#begun = this.#begin()
  }

  /** What happened since the reading before; saved already. */
  async notice(snapshot: Snapshot): Promise<readonly TargetEvent[]> {
    const { takenAt } = snapshot
    const before = await this.#begun
    const events: TargetEvent[] = []
    const settingRows = fresh(snapshot, settings)
    if (settingRows !== null) {
      if (before.settings !== null) events.push(...settingEvents(before.settings, settingRows, takenAt))
      before.settings = settingRows
    }
    const tableRows = fresh(snapshot, tables)
    if (tableRows !== null) {
      if (before.tables !== null)
        events.push(
          ...tableEvents(before.tables, tableRows, MOST_ROWS, takenAt),
          ...statisticsEvents(before.tables, tableRows, takenAt),
        )
      before.tables = tableRows
    }
    const columnRows = fresh(snapshot, tableColumns)
    if (columnRows !== null) {
      if (before.columns !== null) events.push(...columnEvents(before.columns, columnRows, takenAt))
      before.columns = columnRows
    }
    const indexRows = fresh(snapshot, indexes)
    if (indexRows !== null) {
      if (before.indexes !== null) events.push(...indexEvents(before.indexes, indexRows, MOST_ROWS, takenAt))
      before.indexes = indexRows
    }
    if (before.server !== null) events.push(...serverEvents(before.server, snapshot.server, takenAt))
    before.server = snapshot.server
    const applications = await this.#store.applications(this.#targetId, {
      from: new Date(takenAt.getTime() - REPORTING_MS),
      to: takenAt,
    })
    events.push(...this.#deployments.notice(applications, takenAt))
    await this.#store.saveTargetEvents(this.#targetId, events)
    return events
  }

  async #begin(): Promise<Before> {
    const rowsOf = async <Row>(fact: StateFact<Row>): Promise<readonly Row[] | null> =>
      ((await this.#store.document(this.#targetId, fact.id).catch(() => null))?.rows as
        | readonly Row[]
        | undefined) ?? null
    return {
      settings: await rowsOf(settings),
      indexes: await rowsOf(indexes),
      tables: await rowsOf(tables),
      columns: await rowsOf(tableColumns),
      server: null,
    }
  }
}

/** Null where it was not read in this round. */
function fresh<Row>({ readings, refreshed }: Snapshot, fact: StateFact<Row>): readonly Row[] | null {
  const reading = readings.get(fact.id)
  return refreshed.has(fact.id) && reading?.status === 'rows' ? (reading.rows as readonly Row[]) : null
}
