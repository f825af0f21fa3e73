// A server that has HypoPG, for the majors whose Debian package scripts/bootstrap.mjs unpacked into node_modules/.cache/hypopg.

import { cpSync, existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  findLocalBinaries,
  type PostgresMajor,
  unprivilegedOwner,
} from '../../src/postgres/local-binaries.ts'
import type { LocalServer, LocalServerOptions } from '../../src/postgres/local-server.ts'
import { startTestServer } from '../postgres/database.ts'

const CACHE = fileURLToPath(new URL('../../../../node_modules/.cache/hypopg/', import.meta.url))

/** Empty where there is no apt, or it has none: the tests say so by being skipped. */
export const HYPOPG_MAJORS: readonly PostgresMajor[] = ([14, 15, 16, 17, 18] as const).filter((major) =>
  existsSync(join(CACHE, String(major))),
)

export const NO_HYPOPG =
  'no HypoPG is unpacked here: bootstrap.mjs --for-tests takes it from apt (Debian, Ubuntu)'

/** Puts the extension beside those of the server's own that npm brought; Debian's build works with it, the major being the same. */
export async function startHypopgServer(
  major: PostgresMajor,
  settings: LocalServerOptions['settings'] = {},
): Promise<LocalServer> {
  const { postgres } = await findLocalBinaries(major, await unprivilegedOwner())
  const home = dirname(dirname(postgres))
  const from = join(CACHE, String(major))
  for (const name of readdirSync(from)) {
    const folder = name.endsWith('.so') ? 'lib/postgresql' : 'share/postgresql/extension'
    const to = join(home, folder, name)
    if (!existsSync(to)) cpSync(join(from, name), to)
  }
  return startTestServer(major, settings)
}
