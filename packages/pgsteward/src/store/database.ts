// One way to the store's database, whichever backend: single queries, and transactions that are given their own way.

import { AsyncLocalStorage } from 'node:async_hooks'
import type pg from 'pg'
import { marked } from '../postgres/mark.ts'
import { explainStoreError, isUnanswered } from './explain-store-error.ts'

export interface Sql {
  readonly query: <Row = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
  ) => Promise<readonly Row[]>
}

export interface StoreDatabase extends Sql {
  readonly kind: 'embedded' | 'server'
  /** Commits what `run` did through `tx`, or nothing of it. */
  readonly transaction: <T>(run: (tx: Sql) => Promise<T>) => Promise<T>
  readonly close: () => Promise<void>
}

/** Runs once on every new connection. Names in the store's SQL are qualified; search_path is only a second fence. */
export const SESSION_SETTINGS = `/* pgsteward:session */ set search_path = pgsteward, pg_catalog; set timezone = 'UTC';
  set datestyle = 'ISO'; set lock_timeout = '10s'; set idle_in_transaction_session_timeout = '60s'; set jit = off`

/**
 * The embedded pool has one connection, so asking the pool while holding its client would wait for itself for ever. Code inside
 * `transaction` must use `tx`; anything else throws at once, on both backends, so that no test can miss it.
 */
export function storeDatabase(
  kind: StoreDatabase['kind'],
  pool: pg.Pool,
  close: () => Promise<void>,
): StoreDatabase {
  const inside = new AsyncLocalStorage<true>()
  const ready = new WeakSet<pg.PoolClient>()

  const withClient = async <T>(use: (client: pg.PoolClient) => Promise<T>): Promise<T> => {
    if (inside.getStore() === true)
      throw new Error('inside a transaction of the store use `tx`, not the pool')
    const client = await pool.connect().catch((error) => Promise.reject(explainStoreError(error)))
    let broken: Error | undefined
    try {
      if (!ready.has(client)) {
        // the pool listens to idle connections only: one that breaks in our hands fails its query, and must not end the process
        client.on('error', () => undefined)
        await client.query(SESSION_SETTINGS)
        ready.add(client)
      }
      return await use(client)
    } catch (error) {
      // a connection that cannot even roll back is not handed out again
      broken = isUnanswered(error)
        ? (error as Error)
        : await client.query('rollback').then(
            () => undefined,
            (cause: Error) => cause,
          )
      throw explainStoreError(error)
    } finally {
      client.release(broken)
    }
  }

  return {
    kind,
    query: (text, values) => withClient((client) => ask(client, text, values)),
    transaction: (run) =>
      withClient(async (client) => {
        await client.query('begin')
        const tx: Sql = { query: (text, values) => ask(client, text, values) }
        const result = await inside.run(true, () => run(tx))
        await client.query('commit')
        return result
      }),
    close,
  }
}

/** Several questions about one moment: folding between two of them would count readings twice. */
export function consistently<T>(database: StoreDatabase, read: (tx: Sql) => Promise<T>): Promise<T> {
  return database.transaction(async (tx) => {
    await tx.query('set transaction isolation level repeatable read, read only')
    return await read(tx)
  })
}

async function ask<Row>(
  client: pg.PoolClient,
  text: string,
  values?: readonly unknown[],
): Promise<readonly Row[]> {
  // several statements in one text (only without values) answer with a list of results
  const result = (await client.query(marked('store', text), prepared(values))) as
    | pg.QueryResult
    | readonly pg.QueryResult[]
  return 'rows' in result ? result.rows : result.flatMap((each) => each.rows)
}

function prepared(values: readonly unknown[] | undefined): unknown[] | undefined {
  return values?.map((value) => {
    if (typeof value === 'string') return cleanText(value)
    if (Array.isArray(value)) return value.map((each) => (typeof each === 'string' ? cleanText(each) : each))
    return value
  })
}

/** PostgreSQL's text holds neither NUL nor half a surrogate pair. */
export function cleanText(text: string): string {
  return (text.includes('\0') ? text.replaceAll('\0', '') : text).toWellFormed()
}

/** For jsonb: cleans all strings, keeps dates recognisable. The inverse is `fromJson`. */
export function toJson(value: unknown): string {
  return JSON.stringify(encoded(value))
}

function encoded(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value)
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : { $date: value.toISOString() }
  if (Array.isArray(value)) return value.map(encoded)
  if (value instanceof Map || value instanceof Set) return encoded([...value])
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [cleanText(name), encoded(each)]))
  }
  return value
}

/** Takes what the driver made of a jsonb column. */
export function fromJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromJson)
  if (typeof value !== 'object' || value === null) return value
  const { $date } = value as { $date?: unknown }
  if (typeof $date === 'string') return new Date($date)
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fromJson(each)]))
}
