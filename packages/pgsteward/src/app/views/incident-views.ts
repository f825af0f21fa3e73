// Answers about incidents, and what people add to them.

import type { z } from 'zod'
import type {
  IncidentEntryRequest,
  IncidentHeadWire,
  IncidentWire,
  openIncidentWire,
} from '../../model/incident-wire.ts'
import type { Steward } from '../steward.ts'
import { watcherOf } from './watcher-of.ts'

export class IncidentViews {
  readonly #steward: Steward

  constructor(steward: Steward) {
    this.#steward = steward
  }

  async all(targetId: string | undefined): Promise<{ readonly incidents: IncidentHeadWire[] }> {
    if (targetId !== undefined) watcherOf(this.#steward, targetId)
    return { incidents: (await this.#steward.incidents.all(targetId)).map(headOf) }
  }

  one(name: string): Promise<IncidentWire> {
    return this.#steward.incidents.one(name)
  }

  open({ target, ...given }: z.output<typeof openIncidentWire>): Promise<IncidentWire> {
    watcherOf(this.#steward, target)
    return this.#steward.incidents.open(target, given)
  }

  add(name: string, entry: IncidentEntryRequest): Promise<IncidentWire> {
    return this.#steward.incidents.add(name, entry)
  }
}

function headOf({ origin, roles, status, cause, timeline, review, ...head }: IncidentWire): IncidentHeadWire {
  return head
}
