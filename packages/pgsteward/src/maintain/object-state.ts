// The relation that a step is about, as it is: what a step is verified by, and what tells its left-overs from others'.

import type { RawRow } from '../model/fact.ts'
import type { MaintenanceStep, ObjectState } from '../model/maintenance.ts'
import type { Session } from '../postgres/connect.ts'

const STATE = `
  with it as (
       select c.oid, c.relkind, c.reltuples, c.reloptions, coalesce(x.indrelid, c.oid) as table_oid,
              x.indisvalid and x.indisready as is_valid
         from pg_catalog.pg_class c
         join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         left join pg_catalog.pg_index x on x.indexrelid = c.oid
        where n.nspname = $1 and c.relname = $2),
       its_table as (
       select coalesce((select it.table_oid from it),
                       (select c.oid from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                         where n.nspname = $3 and c.relname = $4)) as oid)
  select it.oid::text                                     as oid,
         it.is_valid                                      as is_valid,
         coalesce(it.relkind in ('p', 'I'), false)        as is_partitioned,
         case when it.relkind = 'i' then pg_catalog.pg_relation_size(it.oid)
              when it.oid is not null then pg_catalog.pg_table_size(it.oid) end as size_bytes,
         nullif(it.reltuples, -1)                         as row_count,
         s.n_dead_tup                                     as dead_rows,
         coalesce(s.vacuum_count, 0)                      as vacuums,
         coalesce(s.analyze_count, 0)                     as analyzes,
         coalesce(it.reloptions, '{}')                    as options,
         pg_catalog.pg_relation_filenode(it.oid)::text    as file_node,
         case when it.relkind = 'r' then pg_catalog.pg_relation_size(it.oid) = 0 end as is_unwritten,
         p.parent_schema                                  as parent_schema,
         p.parent_name                                    as parent_name,
         p.is_detaching                                   as is_detaching,
         array(select c.relname::text from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                where n.nspname = 'repack' and c.relname in ('log_' || t.oid, 'table_' || t.oid)
                union all
               select g.tgname::text from pg_catalog.pg_trigger g where g.tgrelid = t.oid and g.tgname = 'repack_trigger'
                order by 1)                               as repack_objects,
         array(select i.relname::text from pg_catalog.pg_index x join pg_catalog.pg_class i on i.oid = x.indexrelid
                where x.indrelid = t.oid and not x.indisvalid order by 1) as invalid_indexes
    from its_table t
    left join it on true
    left join lateral (
         select n.nspname as parent_schema, c.relname as parent_name, i.inhdetachpending as is_detaching
           from pg_catalog.pg_inherits i
           join pg_catalog.pg_class c on c.oid = i.inhparent
           join pg_catalog.pg_namespace n on n.oid = c.relnamespace
          where i.inhrelid = it.oid and c.relkind = 'p') p on true
    left join pg_catalog.pg_stat_all_tables s on s.relid = t.oid`

export async function objectState(
  session: Pick<Session, 'query'>,
  { relation, table }: MaintenanceStep,
): Promise<ObjectState> {
  const { rows } = await session.query('maintenance-state', STATE, [
    relation.schema,
    relation.name,
    table?.schema ?? null,
    table?.name ?? null,
  ])
  return parse(rows[0]!)
}

function parse(raw: RawRow): ObjectState {
  return {
    oid: raw.oid as string | null,
    isValid: raw.is_valid as boolean | null,
    isPartitioned: raw.is_partitioned as boolean,
    sizeBytes: Number(raw.size_bytes ?? 0),
    rows: raw.row_count === null ? null : Number(raw.row_count),
    deadRows: raw.dead_rows === null ? null : Number(raw.dead_rows),
    vacuums: Number(raw.vacuums),
    analyzes: Number(raw.analyzes),
    options: raw.options as string[],
    invalidIndexes: raw.invalid_indexes as string[],
    fileNode: raw.file_node as string | null,
    isUnwritten: raw.is_unwritten === true,
    partition:
      raw.parent_name === null
        ? null
        : {
            of: { schema: raw.parent_schema as string, name: raw.parent_name as string },
            isDetaching: raw.is_detaching as boolean,
          },
    repackObjects: raw.repack_objects as string[],
  }
}
