// Which job builds an index, whatever became of the job so far.

import type { IndexEffect } from '../../model/index-effect.ts'
import type { MaintenanceJob } from '../../model/maintenance.ts'

export function jobNamed({ steps }: Pick<MaintenanceJob, 'steps'>, schema: string, name: string): boolean {
  return steps.some(
    ({ kind, relation }) => kind === 'create-index' && relation.schema === schema && relation.name === name,
  )
}

/** A reading may see the index before its job is settled. */
export function isBuiltBy(
  job: Pick<MaintenanceJob, 'steps' | 'createdAt' | 'state'>,
  { schema, index, appearedAt }: Pick<IndexEffect, 'schema' | 'index' | 'appearedAt'>,
): boolean {
  return (
    job.state !== 'rejected' &&
    job.state !== 'proposed' &&
    job.createdAt <= appearedAt &&
    jobNamed(job, schema, index)
  )
}
