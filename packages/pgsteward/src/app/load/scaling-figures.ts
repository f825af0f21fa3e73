// What the scaling playbook says beside the figures: whose it is, when, and on which machine.

import { availableParallelism, cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Sweep } from '../../model/sweep.ts'
import { formatBytes } from '../../report/format.ts'
import type { PlaybookFigures } from '../../report/scaling-playbook.ts'
import { assetFolders } from '../asset-folders.ts'
import { applicationOf } from './application-of.ts'

export function playbookTemplate(): string {
  return join(assetFolders().docs, 'guides/scaling-playbook.md')
}

export async function playbookFigures(sweeps: readonly Sweep[], cwd: string): Promise<PlaybookFigures> {
  const application = await applicationOf(cwd)
  return {
    application: application === null ? 'the application' : application.name,
    date: new Date().toISOString().slice(0, 10),
    machine: `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${formatBytes(totalmem())}, Node ${process.versions.node}`,
    sweeps,
  }
}
