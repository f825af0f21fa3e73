// Whether a step did what it is for: by what is there, not by what the server said. A skipped ANALYZE succeeds without a word of error.

import { type MaintenanceStep, type ObjectState, REWRITE_KINDS } from '../model/maintenance.ts'

export interface Effect {
  readonly isDone: boolean
  /** Words for either. */
  readonly because: string
}

/** `before`: as kept before the statement began. */
export function effectOf(step: MaintenanceStep, before: ObjectState, after: ObjectState): Effect {
  const { name } = step.relation
  switch (step.kind) {
    case 'create-index':
      if (after.oid === null) return { isDone: false, because: `Index ${name} is not there.` }
      return after.isValid === true
        ? { isDone: true, because: `Index ${name} is there and valid.` }
        : { isDone: false, because: `Index ${name} is not valid.` }
    case 'drop-index':
      return after.oid === null
        ? { isDone: true, because: `Index ${name} is gone.` }
        : { isDone: false, because: `Index ${name} is still there.` }
    case 'reindex':
      // REINDEX CONCURRENTLY builds another relation and gives it the name
      if (after.oid === null) return { isDone: false, because: `Index ${name} is not there.` }
      return after.oid !== before.oid && after.isValid === true
        ? { isDone: true, because: `Index ${name} was built anew.` }
        : { isDone: false, because: `Index ${name} is still the old one.` }
    case 'vacuum':
      return after.vacuums > before.vacuums
        ? { isDone: true, because: `Table ${name} was vacuumed.` }
        : { isDone: false, because: `The server did not vacuum table ${name}.` }
    case 'analyze':
      return after.analyzes > before.analyzes
        ? { isDone: true, because: `Table ${name} was analyzed.` }
        : { isDone: false, because: `The server did not analyze table ${name}.` }
    case 'repack':
    case 'pg-repack':
    case 'vacuum-full':
      if (after.oid === null) return { isDone: false, because: `Table ${name} is not there.` }
      return after.fileNode !== before.fileNode
        ? { isDone: true, because: `Table ${name} was written anew.` }
        : { isDone: false, because: `Table ${name} is still in its old file.` }
    case 'create-partition':
    case 'attach-partition':
      return isPartOf(step, after) && after.partition?.isDetaching !== true
        ? { isDone: true, because: `${name} is a partition of ${step.table?.name}.` }
        : { isDone: false, because: `${name} is no partition of ${step.table?.name}.` }
    case 'detach-partition':
      if (!isPartOf(step, after))
        return { isDone: true, because: `${name} is no partition of ${step.table?.name} any more.` }
      return after.partition?.isDetaching === true
        ? { isDone: false, because: `The detaching of ${name} is begun and not finished.` }
        : { isDone: false, because: `${name} is still a partition of ${step.table?.name}.` }
    case 'table-settings':
      return {
        isDone: true,
        because: `Table ${name} has ${after.options.join(', ') || 'no settings of its own'}.`,
      }
  }
}

/** What needs no statement any more: somebody else did it, or it is done again after a restart. Null: it has to run. */
export function isDoneAlready(step: MaintenanceStep, now: ObjectState): string | null {
  if (step.kind === 'create-index' && now.isValid === true)
    return `Index ${step.relation.name} was there already.`
  if (step.kind === 'drop-index' && now.oid === null) return `Index ${step.relation.name} was gone already.`
  if ((step.kind === 'create-partition' || step.kind === 'attach-partition') && isPartOf(step, now))
    return now.partition?.isDetaching === true
      ? null
      : `${step.relation.name} was a partition of ${step.table?.name} already.`
  if (step.kind === 'detach-partition' && !isPartOf(step, now))
    return `${step.relation.name} was no partition of ${step.table?.name} any more.`
  return null
}

function isPartOf({ table }: MaintenanceStep, { partition }: ObjectState): boolean {
  return partition?.of.schema === table?.schema && partition?.of.name === table?.name && table !== null
}

/** Why it can't be begun, in words; null: it can. */
export function obstacle(step: MaintenanceStep, now: ObjectState): string | null {
  const { name } = step.relation
  if (step.kind === 'create-index')
    return now.oid !== null && now.isValid !== true
      ? `An invalid index ${name} is there that pgsteward did not leave: drop it first, or give it another name.`
      : null
  if (step.kind === 'create-partition' || step.kind === 'attach-partition')
    return partitionObstacle(step, now)
  if (now.oid === null && step.kind !== 'drop-index')
    return `${step.kind === 'reindex' ? 'Index' : 'Table'} ${name} does not exist.`
  if (now.isPartitioned && step.kind === 'reindex')
    return `Index ${name} is of a partitioned table: name the indexes of its partitions, one by one.`
  if (now.isPartitioned && REWRITE_KINDS.includes(step.kind))
    return `Table ${name} is partitioned: name its partitions, one by one.`
  if (REWRITE_KINDS.includes(step.kind) && (now.repackObjects ?? []).length > 0)
    return `pg_repack has ${now.repackObjects!.join(', ')} for table ${name}: another one is at work, or left them. Wait for it, or drop them.`
  return null
}

function partitionObstacle({ kind, relation: { name } }: MaintenanceStep, now: ObjectState): string | null {
  if (now.partition?.isDetaching === true)
    return `The detaching of ${name} was begun and has to be finished first (ALTER TABLE ... DETACH PARTITION ... FINALIZE).`
  if ((now.partition ?? null) !== null) return `${name} is a partition of ${now.partition!.of.name}.`
  if (kind === 'attach-partition') return now.oid === null ? `Table ${name} does not exist.` : null
  // one that was created and detached again has no rows that would come in unasked
  return now.oid === null || now.isUnwritten === true
    ? null
    : `There is a table ${name} already that is no partition: attach it, rename it, or drop it.`
}
