// What a project's folder says about how it is installed, built, started and migrated: so that a workflow needs as few changes as can be.

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StewardError } from '../../model/error.ts'

export const PACKAGE_MANAGERS = ['npm', 'pnpm', 'yarn'] as const
export type PackageManager = (typeof PACKAGE_MANAGERS)[number]

export interface DetectedProject {
  readonly packageManager: PackageManager
  readonly hasBuild: boolean
  readonly hasStart: boolean
  readonly hasSeed: boolean
  readonly hasPgsteward: boolean
  /** Folder of Prisma's migrations, below the project. */
  readonly prismaMigrations: string | null
  readonly nodeVersionFile: string | null
}

const LOCK_FILES: readonly (readonly [string, PackageManager])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['package-lock.json', 'npm'],
]

/** Throws 'usage' where there is no package.json. */
export async function detectProject(dir: string): Promise<DetectedProject> {
  const manifest = await readManifest(join(dir, 'package.json'))
  const scripts = recordOf(manifest.scripts)
  const has = (name: string) => existsSync(join(dir, name))
  return {
    packageManager: LOCK_FILES.find(([name]) => has(name))?.[1] ?? 'npm',
    hasBuild: 'build' in scripts,
    hasStart: 'start' in scripts,
    hasSeed: 'seed' in scripts || 'db:seed' in scripts,
    hasPgsteward:
      manifest.name === 'pgsteward' ||
      'pgsteward' in recordOf(manifest.devDependencies) ||
      'pgsteward' in recordOf(manifest.dependencies),
    prismaMigrations: has('prisma/migrations') ? 'prisma/migrations' : null,
    nodeVersionFile: ['.nvmrc', '.node-version'].find(has) ?? null,
  }
}

async function readManifest(path: string): Promise<Record<string, unknown>> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw new StewardError('usage', `there is no ${path}`, {
      detail: 'The workflow installs and starts a Node.js project.',
      hint: 'Run it in the project’s folder, or name it: pgsteward init ci --dir FOLDER',
      cause,
    })
  }
  try {
    return recordOf(JSON.parse(text))
  } catch (cause) {
    throw new StewardError('usage', `${path} is not JSON`, { detail: (cause as Error).message, cause })
  }
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
