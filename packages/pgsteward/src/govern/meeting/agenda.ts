// What a change board has to talk about: the riskiest first, then what is wished soonest.

import { type AgendaItemWire, type ChangeWire, RISKS } from '../../model/change-wire.ts'

/** `since`: when the board met last; what was decided without it after that comes up. ISO 8601. */
export function agendaOf(changes: readonly ChangeWire[], since: string | null): AgendaItemWire[] {
  return changes
    .flatMap((change) => {
      const because = becauseOf(change, since)
      const { name, title, risk, wished } = change
      return because === null ? [] : [{ change: name, title, risk, because, wished }]
    })
    .sort(
      (one, other) =>
        RISKS.indexOf(other.risk) - RISKS.indexOf(one.risk) ||
        wishedAt(one) - wishedAt(other) ||
        numberOf(one) - numberOf(other),
    )
}

function becauseOf(
  { state, decision, applied }: ChangeWire,
  since: string | null,
): AgendaItemWire['because'] | null {
  if (state === 'open') return 'to decide'
  if (state === 'deferred') return 'was deferred'
  if (state === 'rolled-back' || (state === 'approved' && applied.at(-1)?.outcome === 'failed'))
    return 'failed or rolled back'
  const isNews = since === null || (decision !== null && Date.parse(decision.at) > Date.parse(since))
  return decision?.isEmergency === true && isNews ? 'an emergency, to look back on' : null
}

function wishedAt({ wished }: AgendaItemWire): number {
  return wished === null ? Number.MAX_SAFE_INTEGER : Date.parse(wished.from)
}

function numberOf({ change }: AgendaItemWire): number {
  return Number(change.split('-')[1])
}
