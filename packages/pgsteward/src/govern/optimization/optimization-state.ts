// What an optimization record is now, from its entries; and which entry it takes next.

import type { z } from 'zod'
import { StewardError } from '../../model/error.ts'
import { type GovernanceRecord, type RecordEntry, recordName } from '../../model/governance.ts'
import { OPTIMIZATION_STEPS, type OptimizationWire } from '../../model/optimization-wire.ts'
import {
  OPTIMIZATION_ENTRIES,
  type OptimizationAction,
  type OptimizationBody,
  STEP_OF,
} from './optimization-entries.ts'

type Entry = Pick<RecordEntry, 'at' | 'actor' | 'action' | 'body'>

/** Rejects with 'record-changed' where an entry is not allowed by those before it. */
export function optimizationOf(record: GovernanceRecord): OptimizationWire {
  const [opening, ...later] = record.entries
  const identify = bodyOf(opening!, 'identified')
  const start: OptimizationWire = {
    name: recordName(record),
    number: record.number,
    targetId: record.targetId,
    origin: record.origin,
    state: 'under-way',
    title: identify.title,
    findingKey: identify.findingKey,
    openedAt: opening!.at.toISOString(),
    updatedAt: opening!.at.toISOString(),
    steps: OPTIMIZATION_STEPS.map((step) => ({ step, at: null, actor: null })),
    verdict: null,
    value: null,
    identify,
    analyse: null,
    rootCause: null,
    implement: null,
    deploy: null,
    measure: null,
    document: '',
    amendments: [],
    endedBecause: null,
    entries: record.entries.map(({ seq, at, actor, action }) => ({
      seq,
      at: at.toISOString(),
      actor,
      action,
    })),
  }
  return later.reduce(withEntry, marked(start, opening!))
}

/** Throws 'record-changed', with what to do, where the record as it is does not take the entry. */
export function withEntry(now: OptimizationWire, entry: Entry): OptimizationWire {
  const action = entry.action as OptimizationAction
  const refusal = refusalOf(now, action)
  if (refusal !== null)
    throw new StewardError('record-changed', `${now.name} does not take "${entry.action}"`, refusal)
  return marked(changed(now, action, entry), entry)
}

function refusalOf(
  { state, deploy, measure }: OptimizationWire,
  action: OptimizationAction,
): { detail: string; hint: string } | null {
  if (!(action in OPTIMIZATION_ENTRIES) || action === 'identified')
    return {
      detail: 'It is no entry of an open optimization record.',
      hint: 'docs/guides/optimization-records.md lists them.',
    }
  // what was learnt can be added for ever
  if (action === 'amended' || action === 'cause-found') return null
  if (state === 'abandoned' || state === 'taken-back')
    return { detail: `It is ${state}.`, hint: 'Amend it, or open another by approving a remedy.' }
  if (action === 'taken-back' && deploy === null)
    return { detail: 'Nothing was deployed.', hint: 'Reject the job instead: the record is then abandoned.' }
  if (action === 'abandoned' && deploy !== null)
    return { detail: 'It is deployed.', hint: 'Take it back with `pgsteward maintain undo JOB`.' }
  if (action === 'measured' && deploy === null)
    return { detail: 'Nothing is deployed yet.', hint: 'It is measured once the change is there.' }
  if (action === 'documented' && measure === null)
    return { detail: 'Nothing is measured yet.', hint: 'Amend it with what you know so far.' }
  if (state === 'completed' && action !== 'taken-back')
    return { detail: 'It is completed.', hint: 'Amend it: amendments stand beside what was measured.' }
  return null
}

function changed(now: OptimizationWire, action: OptimizationAction, entry: Entry): OptimizationWire {
  switch (action) {
    case 'analysed':
      return { ...now, analyse: bodyOf(entry, action) }
    case 'cause-found':
      return { ...now, rootCause: bodyOf(entry, action) }
    case 'implemented':
      return { ...now, implement: bodyOf(entry, action) }
    case 'deployed':
      return { ...now, deploy: bodyOf(entry, action), state: 'measuring' }
    case 'measured': {
      const measure = bodyOf(entry, action)
      return { ...now, measure, verdict: measure.verdict, value: measure.value }
    }
    case 'documented':
      return { ...now, document: bodyOf(entry, action).text, state: 'completed' }
    case 'amended': {
      const { text } = bodyOf(entry, action)
      return {
        ...now,
        amendments: [...now.amendments, { at: entry.at.toISOString(), actor: entry.actor, text }],
      }
    }
    case 'abandoned':
      return { ...now, state: 'abandoned', endedBecause: bodyOf(entry, action).because }
    case 'taken-back':
      return { ...now, state: 'taken-back', endedBecause: bodyOf(entry, action).because }
    default:
      return now
  }
}

function marked(now: OptimizationWire, { action, at, actor }: Entry): OptimizationWire {
  const done = (STEP_OF as Readonly<Record<string, string>>)[action]
  return {
    ...now,
    updatedAt: at.toISOString(),
    steps: now.steps.map((each) =>
      each.step === done ? { step: each.step, at: at.toISOString(), actor } : each,
    ),
  }
}

function bodyOf<A extends OptimizationAction>({ body }: Entry, action: A): OptimizationBody<A> {
  const parsed = (OPTIMIZATION_ENTRIES[action] as z.ZodType).safeParse(body)
  if (parsed.success) return parsed.data as OptimizationBody<A>
  throw new StewardError('record-changed', `an entry "${action}" cannot be read`, {
    detail: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
    hint: 'It may have been imported from a newer pgsteward.',
  })
}
