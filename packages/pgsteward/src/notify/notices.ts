// Which changes are worth a word: what opened, grew worse, or is over. Muted findings are silent.

import type { Change, Notice } from '../model/open-finding.ts'

export function noticesOf(changes: readonly Change[]): readonly Notice[] {
  return changes.flatMap(({ transition, finding }) => {
    if (finding.state === 'muted') return []
    if (transition === 'opened' || transition === 'worsened' || transition === 'resolved')
      return [{ transition, finding }]
    return transition === 'unmuted' ? [{ transition: 'opened', finding }] : []
  })
}
