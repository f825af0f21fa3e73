// Sets everything up with nothing but Node >= 20 and npm: packages, the built dashboard and, for the tests, a Chromium, HypoPG, Redis
// and Prometheus.
// Plain JavaScript, since it runs on the machine's own Node before the pinned one is installed. Quick when nothing changed.

import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
process.chdir(root)

const [major] = process.versions.node.split('.').map(Number)
if (major < 20)
  fail(
    `Node ${process.versions.node} is too old.`,
    'Install Node 20 or newer; the repository brings its own Node 24 after that.',
  )

installPackages()
buildInstrument()
generateClient()
buildDashboard()
const isForTests = process.argv.includes('--for-tests')
if (isForTests || process.argv.includes('--chromium')) ensureChromium()
if (isForTests) {
  ensureNode('20.20.2')
  ensureNode('22.23.3')
  ensureJest('30.5.2')
  unpackHypopg()
  ensureRedis()
  ensurePrometheus()
}

function installPackages() {
  const manifests = ['package.json', 'package-lock.json', ...workspaceManifests()]
  const wanted = digestOf(manifests)
  if (stampOf('packages') === wanted) return
  step('Installing packages (PostgreSQL binaries included, a minute the first time)', () => {
    // not npm ci: npm 11 refuses a lock file that lacks optional packages of other platforms, and a registry that does not
    // carry them all (a mirror, say) can't give one that has them. npm install takes the locked versions; --no-save leaves
    // package.json and the lock file alone.
    const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']
    const { status } = spawnSync(npm(), args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    })
    if (status !== 0)
      fail(
        'npm install failed; its message is above.',
        'Is the npm registry reachable? npm ping tells. Then run the same command again.',
      )
    stamp('packages', wanted)
  })
}

function workspaceManifests() {
  return ['packages', 'examples'].flatMap((folder) =>
    readdirSync(folder)
      .map((name) => join(folder, name, 'package.json'))
      .filter((path) => existsSync(path)),
  )
}

/** Applications run the compiled package, on Node 20 too; so do the reference application and the server here. */
function buildInstrument() {
  const folder = 'packages/instrument'
  const wanted = digestOf([
    ...filesBelow(join(folder, 'src')),
    join(folder, 'tsconfig.json'),
    'tsconfig.base.json',
  ])
  if (stampOf('instrument') === wanted && existsSync(join(folder, 'dist/index.js'))) return
  step('Building @pgsteward/instrument', () => {
    run(
      pinnedNode(),
      ['node_modules/typescript/bin/tsc', '-b', folder],
      '@pgsteward/instrument does not compile; the messages are above.',
    )
    stamp('instrument', wanted)
  })
}

/** The reference application's Prisma client, from its schema; nothing is downloaded. */
function generateClient() {
  const folder = 'examples/messaging'
  const wanted = digestOf(
    ['prisma/schema.prisma', 'prisma.config.ts', 'scripts/generate.mjs'].map((name) => join(folder, name)),
  )
  if (stampOf('client') === wanted && existsSync(join(folder, 'src/generated/prisma'))) return
  if (!existsSync(join(folder, 'scripts/generate.mjs'))) return
  step('Generating the Prisma client of the reference application', () => {
    run(pinnedNode(), [join(folder, 'scripts/generate.mjs')], 'The Prisma client does not generate.')
    stamp('client', wanted)
  })
}

function buildDashboard() {
  const folder = 'packages/dashboard'
  const wanted = digestOf([
    ...filesBelow(join(folder, 'src')),
    join(folder, 'index.html'),
    join(folder, 'vite.config.ts'),
  ])
  if (stampOf('dashboard') === wanted && existsSync(join(folder, 'dist/index.html'))) return
  if (!existsSync(join(folder, 'index.html'))) return
  step('Building the dashboard', () => {
    run(
      pinnedNode(),
      ['node_modules/vite/bin/vite.js', 'build', folder, '--logLevel', 'error'],
      'The dashboard does not build.',
    )
    stamp('dashboard', wanted)
  })
}

/** The browser tests drive a real Chromium: one that is there, or Debian's package, or Playwright's own download. */
function ensureChromium() {
  const known = [
    process.env.CHROMIUM_PATH,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    stampOf('chromium'),
  ]
  if (known.some((path) => path !== undefined && path !== '' && existsSync(path))) return
  step('Installing Chromium for the browser tests', () => {
    if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
      const quiet = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
      spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env: quiet })
      const installed = spawnSync(
        'apt-get',
        ['install', '-y', '-qq', '--no-install-recommends', 'chromium'],
        { stdio: ['ignore', 'ignore', 'inherit'], env: quiet },
      )
      if (installed.status === 0) return
    }
    const playwright = 'node_modules/playwright-core/cli.js'
    const installed = spawnSync(pinnedNode(), [playwright, 'install', 'chromium'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    if (installed.status !== 0)
      fail(
        'No Chromium could be installed.',
        'Install one (Debian: apt-get install chromium) or set CHROMIUM_PATH to the one you have.',
      )
    const path = execFileSync(pinnedNode(), ['-p', "require('playwright-core').chromium.executablePath()"], {
      encoding: 'utf8',
    }).trim()
    stamp('chromium', path)
  })
}

/**
 * The majors that @pgsteward/instrument promises beside the pinned one, for its tests. Not among the dependencies: a second package
 * with a program `node` would take the pinned one's place in node_modules/.bin.
 */
function ensureNode(version) {
  const folder = join('node_modules/.cache/node', version.split('.')[0])
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  installApart(folder, name, version, `Installing Node ${version} for the tests of @pgsteward/instrument`)
}

/** Jest, for the test of pgsteward/benchmark/jest. Not among the dependencies: 280 packages for one adapter. */
function ensureJest(version) {
  const folder = 'node_modules/.cache/jest'
  installApart(folder, 'jest', version, `Installing Jest ${version} for the test of pgsteward/benchmark/jest`)
}

/** One package in a folder of its own. */
function installApart(folder, name, version, title) {
  const key = folder.replaceAll(/[\\/]/g, '-')
  if (stampOf(key) === version && existsSync(join(folder, 'node_modules', name))) return
  step(title, () => {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
    const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error', `${name}@${version}`]
    const { status } = spawnSync(npm(), args, {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    })
    if (status !== 0)
      fail(`${name} ${version} could not be installed.`, 'Is the npm registry reachable? npm ping tells.')
    stamp(key, version)
  })
}

/**
 * HypoPG for the tests of that planner: Debian's and Ubuntu's package, unpacked and not installed, for the majors that the release
 * has. Built for the same major, it works in the server that npm brought. Elsewhere those tests are skipped and say so.
 */
function unpackHypopg() {
  const folder = 'node_modules/.cache/hypopg'
  if (existsSync(folder)) return
  if (!existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg-deb')) {
    note('HypoPG is not tested here: there is no apt to take it from.')
    return
  }
  step('Unpacking HypoPG for the tests of that planner', () => {
    const quiet = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const offered = () =>
      execFileSync('apt-cache', ['pkgnames', 'postgresql-'], { encoding: 'utf8', env: quiet })
        .split('\n')
        .flatMap((name) => /^postgresql-(1[4-8])-hypopg$/.exec(name)?.[1] ?? [])
    if (offered().length === 0 && process.getuid?.() === 0)
      spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env: quiet, timeout: 120_000 })
    const fresh = `${folder}.${process.pid}`
    for (const major of offered()) {
      const unpacked = join(fresh, 'unpacked')
      mkdirSync(unpacked, { recursive: true })
      const name = `postgresql-${major}-hypopg`
      const options = { cwd: fresh, stdio: 'ignore', env: quiet, timeout: 120_000 }
      if (spawnSync('apt-get', ['download', '-qq', name], options).status !== 0) continue
      const file = readdirSync(fresh).find((each) => each.startsWith(`${name}_`))
      if (file === undefined || spawnSync('dpkg-deb', ['-x', file, 'unpacked'], options).status !== 0)
        continue
      mkdirSync(join(fresh, major))
      for (const path of filesBelow(unpacked))
        if (/hypopg(--[\d.-]+\.sql|\.control|\.so)$/.test(path))
          copyFileSync(path, join(fresh, major, basename(path)))
      rmSync(unpacked, { recursive: true, force: true })
      rmSync(join(fresh, file), { force: true })
    }
    const majors = existsSync(fresh) ? readdirSync(fresh).filter((name) => /^\d+$/.test(name)) : []
    if (majors.length > 0) renameSync(fresh, folder)
    else note('HypoPG is not tested here: apt has no package of it, or could not be asked.')
    rmSync(fresh, { recursive: true, force: true })
  })
}

/**
 * Redis for the tests of the reference application's cache: the one on the PATH, or Debian's and Ubuntu's packages with their
 * libraries, unpacked and not installed (examples/messaging/src/local-redis.ts looks there). Elsewhere those tests are skipped.
 */
function ensureRedis() {
  const folder = 'node_modules/.cache/redis'
  const program = 'usr/bin/redis-server'
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .some((path) => existsSync(join(path, 'redis-server')))
  if (onPath || existsSync(join(folder, program))) return
  const how = 'Install it (Debian: apt-get install redis-server), or see those tests skipped.'
  if (!existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg-deb')) {
    note(`Redis is not tested here: there is none, and no apt to take it from. ${how}`)
    return
  }
  step('Unpacking Redis for the tests of the cache', () => {
    const quiet = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const dependencies = (name) =>
      spawnSync('apt-cache', ['depends', '--no-recommends', '--no-suggests', name], {
        encoding: 'utf8',
        env: quiet,
      })
        .stdout.split('\n')
        .flatMap((line) => /^ {1,2}\|?Depends: (lib[a-z0-9.+-]+)$/.exec(line)?.[1] ?? [])
    if (dependencies('redis-tools').length === 0 && process.getuid?.() === 0)
      spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env: quiet, timeout: 120_000 })
    const isInstalled = (name) => {
      const { stdout } = spawnSync('dpkg-query', ['-s', name], { encoding: 'utf8', env: quiet })
      return /^Status: .* installed$/m.test(stdout ?? '')
    }
    // the program is a link into redis-tools
    const libraryNames = dependencies('redis-tools').filter((name) => !isInstalled(name))
    const names = ['redis-server', 'redis-tools', ...libraryNames]
    const fresh = `${folder}.${process.pid}`
    mkdirSync(fresh, { recursive: true })
    const options = { cwd: fresh, stdio: 'ignore', env: quiet, timeout: 120_000 }
    for (const name of names) {
      if (spawnSync('apt-get', ['download', '-qq', name], options).status !== 0) continue
      const file = readdirSync(fresh).find((each) => each.startsWith(`${name}_`))
      if (file === undefined) continue
      spawnSync('dpkg-deb', ['-x', file, '.'], options)
      rmSync(join(fresh, file), { force: true })
    }
    const libraries = ['usr/lib', 'lib']
      .map((path) => join(root, fresh, path))
      .filter((path) => existsSync(path))
      .flatMap((path) => [path, ...readdirSync(path).map((name) => join(path, name))])
    const tried = existsSync(join(fresh, program))
      ? spawnSync(join(fresh, program), ['--version'], {
          stdio: 'ignore',
          env: { ...quiet, LD_LIBRARY_PATH: libraries.join(':') },
        })
      : null
    if (tried?.status === 0) renameSync(fresh, folder)
    else note(`Redis is not tested here: apt has no package of it that runs, or could not be asked. ${how}`)
    rmSync(fresh, { recursive: true, force: true })
  })
}

/**
 * Prometheus and promtool for the tests of /metrics: those on the PATH, or Debian's and Ubuntu's package, of which only the two
 * programs are kept (packages/pgsteward/test/export/prometheus.ts looks there). Elsewhere those tests are skipped.
 */
function ensurePrometheus() {
  const folder = 'node_modules/.cache/prometheus'
  const names = ['prometheus', 'promtool']
  const onPath = names.every((name) =>
    (process.env.PATH ?? '').split(delimiter).some((path) => existsSync(join(path, name))),
  )
  if (onPath || names.every((name) => existsSync(join(folder, name)))) return
  const how = 'Install it (Debian: apt-get install prometheus), or see those tests skipped.'
  if (!existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg-deb')) {
    note(`Prometheus is not tested here: there is none, and no apt to take it from. ${how}`)
    return
  }
  step('Unpacking Prometheus for the tests of /metrics', () => {
    const fresh = `${folder}.${process.pid}`
    mkdirSync(join(fresh, 'unpacked'), { recursive: true })
    const quiet = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const options = { cwd: fresh, stdio: 'ignore', env: quiet, timeout: 180_000 }
    const download = () => spawnSync('apt-get', ['download', '-qq', 'prometheus'], options).status === 0
    if (!download() && process.getuid?.() === 0) {
      spawnSync('apt-get', ['update', '-qq'], { ...options, timeout: 120_000 })
      download()
    }
    const file = readdirSync(fresh).find((each) => each.startsWith('prometheus_'))
    if (file !== undefined) spawnSync('dpkg-deb', ['-x', file, 'unpacked'], options)
    const runs = names.every(
      (name) =>
        spawnSync(join(fresh, 'unpacked/usr/bin', name), ['--version'], { stdio: 'ignore' }).status === 0,
    )
    if (runs) {
      rmSync(folder, { recursive: true, force: true })
      renameSync(join(fresh, 'unpacked/usr/bin'), folder)
    } else note(`Prometheus is not tested here: apt has none that runs, or could not be asked. ${how}`)
    rmSync(fresh, { recursive: true, force: true })
  })
}

function npm() {
  return process.platform === 'win32' ? 'npm.cmd' : 'npm'
}

function pinnedNode() {
  return join(root, 'node_modules/node/bin/node')
}

function run(command, args, whenItFails) {
  const { status, error } = spawnSync(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (error !== undefined) fail(`${command}: ${error.message}`)
  if (status !== 0) fail(whenItFails)
}

function step(text, work) {
  const started = Date.now()
  process.stderr.write(`pgsteward: ${text} ...\n`)
  work()
  process.stderr.write(`pgsteward: done in ${((Date.now() - started) / 1000).toFixed(1)} s\n`)
}

function note(text) {
  process.stderr.write(`pgsteward: ${text}\n`)
}

function fail(message, hint = '') {
  process.stderr.write(`pgsteward: ${message}${hint === '' ? '' : `\n           ${hint}`}\n`)
  process.exit(1)
}

function filesBelow(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile())
    .sort()
}

function digestOf(paths) {
  const digest = createHash('sha256')
  for (const path of paths) if (existsSync(path)) digest.update(path).update(readFileSync(path))
  return digest.digest('hex')
}

function stampOf(name) {
  const path = join('node_modules/.cache/pgsteward', name)
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

function stamp(name, value) {
  mkdirSync('node_modules/.cache/pgsteward', { recursive: true })
  writeFileSync(join('node_modules/.cache/pgsteward', name), value)
}
