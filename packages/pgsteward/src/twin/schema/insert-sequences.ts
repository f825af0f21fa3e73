// Makes all sequences by three statements. Plans need them by name only: as defaults of columns, and for the price of nextval().

import { ident, qualified } from '../../sql/quote.ts'
import { PROTOTYPES } from '../hosts/cluster.ts'
import type { TwinHost } from '../hosts/host.ts'
import { EMPTY_FILE } from '../statistics/load-sizes.ts'
import type { StatisticsFile } from '../statistics/statistics-file.ts'
import { catalogCopier, insertAll } from './catalog-copies.ts'

/** Between those of tables and those of files. */
const FIRST_OID = 1_400_000_000

const WORTH_IT = 5

/** Qualified names of those that were made: all, or none. The schemas must be there. */
export async function insertSequences(host: TwinHost, file: StatisticsFile): Promise<ReadonlySet<string>> {
  const sequences = file.objects.flatMap(({ kind, schema, name, sql }) => {
    const type = sql.slice(`create sequence ${qualified(schema, name)} as `.length)
    return kind === 'sequence' && TYPES.includes(type) ? [{ schema, name, type }] : []
  })
  if (sequences.length < WORTH_IT) return new Set()
  const copier = await catalogCopier(host, ['pg_class', 'pg_sequence', 'pg_attribute'])
  const types = [...new Set(sequences.map(({ type }) => type))]
  const rows = sequences.map(({ schema, name, type }, place) => ({
    oid: FIRST_OID + place,
    schema,
    name,
    proto: `${PROTOTYPES}.sequence_of_${type}`,
  }))
  const given = { fields: { oid: 'oid', schema: 'name', name: 'name', proto: 'text' }, rows }
  const { error } = await host.ask(
    [
      `create schema if not exists ${PROTOTYPES};`,
      ...types.map((type) => `create sequence ${PROTOTYPES}.${ident(`sequence_of_${type}`)} as ${type};`),
    ].join('\n'),
  )
  if (error !== null) return new Set()
  const insertions = [
    copier.insert(
      'pg_class',
      given,
      `join pg_catalog.pg_namespace n on n.nspname = v.schema
       join pg_catalog.pg_class p on p.oid = v.proto::pg_catalog.regclass`,
      { oid: 'v.oid', relname: 'v.name', relnamespace: 'n.oid', relfilenode: String(EMPTY_FILE) },
    ),
    copier.insert(
      'pg_sequence',
      given,
      'join pg_catalog.pg_sequence p on p.seqrelid = v.proto::pg_catalog.regclass',
      { seqrelid: 'v.oid' },
    ),
    copier.insert(
      'pg_attribute',
      given,
      'join pg_catalog.pg_attribute p on p.attrelid = v.proto::pg_catalog.regclass',
      { attrelid: 'v.oid' },
    ),
  ]
  const isMade = await insertAll(
    host,
    insertions.filter((each) => each !== null),
  )
  return new Set(isMade ? sequences.map(({ schema, name }) => qualified(schema, name)) : [])
}

const TYPES: readonly string[] = ['smallint', 'integer', 'bigint']
