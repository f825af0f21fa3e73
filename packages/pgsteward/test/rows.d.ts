import type { ActivityRow } from '../src/facts/activity.ts'
import type { BlockingRow } from '../src/facts/blocking.ts'
import type { DatabaseAgeRow } from '../src/facts/database-ages.ts'
import type { DatabaseRow } from '../src/facts/databases.ts'
import type { DisabledTriggerRow } from '../src/facts/disabled-triggers.ts'
import type { ForeignKeyRow } from '../src/facts/foreign-keys.ts'
import type { IndexDensityRow } from '../src/facts/index-densities.ts'
import type { IndexEstimateRow } from '../src/facts/index-estimates.ts'
import type { IndexRow } from '../src/facts/indexes.ts'
import type { SequenceRow } from '../src/facts/sequences.ts'
import type { SettingRow } from '../src/facts/settings.ts'
import type { StatementTextRow } from '../src/facts/statement-texts.ts'
import type { StatementRow } from '../src/facts/statements.ts'
import type { TableActivityRow } from '../src/facts/table-activity.ts'
import type { TableColumnsRow } from '../src/facts/table-columns.ts'
import type { TableDensityRow } from '../src/facts/table-densities.ts'
import type { TableRow } from '../src/facts/tables.ts'
import type { UnvalidatedConstraintRow } from '../src/facts/unvalidated-constraints.ts'
import type { XminHolderRow } from '../src/facts/xmin-holders.ts'
export declare function settingRow(over: Partial<SettingRow> & Pick<SettingRow, 'name' | 'value'>): SettingRow
/** An idle session of the application; ages are in milliseconds. */
export declare function activityRow(over?: Partial<ActivityRow>): ActivityRow
/** Session 200 waits for session 100, which is idle in its transaction. */
export declare function blockingRow(over?: Partial<BlockingRow>): BlockingRow
/** A plain btree on parcel (weight) of 20 MB that nothing scanned. `keyColumns` alone set the signatures too. */
export declare function indexRow(over?: Partial<IndexRow>): IndexRow
/** parcel: a million rows, vacuumed and analyzed an hour ago, nothing since. */
export declare function tableRow(over?: Partial<TableRow>): TableRow
/** An increase of parcel's counters: 100 index scans and nothing else. */
export declare function tableActivityRow(over?: Partial<TableActivityRow>): TableActivityRow
/** Increases of one statement; `calls` of 1 ms each unless said otherwise. */
export declare function statementRow(over?: Partial<StatementRow>): StatementRow
export declare function statementTextRow(text: string, queryId?: string): StatementTextRow
/** parcel, of 10,000 pages. `columns`: types by name, or whole columns. */
export declare function tableColumnsRow(
  over: Partial<Omit<TableColumnsRow, 'columns'>> & {
    readonly columns: Readonly<Record<string, string | Partial<TableColumnsRow['columns'][number]>>>
  },
): TableColumnsRow
/** Increases of the database that the target names. */
export declare function databaseRow(over?: Partial<DatabaseRow>): DatabaseRow
/** parcel.depot_id refers to depot (id), from whose 1,000 rows some were deleted. */
export declare function foreignKeyRow(over?: Partial<ForeignKeyRow>): ForeignKeyRow
export declare function unvalidatedConstraintRow(
  over?: Partial<UnvalidatedConstraintRow>,
): UnvalidatedConstraintRow
/** The trigger parcel_audit on parcel, disabled; `table` and `name` alone set what it was declared as, too. */
export declare function disabledTriggerRow(over?: Partial<DisabledTriggerRow>): DisabledTriggerRow
/** The bigint identity of parcel, at 1,000. */
export declare function sequenceRow(over?: Partial<SequenceRow>): SequenceRow
/** 100 MB of leaves as full as when built. */
export declare function indexDensityRow(over?: Partial<IndexDensityRow>): IndexDensityRow
export declare function indexEstimateRow(over?: Partial<IndexEstimateRow>): IndexEstimateRow
export declare function tableDensityRow(over?: Partial<TableDensityRow>): TableDensityRow
export declare function databaseAgeRow(over?: Partial<DatabaseAgeRow>): DatabaseAgeRow
/** Session 100, two hours in its transaction. */
export declare function xminHolderRow(over?: Partial<XminHolderRow>): XminHolderRow
