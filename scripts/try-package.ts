// npm run try:package: packs what is published, installs it into an empty folder, and uses it there as somebody would who has only that:
// its size, the demo, watch, check, advise. [--write bench/results/package.md]

import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import pg from 'pg'
import { startLocalServer } from '../packages/pgsteward/src/postgres/local-server.ts'

const ROOT = resolve(import.meta.dirname, '..')
const PACKAGES = ['packages/instrument', 'packages/pgsteward', 'examples/messaging'] as const
const ANSWERS_WITHIN_MS = 240_000
const MOST_NAMED = 12
const PURPOSES: Readonly<Record<string, string>> = {
  '@electric-sql/pglite': 'the embedded store, and the planner twin: a whole PostgreSQL as WebAssembly',
  pgsteward: 'itself: code, dashboard, pages of checks, log events, runbooks and guides',
  zod: 'configuration, API, records',
  '@modelcontextprotocol/sdk': '`pgsteward mcp`',
  fastify: 'the server',
  protobufjs: 'OTLP as protobuf',
  undici: 'the load generator',
  'libpg-query': "PostgreSQL's own parser, for advice, review and statements",
  nodemailer: 'alerts and reports by e-mail',
  'pg-boss': 'jobs where several processes share a store',
  hucre: 'the capacity plan as a workbook',
  'hdr-histogram-js': 'latencies under load',
  luxon: 'of pg-boss',
  'lru-cache': 'of glob and others',
  tldts: 'of tough-cookie: cookies of load scenarios',
  glob: 'of @fastify/static',
}

const { values } = parseArgs({ options: { write: { type: 'string' } } })
const run = promisify(execFile)
const say = (text: string) => process.stdout.write(`${text}\n`)
// npm beside the node that runs this
const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}`, CI: 'true' }

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-package-'))
try {
  const packed: Packed[] = []
  for (const folder of PACKAGES) packed.push(await pack(folder))
  const [instrument, pgsteward, example] = packed as [Packed, Packed, Packed]
  say(packed.map(({ file, bytes }) => `packed ${file}, ${mb(bytes)}`).join('\n'))

  const home = join(dir, 'home')
  mkdirSync(home)
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n')
  const alone = await install(home, [instrument, pgsteward])
  say(`installed: ${alone.packages} packages, ${mb(alone.bytes)}`)
  const version = (await run('npx', ['pgsteward', '--version'], { cwd: home, env })).stdout.trim()
  say(`npx pgsteward --version: ${version}`)
  const withDemo = await install(home, [instrument, pgsteward, example])
  say(`with the demo's application: ${withDemo.packages} packages, ${mb(withDemo.bytes)}`)

  const demo = await served(home, ['demo', '--port', '0', '--scale', '0.05'], 1)
  say(`npx pgsteward demo: ${demo.findings} kinds of findings after ${demo.seconds} s`)
  const used = await useOwnDatabase(home)
  const page = pageOf({ packed, alone, withDemo, version, demo, ...used })
  say(`\n${page}`)
  if (values.write !== undefined) writeFileSync(resolve(values.write), page)
} finally {
  rmSync(dir, { recursive: true, force: true })
}

interface Packed {
  readonly name: string
  readonly file: string
  readonly bytes: number
  readonly files: number
}

async function pack(folder: string): Promise<Packed> {
  const args = ['pack', '--json', '--pack-destination', dir]
  const { stdout } = await run('npm', args, { cwd: join(ROOT, folder), env, maxBuffer: 64 * 1024 ** 2 })
  const told = JSON.parse(stdout.slice(stdout.search(/^[[{]/m)))
  const [{ name, filename, size, entryCount }] = Array.isArray(told) ? told : Object.values(told)
  return { name, file: filename, bytes: size, files: entryCount }
}

interface Installed {
  readonly packages: number
  readonly bytes: number
  /** The largest first. */
  readonly largest: readonly { readonly name: string; readonly bytes: number }[]
}

async function install(home: string, packed: readonly Packed[]): Promise<Installed> {
  const files = packed.map(({ file }) => join(dir, file))
  await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...files], { cwd: home, env })
  const modules = join(home, 'node_modules')
  const names = readdirSync(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(modules, name)).map((each) => `${name}/${each}`) : name,
    )
  const sizes = names.map((name) => ({ name, bytes: sizeOf(join(modules, name)) }))
  return {
    packages: names.length,
    bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
    largest: sizes.toSorted((one, other) => other.bytes - one.bytes).slice(0, MOST_NAMED),
  }
}

function sizeOf(path: string): number {
  const stat = lstatSync(path)
  if (!stat.isDirectory()) return stat.size
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
}

interface Served {
  /** Kinds of them. */
  readonly findings: number
  readonly seconds: number
  readonly exitCode: number | null
}

/** Until so many findings are there and the dashboard answers; then Ctrl-C. */
async function served(home: string, args: readonly string[], findings: number): Promise<Served> {
  const started = performance.now()
  // what npx runs, so that Ctrl-C and the exit code are pgsteward's
  const child = spawn(join(home, 'node_modules/.bin/pgsteward'), args, {
    cwd: home,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  const hear = (text: Buffer) => {
    out += text
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const exited = once(child, 'exit')
  try {
    const kinds = await waitFor(async () => {
      if (child.exitCode !== null)
        throw new Error(`pgsteward ${args[0]} ended with ${child.exitCode}:\n${out}`)
      const url = /dashboard:?\s+(http:\/\/\S+)/i.exec(out)?.[1]?.replace(/\/$/, '')
      if (url === undefined) return null
      const dashboard = await fetch(url)
      if (!dashboard.ok || !(await dashboard.text()).includes('<script')) return null
      const targets = (await (await fetch(`${url}/api/v1/targets`)).json()) as { id: string }[]
      const answer = await fetch(`${url}/api/v1/targets/${targets[0]!.id}/findings`)
      const found = (await answer.json()) as { checkId: string }[]
      const kinds = new Set(found.map(({ checkId }) => checkId)).size
      return kinds >= findings ? kinds : null
    })
    const seconds = Math.round((performance.now() - started) / 1_000)
    child.kill('SIGINT')
    const [exitCode] = await exited
    return { findings: kinds, seconds, exitCode }
  } catch (error) {
    if (child.exitCode === null) child.kill('SIGKILL')
    throw error
  }
}

async function waitFor<Result>(look: () => Promise<Result | null>): Promise<Result> {
  const until = performance.now() + ANSWERS_WITHIN_MS
  for (;;) {
    const result = await look()
    if (result !== null) return result
    if (performance.now() > until) throw new Error(`nothing came within ${ANSWERS_WITHIN_MS / 1_000} s`)
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

interface Used {
  readonly watch: Served
  readonly checkFound: readonly string[]
  readonly advised: number
}

/** A small table without the index that its statement wants. */
async function useOwnDatabase(home: string): Promise<Used> {
  const server = await startLocalServer({
    dir: join(dir, 'postgres'),
    settings: { shared_preload_libraries: 'pg_stat_statements' },
  })
  const client = new pg.Client(server.url())
  try {
    await client.connect()
    await client.query('create extension pg_stat_statements')
    await client.query(
      'create table parcel (id bigint primary key, place text not null, weight int not null)',
    )
    await client.query("insert into parcel select i, 'shelf ' || i, i % 10 from generate_series(1, 100000) i")
    await client.query('analyze parcel')
    for (let call = 0; call < 1_500; call += 1)
      await client.query('select weight from parcel where place = $1', [`shelf ${call}`])
    const ask = async (...args: string[]) => {
      const asked = run('npx', ['pgsteward', ...args, '--json'], {
        cwd: home,
        env,
        maxBuffer: 64 * 1024 ** 2,
      })
      // findings end with an exit code of their own
      const { stdout } = await asked.catch((error: { stdout?: string }) => {
        if (!error.stdout?.startsWith('{')) throw error
        return { stdout: error.stdout }
      })
      return JSON.parse(stdout)
    }
    const checked = await ask('check', server.url())
    const advice = await ask('advise', server.url(), '--budget', '100%')
    say(`npx pgsteward check: ${checked.findings.length} findings; advise: ${advice.indexes.length} indexes`)
    const watch = await served(
      home,
      ['watch', server.url(), '--port', '0', '--store-dir', join(home, 'store')],
      1,
    )
    say(`npx pgsteward watch: ${watch.findings} kinds of findings after ${watch.seconds} s`)
    return {
      watch,
      checkFound: [...new Set<string>(checked.findings.map(({ checkId }: { checkId: string }) => checkId))],
      advised: advice.indexes.length,
    }
  } finally {
    await client.end()
    await server.stop('immediate')
    rmSync(server.dir, { recursive: true, force: true })
  }
}

function mb(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`
}

function pageOf({
  packed,
  alone,
  withDemo,
  version,
  demo,
  watch,
  checkFound,
  advised,
}: Used & {
  readonly packed: readonly Packed[]
  readonly alone: Installed
  readonly withDemo: Installed
  readonly version: string
  readonly demo: Served
}): string {
  return `# The package, installed

\`npm run try:package -- --write bench/results/package.md\`: packed by \`npm pack\`, installed into an empty folder, used there by \`npx\`.
pgsteward ${version}, Node ${process.versions.node}, ${process.platform}-${process.arch}.

| Package | Packed | Files |
|---|---:|---:|
${packed.map(({ name, bytes, files }) => `| ${name} | ${mb(bytes)} | ${files} |`).join('\n')}

| Installed | Packages | Size |
|---|---:|---:|
| pgsteward | ${alone.packages} | ${mb(alone.bytes)} |
| with @pgsteward/example-messaging, for \`pgsteward demo\` | ${withDemo.packages} | ${mb(withDemo.bytes)} |

The largest of pgsteward alone, and what each is for:

| | Size | For |
|---|---:|---|
${alone.largest.map(({ name, bytes }) => `| ${name} | ${mb(bytes)} | ${PURPOSES[name] ?? 'a dependency of those'} |`).join('\n')}

| | |
|---|---|
| \`npx pgsteward demo --scale 0.05\` | ${demo.findings} kinds of findings after ${demo.seconds} s, ended by Ctrl-C with exit code ${demo.exitCode} |
| \`npx pgsteward watch URL\` | ${watch.findings} kinds of findings after ${watch.seconds} s, ended by Ctrl-C with exit code ${watch.exitCode} |
| \`npx pgsteward check URL\` | ${checkFound.join(', ')} |
| \`npx pgsteward advise URL --budget 100%\` | ${advised} index proposed, tried on a planner twin |
`
}
