#!/usr/bin/env node
// Stands in for Prisma's schema engine, a binary that the prisma command would download: the same engine, compiled to WebAssembly,
// from the npm registry. The command starts us (PRISMA_SCHEMA_ENGINE_BINARY) and speaks JSON-RPC by line on stdin and stdout.
// The package is meant for Prisma's internal use: its version is pinned, and migrations.pg.test.ts holds the contract.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    datamodels: { type: 'string', multiple: true, default: [] },
    datasource: { type: 'string' },
    'enabled-preview-features': { type: 'string' },
    'extension-types': { type: 'string' },
  },
})
const connectionString = JSON.parse(values.datasource ?? '{}').url

/** The request at hand: a panic of the engine throws past every catch, and without an answer the command would call it success. */
let asked = null
globalThis.PRISMA_WASM_PANIC_REGISTRY = {
  set_message: (message) => fail(asked, { message, is_panic: true }),
}

if (positionals[0] === 'cli') await runCommand(positionals[1])
else await answerRequests()

/** The two questions that the prisma command asks before it starts an engine for good. */
async function runCommand(name) {
  try {
    if (name === 'create-database') await createDatabase()
    else await connectOnce(connectionString)
  } catch (error) {
    const fields = { message: error.message, error_code: error.code === '3D000' ? 'P1003' : 'P1001' }
    // the first line is skipped by the command
    process.stderr.write(`\n${JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields })}`)
    process.exitCode = 1
  }
}

async function createDatabase() {
  const url = new URL(connectionString)
  const name = decodeURIComponent(url.pathname.slice(1))
  url.pathname = '/postgres'
  await connectOnce(url.href, `create database ${pg.escapeIdentifier(name)}`)
}

async function connectOnce(url, sql = 'select 1') {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(sql).finally(() => client.end())
}

async function answerRequests() {
  const pool = new pg.Pool({ connectionString })
  pool.on('error', () => {}) // an idle connection broke; the request that needs one says so
  let opened
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, method, params } = JSON.parse(line)
    if (method === undefined) continue // the command's receipt for something printed
    opened ??= startEngine(pool, modelsFor(params))
    await answer(opened, id, method, params ?? {})
  }
  await pool.end()
}

/** `migrate diff` names its models in the request, every other command in the arguments. */
function modelsFor(params) {
  if (values.datamodels.length > 0) return values.datamodels.map((file) => [file, readFileSync(file, 'utf8')])
  const files = params?.from?.files ?? params?.to?.files ?? []
  return files.map(({ path, content }) => [path, content])
}

async function answer(opened, id, method, params) {
  asked = id
  try {
    const schemaEngine = await opened
    const result = await schemaEngine[method === 'getDatabaseVersion' ? 'version' : method](params)
    // `migrate diff` leaves printing to the command
    if (method === 'diff' && result.stdout) send({ id, method: 'print', params: { content: result.stdout } })
    send({ id, result: result ?? {} })
  } catch (error) {
    fail(id, { message: error.message, is_panic: false, error_code: error.code, meta: error.meta })
  }
}

function fail(id, data) {
  send({ id, error: { code: 4466, message: data.message, data } })
}

function send(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
}

async function startEngine(pool, datamodels) {
  // by hand: Node 20 does not import .wasm files
  const path = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const bytes = readFileSync(path.replace(/\.js$/, '.wasm'))
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': engine })
  engine.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  const adapter = bindMigrationAwareSqlAdapterFactory(readsTypeChar(new PrismaPg(pool), pool))
  return engine.SchemaEngine.new({ datamodels }, () => {}, adapter)
}

/**
 * The driver adapter does not know the type "char", in which the catalogs keep one-letter codes. It passes as uuid, which no catalog
 * has, and becomes a character again.
 */
function readsTypeChar(factory, pool) {
  const [typeChar, typeUuid] = [18, 2950]
  const query = pool.query.bind(pool)
  pool.query = async (...args) => {
    const result = await query(...args)
    for (const field of result.fields ?? []) if (field.dataTypeID === typeChar) field.dataTypeID = typeUuid
    return result
  }
  const connect = factory.connect.bind(factory)
  factory.connect = async () => {
    const adapter = await connect()
    const queryRaw = adapter.queryRaw.bind(adapter)
    adapter.queryRaw = async (params) => {
      const result = await queryRaw(params)
      const typeOf = (type) => (type === ColumnTypeEnum.Uuid ? ColumnTypeEnum.Character : type)
      return { ...result, columnTypes: result.columnTypes.map(typeOf) }
    }
    return adapter
  }
  return factory
}
