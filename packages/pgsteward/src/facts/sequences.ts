// Sequences: how far they counted, and how far they may: by their own bound or by the type of the column that they fill.

import { defineStateFact } from '../model/fact.ts'
import { isTrue, number, numberOrNull, text, textOrNull } from './column.ts'

export interface SequenceRow {
  readonly database: string
  readonly schema: string
  readonly name: string
  readonly dataType: string
  /** Null: never used, or unreadable. */
  readonly lastValue: number | null
  /** pg_monitor does not include it: needs SELECT or USAGE on the sequence, such as by pg_read_all_data. */
  readonly isReadable: boolean
  readonly startValue: number
  readonly minValue: number
  readonly maxValue: number
  readonly increment: number
  readonly isCycling: boolean
  /** The column that it fills, of several the one with the smallest type; null: none that the catalogs know. */
  readonly column: {
    readonly schema: string
    readonly table: string
    readonly name: string
    readonly type: string
  } | null
  /** ALTER COLUMN TYPE takes an identity's sequence along; a serial's needs its own ALTER SEQUENCE. */
  readonly isIdentity: boolean
  /** Largest value that the column holds; null: no column, or none of the integer types. */
  readonly columnMaxValue: number | null
}

/** At most 20,000 sequences. Unlogged ones are left out: a standby can't read them. */
export const sequences = defineStateFact<SequenceRow>({
  id: 'sequences',
  title: 'Sequences with their last value and the bound of the column that they fill',
  scope: 'database',
  everyMs: 15 * 60_000,
  variants: [
    {
      since: 140000,
      sql: `
  select pg_catalog.current_database()                        as database,
         n.nspname                                            as schema,
         c.relname                                            as name,
         pg_catalog.format_type(s.seqtypid, null)             as data_type,
         case when r.is_readable then pg_catalog.pg_sequence_last_value(c.oid) end as last_value,
         r.is_readable                                        as is_readable,
         s.seqstart                                           as start_value,
         s.seqmin                                             as min_value,
         s.seqmax                                             as max_value,
         s.seqincrement                                       as increment,
         s.seqcycle                                           as is_cycling,
         o.schema                                             as column_schema,
         o.table_name                                         as column_table,
         o.column_name                                        as column_name,
         o.column_type                                        as column_type,
         coalesce(o.is_identity, false)                       as is_identity,
         o.max_value                                          as column_max_value
    from pg_catalog.pg_sequence s
    join pg_catalog.pg_class c on c.oid = s.seqrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   cross join lateral (select pg_catalog.has_sequence_privilege(c.oid, 'usage, select') as is_readable) r
    left join lateral (
         select tn.nspname as schema, t.relname as table_name, a.attname as column_name,
                pg_catalog.format_type(a.atttypid, a.atttypmod) as column_type, a.attidentity <> '' as is_identity,
                case a.atttypid when 'smallint'::regtype then 32767 when 'integer'::regtype then 2147483647
                                when 'bigint'::regtype then 9223372036854775807 end as max_value
           from (-- owned: serial and identity
                 select d.refobjid as relation, d.refobjsubid as attnum
                   from pg_catalog.pg_depend d
                  where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid
                    and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjsubid > 0 and d.deptype in ('a', 'i')
                 union
                 -- not owned, but a column's default draws from it
                 select f.adrelid, f.adnum
                   from pg_catalog.pg_depend d
                   join pg_catalog.pg_attrdef f on f.oid = d.objid
                  where d.classid = 'pg_catalog.pg_attrdef'::regclass
                    and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid = c.oid) l
           join pg_catalog.pg_attribute a on a.attrelid = l.relation and a.attnum = l.attnum
           join pg_catalog.pg_class t on t.oid = a.attrelid
           join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
          order by max_value nulls last, tn.nspname, t.relname, a.attname
          limit 1) o on true
   where c.relpersistence = 'p'
     and n.nspname not in ('pg_catalog', 'information_schema')
   order by n.nspname, c.relname
   limit 20000`,
    },
  ],
  keyOf: (row) => `${row.schema}.${row.name}`,
  parse: (raw) => {
    const table = textOrNull(raw, 'column_table')
    return {
      database: text(raw, 'database'),
      schema: text(raw, 'schema'),
      name: text(raw, 'name'),
      dataType: text(raw, 'data_type'),
      lastValue: numberOrNull(raw, 'last_value'),
      isReadable: isTrue(raw, 'is_readable'),
      startValue: number(raw, 'start_value'),
      minValue: number(raw, 'min_value'),
      maxValue: number(raw, 'max_value'),
      increment: number(raw, 'increment'),
      isCycling: isTrue(raw, 'is_cycling'),
      column:
        table === null
          ? null
          : {
              schema: text(raw, 'column_schema'),
              table,
              name: text(raw, 'column_name'),
              type: text(raw, 'column_type'),
            },
      isIdentity: isTrue(raw, 'is_identity'),
      columnMaxValue: numberOrNull(raw, 'column_max_value'),
    }
  },
  series: [
    {
      name: 'sequence.used',
      unit: 'ratio',
      value: (row) => {
        const used = usedShare(row)
        return used !== null && used >= LEAST_KEPT ? used : null
      },
    },
  ],
})

/** Below a hundredth of its range no sequence ends within years, and one of bigint never gets there. */
const LEAST_KEPT = 0.01

/** The last value that it may give: by its own bound, or by the column's type. */
export function lastUsable({ increment, minValue, maxValue, columnMaxValue }: SequenceRow): number {
  if (increment < 0) return columnMaxValue === null ? minValue : Math.max(minValue, -columnMaxValue - 1)
  return columnMaxValue === null ? maxValue : Math.min(maxValue, columnMaxValue)
}

/** 0 to 1 of its range; null: never used, unreadable, or it begins anew at its end. */
export function usedShare(sequence: SequenceRow): number | null {
  const { lastValue, startValue, isCycling } = sequence
  if (lastValue === null || isCycling) return null
  return (lastValue - startValue) / (lastUsable(sequence) - startValue)
}
