// A table as its catalogs tell it: what has to be carried over to a partitioned one, and what stands against it. One statement, so that
// it can be asked again under a lock and compared.

import { StewardError } from '../../model/error.ts'
import type { RelationRef } from '../../model/maintenance.ts'
import type { Session } from '../../postgres/connect.ts'
import { qualified } from '../../sql/quote.ts'

export interface TableColumn {
  readonly name: string
  /** As `format_type` spells it. */
  readonly type: string
  readonly isNotNull: boolean
  readonly isGenerated: boolean
  readonly isIdentity: boolean
  /** Owned by the column: that of an identity or a serial. */
  readonly sequence: RelationRef | null
  readonly sequenceGrants: readonly TableGrant[]
  /** ALTER COLUMN ... SET STATISTICS; null: the default. */
  readonly statistics: number | null
  readonly options: readonly string[]
}

export interface TableIndex {
  readonly name: string
  readonly isUnique: boolean
  readonly isValid: boolean
  /** What follows the table's name in its definition: `USING btree (a, b)`. */
  readonly tail: string
  /** Plain columns of its key; an expression is null. */
  readonly columns: readonly (string | null)[]
  readonly constraint: { readonly type: 'p' | 'u' | 'x'; readonly definition: string } | null
  readonly comment: string | null
}

export interface TableForeignKey {
  readonly name: string
  readonly definition: string
  readonly isValid: boolean
  readonly referenced: string
  /** Whether the table's owner may make such a key. */
  readonly mayReference: boolean
}

export interface TableTrigger {
  readonly name: string
  readonly definition: string
  /** O: as usual, D: disabled, R: on replicas, A: always. */
  readonly enabled: 'O' | 'D' | 'R' | 'A'
  readonly isRowWithTransition: boolean
}

export interface TablePolicy {
  readonly name: string
  readonly isPermissive: boolean
  readonly command: 'all' | 'select' | 'insert' | 'update' | 'delete'
  /** Empty: public. */
  readonly roles: readonly string[]
  readonly using: string | null
  readonly check: string | null
}

export interface TableGrant {
  /** Null: public. */
  readonly grantee: string | null
  readonly privilege: string
  readonly isGrantable: boolean
  /** Null: of the whole table. */
  readonly column: string | null
}

export interface TableDescription {
  readonly schema: string
  readonly name: string
  readonly owner: string
  /** The role that asks may act as the owner. */
  readonly isOurs: boolean
  readonly ownerMayCreate: boolean
  readonly kind: string
  readonly persistence: string
  readonly isInherited: boolean
  readonly options: readonly string[]
  readonly toastOptions: readonly string[]
  readonly tablespace: string | null
  readonly comment: string | null
  readonly replicaIdentity: 'd' | 'n' | 'f' | 'i'
  readonly hasRowSecurity: boolean
  readonly forcesRowSecurity: boolean
  readonly columns: readonly TableColumn[]
  readonly indexes: readonly TableIndex[]
  readonly checks: readonly { readonly name: string; readonly isValid: boolean; readonly isLocal: boolean }[]
  readonly foreignKeys: readonly TableForeignKey[]
  /** Tables that refer to this one. */
  readonly incoming: readonly string[]
  readonly triggers: readonly TableTrigger[]
  readonly policies: readonly TablePolicy[]
  readonly grants: readonly TableGrant[]
  readonly publications: readonly string[]
  /** Views, rules, functions and columns bound to the table itself, not to its name. */
  readonly dependents: readonly string[]
}

/** Triggers of ours; they are no part of the description. */
export const TRIGGER_PREFIX = 'pgsteward_partition_'

/** Rejects with 'maintenance-refused' when there is no such table. */
export async function describeTable(
  session: Pick<Session, 'query'>,
  table: RelationRef,
): Promise<TableDescription> {
  const { rows } = await session.query('partition-describe', DESCRIBE, [
    table.schema,
    table.name,
    TRIGGER_PREFIX,
  ])
  const found = rows[0]?.description as TableDescription | undefined
  if (found !== undefined) return found
  throw new StewardError(
    'maintenance-refused',
    `there is no table ${qualified(table.schema, table.name)} here`,
    {
      hint: 'Name it as SCHEMA.TABLE, spelled as it was created.',
    },
  )
}

export function primaryKeyOf({ indexes }: TableDescription): TableIndex | null {
  return indexes.find(({ constraint }) => constraint?.type === 'p') ?? null
}

const grantList = (acl: string, owner: string, column: string) => `
  (select coalesce(jsonb_agg(jsonb_build_object(
            'grantee', (select r.rolname from pg_catalog.pg_roles r where r.oid = e.grantee),
            'privilege', pg_catalog.lower(e.privilege_type), 'isGrantable', e.is_grantable, 'column', ${column})
            order by e.grantee, e.privilege_type, e.is_grantable), '[]')
     from pg_catalog.aclexplode(${acl}) e where e.grantee <> ${owner})`

const DESCRIBE = `
  with t as (
       select c.*, n.nspname, r.rolname as owner
         from pg_catalog.pg_class c
         join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         join pg_catalog.pg_roles r on r.oid = c.relowner
        where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p', 'f'))
  select jsonb_build_object(
    'schema', t.nspname, 'name', t.relname, 'owner', t.owner,
    'isOurs', pg_catalog.pg_has_role(t.relowner, 'usage'),
    'ownerMayCreate', pg_catalog.has_schema_privilege(t.relowner, t.relnamespace, 'create'),
    'kind', t.relkind, 'persistence', t.relpersistence,
    'isInherited', exists (select from pg_catalog.pg_inherits i where t.oid in (i.inhrelid, i.inhparent)),
    'options', coalesce(t.reloptions, '{}'),
    'toastOptions', coalesce((select o.reloptions from pg_catalog.pg_class o where o.oid = t.reltoastrelid), '{}'),
    'tablespace', (select s.spcname from pg_catalog.pg_tablespace s where s.oid = t.reltablespace),
    'comment', pg_catalog.obj_description(t.oid, 'pg_class'),
    'replicaIdentity', t.relreplident,
    'hasRowSecurity', t.relrowsecurity, 'forcesRowSecurity', t.relforcerowsecurity,
    'columns', (
      select jsonb_agg(jsonb_build_object(
               'name', a.attname, 'type', pg_catalog.format_type(a.atttypid, a.atttypmod), 'isNotNull', a.attnotnull,
               'isGenerated', a.attgenerated <> '', 'isIdentity', a.attidentity <> '',
               'sequence', s.sequence, 'sequenceGrants', coalesce(s.grants, '[]'),
               'statistics', (select v.target from (select nullif((to_jsonb(a) ->> 'attstattarget')::int, -1) as target) v),
               'options', coalesce(a.attoptions, '{}')) order by a.attnum)
        from pg_catalog.pg_attribute a
        left join lateral (
             select jsonb_build_object('schema', sn.nspname, 'name', sc.relname) as sequence,
                    ${grantList('sc.relacl', 'sc.relowner', 'null')} as grants
               from pg_catalog.pg_depend d
               join pg_catalog.pg_class sc on sc.oid = d.objid and sc.relkind = 'S'
               join pg_catalog.pg_namespace sn on sn.oid = sc.relnamespace
              where d.classid = 'pg_catalog.pg_class'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass
                and d.refobjid = t.oid and d.refobjsubid = a.attnum and d.deptype in ('a', 'i') limit 1) s on true
       where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped),
    'indexes', coalesce((
      select jsonb_agg(jsonb_build_object(
               'name', i.relname, 'isUnique', x.indisunique, 'isValid', x.indisvalid,
               'tail', pg_catalog.substr(pg_catalog.pg_get_indexdef(x.indexrelid), pg_catalog.length(pg_catalog.format(
                         'CREATE %sINDEX %I ON %s%I.%I ', case when x.indisunique then 'UNIQUE ' else '' end, i.relname,
                         case when t.relkind = 'p' then 'ONLY ' else '' end, t.nspname, t.relname)) + 1),
               'columns', (select jsonb_agg(a.attname order by k.place)
                             from pg_catalog.unnest(x.indkey::int2[]) with ordinality k (attnum, place)
                             left join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attnum = k.attnum and k.attnum > 0
                            where k.place <= x.indnkeyatts),
               'constraint', (select jsonb_build_object('type', o.contype, 'definition', pg_catalog.pg_get_constraintdef(o.oid))
                                from pg_catalog.pg_constraint o
                               where o.conindid = x.indexrelid and o.conrelid = t.oid and o.contype in ('p', 'u', 'x')),
               'comment', pg_catalog.obj_description(i.oid, 'pg_class')) order by i.relname)
        from pg_catalog.pg_index x join pg_catalog.pg_class i on i.oid = x.indexrelid where x.indrelid = t.oid), '[]'),
    'checks', coalesce((
      select jsonb_agg(jsonb_build_object('name', o.conname, 'isValid', o.convalidated, 'isLocal', o.connoinherit) order by o.conname)
        from pg_catalog.pg_constraint o where o.conrelid = t.oid and o.contype = 'c'), '[]'),
    'foreignKeys', coalesce((
      select jsonb_agg(jsonb_build_object(
               'name', o.conname, 'isValid', o.convalidated,
               'definition', pg_catalog.regexp_replace(pg_catalog.pg_get_constraintdef(o.oid), ' NOT VALID$', ''),
               'referenced', pg_catalog.format('%I.%I', rn.nspname, rc.relname),
               'mayReference', pg_catalog.has_table_privilege(t.relowner, rc.oid, 'references')
                               or pg_catalog.has_any_column_privilege(t.relowner, rc.oid, 'references')) order by o.conname)
        from pg_catalog.pg_constraint o
        join pg_catalog.pg_class rc on rc.oid = o.confrelid
        join pg_catalog.pg_namespace rn on rn.oid = rc.relnamespace
       where o.conrelid = t.oid and o.contype = 'f' and o.conparentid = 0), '[]'),
    'incoming', coalesce((
      select jsonb_agg(distinct o.conrelid::regclass::text)
        from pg_catalog.pg_constraint o where o.confrelid = t.oid and o.contype = 'f'), '[]'),
    'triggers', coalesce((
      select jsonb_agg(jsonb_build_object(
               'name', g.tgname, 'definition', pg_catalog.pg_get_triggerdef(g.oid), 'enabled', g.tgenabled,
               'isRowWithTransition', (g.tgtype & 1) = 1 and (g.tgoldtable is not null or g.tgnewtable is not null)) order by g.tgname)
        from pg_catalog.pg_trigger g
       where g.tgrelid = t.oid and not g.tgisinternal and not pg_catalog.starts_with(g.tgname, $3)), '[]'),
    'policies', coalesce((
      select jsonb_agg(jsonb_build_object(
               'name', p.polname, 'isPermissive', p.polpermissive,
               'command', case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
               'roles', (select coalesce(jsonb_agg(r.rolname order by r.rolname), '[]') from pg_catalog.pg_roles r where r.oid = any(p.polroles)),
               'using', pg_catalog.pg_get_expr(p.polqual, p.polrelid),
               'check', pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)) order by p.polname)
        from pg_catalog.pg_policy p where p.polrelid = t.oid), '[]'),
    'grants', ${grantList('t.relacl', 't.relowner', 'null')}
              || coalesce((select jsonb_agg(g.each order by a.attnum)
                             from pg_catalog.pg_attribute a
                            cross join lateral jsonb_array_elements(${grantList('a.attacl', 't.relowner', 'a.attname')}) g (each)
                            where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped and a.attacl is not null), '[]'),
    'publications', coalesce((
      select jsonb_agg(p.pubname order by p.pubname)
        from pg_catalog.pg_publication_rel l join pg_catalog.pg_publication p on p.oid = l.prpubid where l.prrelid = t.oid), '[]'),
    'dependents', coalesce((
      select jsonb_agg(distinct pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid))
        from pg_catalog.pg_depend d
       where (d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid = t.oid
              or d.refclassid = 'pg_catalog.pg_type'::regclass and d.refobjid in (t.reltype, (select y.typarray from pg_catalog.pg_type y where y.oid = t.reltype)))
         and (d.classid in ('pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_proc'::regclass)
              or d.refclassid = 'pg_catalog.pg_type'::regclass and d.classid = 'pg_catalog.pg_class'::regclass)), '[]')
  ) as description
    from t`
