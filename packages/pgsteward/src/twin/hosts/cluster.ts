// What every twin's cluster has before a target's schema comes, so that it is made once and copied.

/** Part of a prepared cluster's name: raised when what is prepared changes. */
export const CLUSTER_VERSION = 3

/** Holds what is copied into the catalogs. */
export const PROTOTYPES = 'pgsteward_prototype'

/**
 * Without TOAST tables, which no plan reads: they are two of three relations that a table is made of, and half of the time to make it.
 * Row types of tables keep theirs, and arrays, whose types would be shown by another name.
 */
export const WITHOUT_TOAST = `
  update pg_catalog.pg_type set typstorage = 'p' where typstorage <> 'p' and typrelid = 0 and typcategory <> 'A'`

/** A table with its key, a foreign key, and their row type, index and constraints. */
export const WHOLE_PROTOTYPE = `
  create schema if not exists ${PROTOTYPES};
  create table if not exists ${PROTOTYPES}.whole (
    id integer constraint whole_key primary key,
    other integer constraint whole_reference references ${PROTOTYPES}.whole)`
