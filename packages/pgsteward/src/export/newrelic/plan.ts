// What has to be done so that what is wanted stands: pure, from what is wanted and what was read.

import { type Difference, differencesOf } from './compare.ts'
import { KINDS, type Kind, refOf, type WantedObject } from './wanted.ts'

/** An object as New Relic has it. */
export interface StandingObject {
  readonly kind: Kind
  readonly id: string
  readonly name: string
  /** Of the mark in its name; null: others made it, and nothing here touches it. */
  readonly key: string | null
  /** In the shape of the inputs. */
  // biome-ignore lint/suspicious/noExplicitAny: has the shape of the document that asked
  readonly fields: any
}

export interface Step {
  readonly action: 'create' | 'change' | 'leave'
  readonly object: WantedObject
  /** Null: to be made. */
  readonly standing: StandingObject | null
  readonly differences: readonly Difference[]
}

export interface Plan {
  readonly steps: readonly Step[]
  /** Marked, but no longer wanted, or there twice. They are named and left: deleting is for people. */
  readonly leftOver: readonly StandingObject[]
  readonly foreign: readonly StandingObject[]
}

export function planOf(wanted: readonly WantedObject[], standing: readonly StandingObject[]): Plan {
  const byRef = new Map<string, StandingObject>()
  for (const object of oldestFirst(standing)) {
    if (object.key === null) continue
    const ref = refOf(object.kind, object.key)
    if (!byRef.has(ref)) byRef.set(ref, object)
  }
  const idOf = (ref: string): string => byRef.get(ref)?.id ?? `(id of the new ${ref})`
  const steps = wanted.map((object): Step => {
    const found = byRef.get(refOf(object.kind, object.key)) ?? null
    if (found === null) return { action: 'create', object, standing: null, differences: [] }
    const differences = differencesOf(object.input(idOf), found.fields)
    return { action: differences.length === 0 ? 'leave' : 'change', object, standing: found, differences }
  })
  const used = new Set(steps.map((step) => step.standing))
  return {
    steps,
    leftOver: standing.filter((object) => object.key !== null && !used.has(object)),
    foreign: standing.filter(({ key }) => key === null),
  }
}

/** By kind; of two with the same mark the one made first counts. */
function oldestFirst(standing: readonly StandingObject[]): readonly StandingObject[] {
  return [...standing].sort(
    (a, b) =>
      KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.id.localeCompare(b.id, 'en', { numeric: true }),
  )
}
