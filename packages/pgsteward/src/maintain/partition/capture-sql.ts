// What keeps account of changes while rows are copied: a trigger that writes down the primary key of each changed row and nothing else. It
// touches neither the copy nor any lock of ours, so nobody waits for the migration.

import type { RelationRef } from '../../model/maintenance.ts'
import { ident, qualified } from '../../sql/quote.ts'
import { primaryKeyOf, type TableColumn, type TableDescription, TRIGGER_PREFIX } from './describe-table.ts'
import type { MigrationNames } from './names.ts'

/** Columns of the primary key, in its order. */
export function keyColumns(table: TableDescription): readonly TableColumn[] {
  return primaryKeyOf(table)!.columns.map((name) => table.columns.find((column) => column.name === name)!)
}

/**
 * The queue of changed keys, the migration's own record, and the function that writes the queue. Keys are null for TRUNCATE. It runs as the
 * owner: those who write the table have no rights on the queue.
 */
export function trackingStatements(names: MigrationNames, table: TableDescription): readonly string[] {
  const keys = keyColumns(table)
  const queue = qualified(names.queue.schema, names.queue.name)
  const columns = keys.map((_, at) => `key_${at + 1}`).join(', ')
  const values = (row: string) => keys.map(({ name }) => `${row}.${ident(name)}`).join(', ')
  // compared as text: an operator of a type that is not in pg_catalog might be another one here
  const hasMoved = keys
    .map(({ name }) => `old.${ident(name)}::text is distinct from new.${ident(name)}::text`)
    .join(' or ')
  return [
    `create table ${queue} (id bigint generated always as identity primary key, ${keys.map(({ type }, at) => `key_${at + 1} ${type}`).join(', ')}) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000)`,
    `create table ${qualified(names.state.schema, names.state.name)} (only_row boolean primary key default true check (only_row), phase text not null, migration jsonb not null, position text[], copied bigint not null default 0, decision jsonb not null, began_at timestamptz not null default now(), changed_at timestamptz not null default now())`,
    `create function ${qualified(names.capture.schema, names.capture.name)}() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $body$
begin
  if tg_op = 'TRUNCATE' then
    insert into ${queue} default values;
    return null;
  end if;
  if tg_op <> 'INSERT' then
    insert into ${queue} (${columns}) values (${values('old')});
  end if;
  if tg_op = 'INSERT' then
    insert into ${queue} (${columns}) values (${values('new')});
  elsif tg_op = 'UPDATE' then
    if ${hasMoved} then
      insert into ${queue} (${columns}) values (${values('new')});
    end if;
  end if;
  return null;
end $body$`,
  ]
}

const ROWS = `${TRIGGER_PREFIX}rows`
const TRUNCATION = `${TRIGGER_PREFIX}truncation`

/**
 * SHARE ROW EXCLUSIVE on the table: once it is granted nobody has changes under way that the trigger did not see. ALWAYS: also what a
 * subscription writes.
 */
export function captureStatements(names: MigrationNames, on: RelationRef): readonly string[] {
  const table = qualified(on.schema, on.name)
  const capture = qualified(names.capture.schema, names.capture.name)
  return [
    `create trigger ${ROWS} after insert or update or delete on ${table} for each row execute function ${capture}()`,
    `create trigger ${TRUNCATION} after truncate on ${table} for each statement execute function ${capture}()`,
    `alter table ${table} enable always trigger ${ROWS}`,
    `alter table ${table} enable always trigger ${TRUNCATION}`,
  ]
}

export function uncaptureStatements(on: RelationRef): readonly string[] {
  const table = qualified(on.schema, on.name)
  return [`drop trigger if exists ${ROWS} on ${table}`, `drop trigger if exists ${TRUNCATION} on ${table}`]
}
