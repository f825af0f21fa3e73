// Makes the corpus of log lines from real servers: `node test/logs/make-corpus.ts [major ...]`, minutes a major. It starts a server,
// provokes what it can, and keeps one message of a kind in each format; paths and ports of this machine are taken out. What nothing
// provokes here stands in corpus/written.json, after the wording in PostgreSQL's source.

import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  closeSync,
  cpSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type PostgresMajor, unprivilegedOwner } from '../../src/postgres/local-binaries.ts'
import { type LocalServer, startLocalServer } from '../../src/postgres/local-server.ts'
import { PREPARATION, PROVOCATIONS } from './corpus-statements.ts'
import { keepCorpus } from './keep-corpus.ts'

const settings = (major: number, more: Record<string, string> = {}) => ({
  logging_collector: 'on',
  log_directory: 'log',
  log_filename: 'postgresql.log',
  log_destination: major >= 15 ? 'stderr,csvlog,jsonlog' : 'stderr,csvlog',
  log_line_prefix: '%m [%p] %q%u@%d ',
  log_timezone: 'UTC',
  log_connections: major >= 18 ? 'all' : 'on',
  log_disconnections: 'on',
  log_lock_waits: 'on',
  deadlock_timeout: '200ms',
  log_temp_files: '0',
  log_checkpoints: 'on',
  log_autovacuum_min_duration: '0',
  autovacuum_naptime: '1s',
  autovacuum_vacuum_cost_delay: '0',
  log_replication_commands: 'on',
  log_recovery_conflict_waits: 'on',
  ...(major >= 18 ? { log_lock_failures: 'on' } : {}),
  wal_level: 'logical',
  archive_mode: 'on',
  archive_command: 'false',
  max_connections: '20',
  max_slot_wal_keep_size: '1MB',
  max_wal_size: '32MB',
  min_wal_size: '32MB',
  authentication_timeout: '2s',
  checkpoint_warning: '60s',
  ...more,
})

const quietly = async (work: Promise<unknown>) => work.catch(() => undefined)

async function client(server: LocalServer, over: pg.ClientConfig = {}): Promise<pg.Client> {
  const made = new pg.Client({ connectionString: server.url(over.database ?? 'shop'), ...over })
  made.on('error', () => undefined)
  await made.connect()
  return made
}

async function run(
  server: LocalServer,
  statements: readonly string[],
  over: pg.ClientConfig = {},
): Promise<void> {
  const session = await client(server, over)
  for (const [index, statement] of statements.entries()) {
    await session.query(statement).catch((error: Error) => {
      if (index < statements.length - 1 && !statement.includes('/ 0'))
        console.error(`preparation: ${statement}: ${error.message}`)
    })
  }
  await quietly(session.end())
}

async function statements(server: LocalServer, major: number): Promise<void> {
  const setup = await client(server, { database: 'postgres' })
  await setup.query('create database shop')
  await setup.query('create database shut allow_connections false')
  await setup.query('create database narrow_door connection limit 0')
  await setup.query("create role limited login password 'l' connection limit 0")
  await setup.query('revoke connect on database postgres from public')
  await setup.query(
    "create role nologger password 'n'; create role expired login password 'e' valid until '2020-01-01'; create role without login",
  )
  await setup.end()
  await run(server, PREPARATION)
  for (const { class: id, statements: all, since = 14 } of PROVOCATIONS) {
    if (major < since) continue
    const session = await client(server)
    const last = all.length - 1
    for (const [index, statement] of all.entries()) {
      const marked = index === last ? `/* corpus:${id} */ ${statement}` : statement
      await session.query(marked).catch(() => undefined)
    }
    // a timeout that ends the session needs it to be idle for a while
    if (id.includes('idle') || id === 'transaction-timeout') await sleep(400)
    await quietly(session.end())
  }
  const session = await client(server)
  await quietly(
    session.query({ text: '/* corpus:bind-parameters-mismatch */ select $1::int, $2::int', values: [1] }),
  )
  await session.query('set log_min_duration_statement = 0')
  await session.query({ text: '/* corpus:statement-duration */ select $1::int + $2::int', values: [1, 2] })
  await session.end()
}

async function locks(server: LocalServer): Promise<void> {
  const [a, b, c] = [await client(server), await client(server), await client(server)]
  await a.query('begin; update parcel set weight = 1 where id = 10')
  await b.query('begin; update parcel set weight = 2 where id = 20')
  const waits = quietly(a.query('update parcel set weight = 3 where id = 20'))
  await sleep(400)
  await quietly(b.query('update parcel set weight = 4 where id = 10'))
  await waits
  await quietly(a.query('rollback'))
  await quietly(b.query('rollback'))
  await a.query('begin; update parcel set weight = 1 where id = 3')
  await quietly(
    b.query('/* corpus:lock-not-available */ select * from parcel where id = 3 for update nowait'),
  )
  await quietly(
    b.query('set lock_timeout = 600; /* corpus:lock-timeout */ update parcel set weight = 1 where id = 3'),
  )
  await a.query('rollback; begin; lock table leg')
  await b.query('begin')
  await quietly(b.query('/* corpus:lock-not-available */ lock table leg nowait'))
  await b.query('rollback')
  await b
    .query("set client_min_messages = 'error'; vacuum (skip_locked) leg; analyze leg")
    .catch(() => undefined)
  await quietly(b.query('vacuum (skip_locked, analyze) leg'))
  await quietly(b.query('analyze (skip_locked) leg'))
  await a.query('rollback')
  // an autovacuum worker that has to give way: it is slowed down, then somebody wants its table
  await c.query('begin isolation level repeatable read; select count(*) from parcel')
  await b.query('update parcel set weight = 5 where id = 30')
  await quietly(c.query('update parcel set weight = 6 where id = 30'))
  await c.query('rollback')
  await a.query('begin isolation level serializable; select sum(weight) from parcel where id < 50')
  await b.query('begin isolation level serializable; select sum(weight) from parcel where id < 50')
  await a.query('update parcel set weight = 7 where id = 31')
  await b.query('update parcel set weight = 8 where id = 32')
  await a.query('commit')
  await quietly(b.query('commit'))
  await quietly(b.query('rollback'))
  const { rows } = await c.query('select pg_backend_pid() as pid')
  const sleeping = quietly(c.query('select pg_sleep(30)'))
  await sleep(200)
  await b.query('select pg_cancel_backend($1)', [rows[0].pid])
  await sleeping
  await b.query('select pg_terminate_backend($1)', [rows[0].pid])
  await quietly(c.end())
  await a.end()
  await b.end()
}

async function canceledAutovacuum(server: LocalServer): Promise<void> {
  const session = await client(server)
  await session.query(
    'create table slow (id int, t text) with (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)',
  )
  await session.query(
    "insert into slow select g, repeat('x', 500) from generate_series(1, 20000) g; delete from slow where id % 2 = 0",
  )
  for (let round = 0; round < 60; round += 1) {
    await sleep(200)
    const { rows } = await session.query(
      "select 1 from pg_stat_activity where backend_type = 'autovacuum worker' and query like '%public.slow%'",
    )
    if (rows.length > 0) break
  }
  await session.query('begin; lock table slow; commit')
  await session.end()
}

async function connections(
  server: LocalServer,
  owner: { uid: number; gid: number } | undefined,
): Promise<void> {
  const login = (over: pg.ClientConfig) => {
    const config = {
      host: '127.0.0.1',
      port: server.port,
      user: 'postgres',
      password: 'pgsteward',
      database: 'shop',
      ...over,
    }
    const made = new pg.Client(config)
    made.on('error', () => undefined)
    return quietly(made.connect().then(() => made.end()))
  }
  await login({ password: 'wrong' })
  await login({ user: 'nobody_there' })
  await login({ user: 'nologger', password: 'n' })
  await login({ user: 'expired', password: 'e' })
  await login({ user: 'without' })
  await login({ user: 'limited', password: 'l' })
  await login({ user: 'reader', password: 'r', database: 'postgres' })
  await login({ user: 'reader', password: 'r', database: 'narrow_door' })
  await login({ database: 'shut' })
  await login({ database: 'nowhere' })
  const hba = join(server.dir, 'data', 'pg_hba.conf')
  const before = readFileSync(hba, 'utf8')
  const own = () => owner !== undefined && chownSync(hba, owner.uid, owner.gid)
  const root = await client(server)
  writeFileSync(
    hba,
    'host shop limited 127.0.0.1/32 reject\nhost all nologger 127.0.0.1/32 trust\nhost all postgres 127.0.0.1/32 scram-sha-256\nhost all expired 127.0.0.1/32 ident\nhost all without 127.0.0.1/32 trust\n',
  )
  own()
  await root.query('select pg_reload_conf()')
  await sleep(500)
  await login({ user: 'limited', password: 'l' })
  await login({ user: 'reader', password: 'r' })
  await login({ user: 'nologger' })
  await login({ user: 'expired', password: 'e' })
  await login({ user: 'nobody_there' })
  await login({ user: 'role_that_is_not', database: 'shop' })
  writeFileSync(
    hba,
    'host all role_that_is_not 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n',
  )
  own()
  await root.query('select pg_reload_conf()')
  await sleep(500)
  await login({ user: 'role_that_is_not' })
  writeFileSync(hba, `host all all 127.0.0.1/32 no-such-method\n`)
  own()
  await root.query('select pg_reload_conf()')
  await sleep(500)
  writeFileSync(hba, before)
  own()
  await root.query('alter system set random_page_cost = 1.5')
  await root.query('alter system set huge_pages = off')
  await root.query('alter system set max_files_per_process = 500')
  await root.query('select pg_reload_conf()')
  await sleep(500)
  await root.query('alter system reset random_page_cost')
  appendFileSync(
    join(server.dir, 'data', 'postgresql.conf'),
    "\nlog_min_messages = 'sometimes'\nno_such_thing = 1\n",
  )
  await root.query('select pg_reload_conf()')
  await sleep(500)
  const conf = join(server.dir, 'data', 'postgresql.conf')
  writeFileSync(
    conf,
    readFileSync(conf, 'utf8').replace(/\nlog_min_messages = 'sometimes'\nno_such_thing = 1\n/, '\n'),
  )
  await root.query('select pg_reload_conf()')
  // up to max_connections, as the superuser and not
  const many: pg.Client[] = []
  await root.query('grant connect on database shop to reader')
  for (let number = 0; number < 24; number += 1) {
    const made = new pg.Client({
      host: '127.0.0.1',
      port: server.port,
      user: number < 20 ? 'reader' : 'postgres',
      password: number < 20 ? 'r' : 'pgsteward',
      database: 'shop',
    })
    made.on('error', () => undefined)
    await quietly(made.connect().then(() => many.push(made)))
  }
  for (const made of many) await quietly(made.end())
  await root.end()
  await knock(server.port, Buffer.from('GET / HTTP/1.0\r\n\r\n'))
  await knock(server.port, Buffer.from([0, 0]))
  await knock(server.port, Buffer.from([0, 0, 0, 9, 0, 1, 0, 0, 0]))
  await knock(server.port, Buffer.from([0, 0, 0, 9, 0, 3, 0, 0, 0]))
  await knock(server.port, startup('postgres', 'shop'), 3000)
  const vanishing = await client(server)
  await vanishing.query('begin; select 1')
  ;(vanishing as unknown as { connection: { stream: { destroy: () => void } } }).connection.stream.destroy()
  const garbage = await client(server)
  const stream = (garbage as unknown as { connection: { stream: { write: (data: Buffer) => void } } })
    .connection.stream
  stream.write(Buffer.from([0x7a, 0, 0, 0, 4]))
  await sleep(200)
  await quietly(garbage.end())
  const resetting = await client(server)
  const socket = (resetting as unknown as { connection: { stream: { resetAndDestroy: () => void } } })
    .connection.stream
  quietly(resetting.query("select repeat('x', 1000000) from generate_series(1, 50)"))
  await sleep(50)
  socket.resetAndDestroy()
  await sleep(300)
}

function startup(user: string, database: string): Buffer {
  const body = Buffer.from(`user\0${user}\0database\0${database}\0\0`)
  const head = Buffer.alloc(8)
  head.writeInt32BE(body.length + 8, 0)
  head.writeInt32BE(196608, 4)
  return Buffer.concat([head, body])
}

async function knock(port: number, bytes: Buffer, forMs = 200): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.on('data', () => undefined)
  socket.write(bytes)
  await sleep(forMs)
  socket.end()
}

async function slots(server: LocalServer): Promise<void> {
  const session = await client(server)
  await session
    .query("select pg_create_logical_replication_slot('feed', 'test_decoding')")
    .catch(() => undefined)
  await session.query("select pg_create_logical_replication_slot('feed2', 'pgoutput')").catch(() => undefined)
  await session.query('insert into parcel (id, weight) values (70000, 1)')
  await quietly(session.query("select pg_logical_slot_get_changes('feed', null, null)"))
  await session.query('create publication all_parcels for table parcel')
  await session.query(
    'create table no_key (a int); insert into no_key values (1); create publication no_keys for table no_key',
  )
  await quietly(session.query('/* corpus:logical-change-not-identified */ update no_key set a = 2'))
  await session.query('alter table no_key replica identity full')
  await session.query('create database copy')
  const copy = await client(server, { database: 'copy' })
  await session.query("select pg_create_logical_replication_slot('sub', 'pgoutput')")
  await session.query("select pg_create_logical_replication_slot('sub2', 'pgoutput')")
  const self = server.url('shop').replace(/'/g, '')
  await copy.query('create table parcel (id int primary key, weight int, label varchar(5), tenant int)')
  await copy.query('insert into parcel values (70001, 5)')
  await quietly(
    copy.query(
      `create subscription sub connection '${self}' publication all_parcels with (create_slot = false, slot_name = 'sub', copy_data = false${server.major >= 15 ? ', disable_on_error = true' : ''})`,
    ),
  )
  await quietly(
    copy.query(
      `create subscription sub2 connection '${self}' publication no_keys with (create_slot = false, slot_name = 'sub2', copy_data = false)`,
    ),
  )
  await session.query('insert into parcel (id, weight) values (70001, 1)')
  await session.query('insert into no_key values (3)')
  await sleep(4000)
  for (const name of ['sub', 'sub2']) {
    await quietly(copy.query(`alter subscription ${name} disable`))
    await quietly(copy.query(`alter subscription ${name} set (slot_name = none)`))
    await quietly(copy.query(`drop subscription ${name}`))
  }
  await quietly(
    copy.query(
      "create subscription nowhere connection 'host=127.0.0.1 port=1 dbname=x' publication p with (connect = false)",
    ),
  )
  await quietly(copy.query('alter subscription nowhere enable'))
  await sleep(1500)
  await quietly(
    copy.query(
      "/* corpus:logical-publisher-unreachable */ create subscription unreachable connection 'host=127.0.0.1 port=1 dbname=x' publication p",
    ),
  )
  await quietly(
    copy.query(
      'alter subscription nowhere disable; alter subscription nowhere set (slot_name = none); drop subscription nowhere',
    ),
  )
  await copy.end()
  // slots fall behind by more than max_slot_wal_keep_size
  for (let round = 0; round < 6; round += 1) {
    await session.query(
      'insert into no_key select g from generate_series(1, 20000) g; select pg_switch_wal()',
    )
    await session.query('checkpoint')
  }
  await quietly(
    session.query(
      "/* corpus:replication-slot-lost */ select pg_logical_slot_get_changes('feed', null, null)",
    ),
  )
  for (const slot of ['feed', 'feed2', 'sub', 'sub2'])
    await quietly(session.query('select pg_drop_replication_slot($1)', [slot]))
  await session.end()
}

async function damage(server: LocalServer, dataDir: string): Promise<string> {
  const session = await client(server)
  await session.query(
    "create table damaged as select g as id, repeat('x', 200) as t from generate_series(1, 200) g",
  )
  const { rows } = await session.query("select pg_relation_filepath('damaged') as path")
  await session.query('checkpoint')
  await session.end()
  return join(dataDir, rows[0].path)
}

async function make(major: PostgresMajor): Promise<void> {
  const owner = await unprivilegedOwner()
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-corpus-'))
  const standbyDir = mkdtempSync(join(tmpdir(), 'pgsteward-corpus-standby-'))
  const start = (more: Record<string, string> = {}) =>
    startLocalServer({
      major,
      dir,
      durable: true,
      initdb: ['--data-checksums'],
      settings: settings(major, more),
    })
  let server = await start()
  const dataDir = join(server.dir, 'data')
  console.log(major, dataDir)
  await statements(server, major)
  console.log('statements')
  await locks(server)
  await canceledAutovacuum(server)
  console.log('locks')
  await connections(server, owner)
  console.log('connections')
  await slots(server)
  const file = await damage(server, dataDir)
  await server.stop()
  const damaged = openSync(file, 'r+')
  writeSync(damaged, Buffer.from('damage'), 0, 6, 4000)
  closeSync(damaged)
  server = await start({ archive_command: 'true', hot_standby: 'on' })
  await run(server, ['/* corpus:invalid-page */ select count(*) from damaged'])
  await run(server, ['drop table damaged'])
  // a session dies by kill -9: the server restarts itself
  const victim = await client(server)
  const witness = await client(server)
  const { rows } = await victim.query('select pg_backend_pid() as pid')
  process.kill(rows[0].pid, 'SIGKILL')
  await quietly(
    Promise.all([knock(server.port, startup('postgres', 'shop'), 50), quietly(witness.query('select 1'))]),
  )
  for (let round = 0; round < 100; round += 1) {
    const back = await client(server).then(
      (made) => made.end().then(() => true),
      () => false,
    )
    if (back) break
    await sleep(50)
  }
  await server.stop()
  console.log('crash')
  // a standby is the stopped primary's copy
  cpSync(dataDir, join(standbyDir, 'data'), { recursive: true })
  server = await start({ archive_command: 'true', wal_keep_size: '64MB' })
  const primaryUrl = server.url('postgres')
  const password = new URL(primaryUrl).password
  writeFileSync(join(standbyDir, 'data', 'standby.signal'), '')
  rmSync(join(standbyDir, 'data', 'postmaster.pid'), { force: true })
  rmSync(join(standbyDir, 'data', 'log'), { recursive: true, force: true })
  if (owner !== undefined) execFileSync('chown', ['-R', `${owner.uid}:${owner.gid}`, standbyDir])
  chmodSync(join(standbyDir, 'data'), 0o700)
  const standby = await startLocalServer({
    major,
    dir: standbyDir,
    durable: true,
    settings: settings(major, {
      primary_conninfo: `host=127.0.0.1 port=${server.port} user=postgres password=${password} application_name=standby1`,
      max_standby_streaming_delay: '800ms',
      hot_standby: 'on',
      wal_retrieve_retry_interval: '500ms',
    }),
  })
  const reader = await client(standby)
  await quietly(reader.query('/* corpus:write-on-read-only */ delete from parcel'))
  await reader.query('begin isolation level repeatable read; select count(*) from parcel')
  await run(server, [
    'delete from parcel where id > 1000',
    'vacuum parcel',
    'insert into no_key values (9)',
    'checkpoint',
  ])
  await sleep(2500)
  await quietly(reader.query('/* corpus:recovery-conflict */ select count(*) from parcel'))
  await quietly(reader.query('rollback'))
  await quietly(reader.query('/* corpus:checkpoint */ checkpoint'))
  await quietly(reader.end())
  await run(server, ["alter system set synchronous_standby_names = 'standby1'", 'select pg_reload_conf()'])
  await sleep(1500)
  await run(server, ['alter system reset synchronous_standby_names', 'select pg_reload_conf()'])
  await server.stop()
  await sleep(1500)
  await run(standby, ['select pg_promote()'])
  await sleep(1500)
  await standby.stop()
  const read = (from: string, name: string) => readFileSync(join(from, 'data', 'log', name), 'utf8')
  const standbyRoot = standby.dir
  keepCorpus(major, {
    paths: [dir, server.dir, standbyDir, standbyRoot],
    csv: read(server.dir, 'postgresql.csv') + read(standbyRoot, 'postgresql.csv'),
    stderr: read(server.dir, 'postgresql.log') + read(standbyRoot, 'postgresql.log'),
    json: major >= 15 ? read(server.dir, 'postgresql.json') + read(standbyRoot, 'postgresql.json') : null,
  })
  for (const path of [dir, server.dir, standbyDir, standbyRoot])
    rmSync(path, { recursive: true, force: true })
}

const majors = process.argv.slice(2).map(Number)
for (const major of (majors.length > 0 ? majors : [14, 15, 16, 17, 18]) as PostgresMajor[]) await make(major)
