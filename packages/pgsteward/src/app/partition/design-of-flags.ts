// A design as flags of the command line say it.

import { StewardError } from '../../model/error.ts'
import type { RelationRef } from '../../model/maintenance.ts'
import { nearestName } from '../../model/nearest-name.ts'
import { type PartitionDesign, type PartitionStep, TIME_STEPS, type TimeStep } from '../../model/partition.ts'

export interface DesignFlags {
  readonly key?: string | undefined
  readonly every?: string | undefined
  readonly size?: string | undefined
}

/** `SCHEMA.TABLE`, each as it was created; a part with a dot in it stands in double quotes. */
export function tableOf(text: string | undefined): RelationRef {
  const parts = text?.match(/^(?:"((?:[^"]|"")+)"|([^".]+))\.(?:"((?:[^"]|"")+)"|([^".]+))$/)
  if (parts == null)
    throw new StewardError('usage', text === undefined ? 'which table?' : `"${text}" names no table`, {
      hint: 'Write it as SCHEMA.TABLE: public.audit_log.',
    })
  const [schema, name] = [parts[1] ?? parts[2], parts[3] ?? parts[4]].map((part) =>
    part!.replaceAll('""', '"'),
  )
  return { schema: schema!, name: name! }
}

export function designOf(table: RelationRef, { key, every, size }: DesignFlags): PartitionDesign {
  if (key === undefined)
    throw new StewardError('usage', 'divided by which column?', {
      hint: '--key created_at --every month, or --key id --size 10000000',
    })
  return { table, key: { column: key, type: '' }, step: stepOf({ every, size }), keepMonths: null }
}

export function stepOf({ every, size }: Omit<DesignFlags, 'key'>): PartitionStep {
  if (every !== undefined && size === undefined) return { by: 'time', every: timeStep(every) }
  if (every === undefined && size !== undefined) return { by: 'number', size: wholeNumber(size, '--size') }
  throw new StewardError('usage', 'in which steps?', {
    detail: 'A time is divided by --every, a number by --size.',
    hint: `--every ${TIME_STEPS.join('|')}, or --size 10000000`,
  })
}

export function wholeNumber(text: string, option: string): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number > 0) return number
  throw new StewardError('usage', `${option} ${text} is not a whole number above 0`)
}

function timeStep(text: string): TimeStep {
  const step = TIME_STEPS.find((each) => each === text)
  if (step !== undefined) return step
  const nearest = nearestName(text, TIME_STEPS)
  throw new StewardError('usage', `--every ${text} is not known`, {
    detail: `known: ${TIME_STEPS.join(', ')}`,
    ...(nearest === null ? {} : { hint: `Did you mean --every ${nearest}?` }),
  })
}
