// Release rehearsals: started from a template, each step begun and ended, finished with a verdict.

import type { z } from 'zod'
import { toldEntries } from '../../govern/record-words.ts'
import type { RehearsalAction } from '../../govern/rehearsal/rehearsal-entries.ts'
import { refuseRehearsal, rehearsalOf } from '../../govern/rehearsal/rehearsal-state.ts'
import { DEFAULT_TEMPLATE, readTemplate } from '../../govern/rehearsal/rehearsal-template.ts'
import type { GovernanceRecord } from '../../model/governance.ts'
import type {
  REHEARSAL_REQUESTS,
  RehearsalDetailWire,
  RehearsalRequest,
  RehearsalWire,
  startRehearsalWire,
} from '../../model/rehearsal-wire.ts'
import type { RecordBook } from './record-book.ts'

const ACTIONS = {
  begin: 'step-begun',
  done: 'step-done',
  fail: 'step-failed',
  skip: 'step-skipped',
  'roll-back': 'rollback-begun',
  finish: 'finished',
} as const satisfies Record<RehearsalRequest, RehearsalAction>

export class RehearsalDesk {
  readonly #book: RecordBook
  readonly #hasTarget: (id: string) => void

  constructor(book: RecordBook, hasTarget: (id: string) => void) {
    this.#book = book
    this.#hasTarget = hasTarget
  }

  async list(): Promise<RehearsalWire[]> {
    return (await this.#book.all('rehearsal')).map(rehearsalOf)
  }

  async one(name: string): Promise<RehearsalDetailWire> {
    return told(await this.#book.get('rehearsal', name))
  }

  /** Rejects with 'usage' where the template is none. */
  async start(request: z.output<typeof startRehearsalWire>): Promise<RehearsalDetailWire> {
    const { target, actor, release } = request
    if (target !== null) this.#hasTarget(target)
    const { title, steps } = readTemplate(request.template ?? DEFAULT_TEMPLATE)
    const body = { title: request.title ?? title, release, steps }
    return told(await this.#book.open({ kind: 'rehearsal', targetId: target }, { actor, body }))
  }

  async add<R extends RehearsalRequest>(
    name: string,
    request: R,
    { actor, ...body }: z.output<(typeof REHEARSAL_REQUESTS)[R]> & { readonly actor: string },
  ): Promise<RehearsalDetailWire> {
    const record = await this.#book.get('rehearsal', name)
    const action = ACTIONS[request]
    refuseRehearsal(rehearsalOf(record), action, 'step' in body ? Number(body.step) : null)
    return told(await this.#book.add(record, { actor, action, body }))
  }
}

function told(record: GovernanceRecord): RehearsalDetailWire {
  return { ...rehearsalOf(record), entries: toldEntries(record) }
}
