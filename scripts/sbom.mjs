// npm run sbom: what is shipped with pgsteward, as CycloneDX JSON with hashes. npm makes the list; it is given the lock file without all
// that is for development alone, since it refuses a whole one where a package is there in several versions by alias.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SHIPPED = 'packages/pgsteward'
const FILE = 'sbom.cdx.json'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const { lockfileVersion, packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
// the lock file leaves out a name that is the folder's
const { name, version, license, dependencies } = JSON.parse(
  readFileSync(join(root, SHIPPED, 'package.json'), 'utf8'),
)

/** As Node looks for it: in the folder's own node_modules, then further up. */
function placeOf(dependency, from) {
  for (let at = from; ; at = at.includes('/') ? at.slice(0, at.lastIndexOf('/')) : '') {
    const place = `${at === '' ? '' : `${at}/`}node_modules/${dependency}`
    if (packages[place] !== undefined) return place
    if (at === '') return null
  }
}

const shipped = new Map()
const waiting = [SHIPPED]
for (const from of waiting) {
  const { dependencies: needed = {}, optionalDependencies: may = {} } = packages[from]
  for (const dependency of Object.keys({ ...needed, ...may })) {
    const place = placeOf(dependency, from)
    if (place === null || shipped.has(place)) continue
    const { link, resolved } = packages[place]
    // a package of this repository
    shipped.set(place, link ? packages[resolved] : packages[place])
    waiting.push(link ? resolved : place)
  }
}

const temporary = mkdtempSync(join(tmpdir(), 'pgsteward-sbom-'))
// npm names the whole by its folder
const dir = join(temporary, name)
mkdirSync(dir)
const manifest = { name, version, license, dependencies }
const tree = Object.fromEntries(
  [...shipped].map(([place, each]) => [
    place.replace(`${SHIPPED}/`, ''),
    { ...each, devDependencies: undefined, peerDependencies: undefined },
  ]),
)
const write = (file, content) => writeFileSync(join(dir, file), JSON.stringify(content))
try {
  write('package.json', manifest)
  write('package-lock.json', { name, version, lockfileVersion, packages: { '': manifest, ...tree } })
  const { stdout, stderr, status } = spawnSync(
    'npm',
    // `npm run -s` would silence the list itself
    ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--loglevel', 'error'],
    { cwd: dir, encoding: 'utf8', shell: process.platform === 'win32', maxBuffer: 64 * 2 ** 20 },
  )
  if (status !== 0) throw new Error(stderr)
  writeFileSync(join(root, FILE), stdout)
  process.stdout.write(`${FILE}: ${JSON.parse(stdout).components.length} components\n`)
} finally {
  rmSync(temporary, { recursive: true, force: true })
}
