// A server that compiles just in time: npm's has no LLVM, so the provider is taken from a Debian package of the same major.

import { cpSync, existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  findLocalBinaries,
  type PostgresMajor,
  unprivilegedOwner,
} from '../../src/postgres/local-binaries.ts'
import type { LocalServer, LocalServerOptions } from '../../src/postgres/local-server.ts'
import { startTestServer } from './database.ts'

const installed = (major: PostgresMajor) => `/usr/lib/postgresql/${major}/lib`

/** Null: none is installed here, and tests say so by being skipped. pg_stat_statements counts JIT from 15 on. */
export const JIT_MAJOR: PostgresMajor | null =
  ([18, 17, 16, 15] as const).find((major) => existsSync(join(installed(major), 'llvmjit.so'))) ?? null

export const NO_JIT = 'no llvmjit is installed here: apt has it in postgresql-15 to 18 (Debian, Ubuntu)'

export async function startJitServer(
  major: PostgresMajor,
  settings: LocalServerOptions['settings'] = {},
): Promise<LocalServer> {
  const { postgres } = await findLocalBinaries(major, await unprivilegedOwner())
  const to = join(dirname(dirname(postgres)), 'lib/postgresql')
  for (const name of ['llvmjit.so', 'llvmjit_types.bc']) {
    if (!existsSync(join(to, name))) cpSync(join(installed(major), name), join(to, name))
  }
  return startTestServer(major, settings)
}
