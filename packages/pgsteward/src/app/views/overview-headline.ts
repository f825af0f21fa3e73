// The sentence on top of the overview: is it all right?

import type { FindingWire, TargetWire } from '../../model/wire.ts'

export function overviewHeadline(
  target: Pick<TargetWire, 'status' | 'because'>,
  findings: readonly FindingWire[],
  now: Date,
): string {
  if (target.status === 'down') return `The database can't be read: ${target.because ?? 'unknown'}.`
  if (target.status === 'starting') return 'The first reading is under way.'
  const open = findings.filter((finding) => finding.state === 'open')
  const urgent = open.filter((finding) => finding.severity !== 'info')
  const dayAgo = now.getTime() - 86_400_000
  const fresh = urgent.filter(
    (finding) => new Date(finding.openedAt ?? finding.firstSeenAt).getTime() > dayAgo,
  )
  const rest = open.length - urgent.length
  const restClause = rest === 0 ? '' : ` ${rest} ${rest === 1 ? 'note' : 'notes'} to read when there is time.`
  if (urgent.length === 0) return `All is quiet.${restClause}`
  const verb = urgent.length === 1 ? 'thing needs' : 'things need'
  const news =
    fresh.length === 0
      ? ', none of them new since yesterday'
      : fresh.length === urgent.length
        ? ''
        : `, ${fresh.length} new since yesterday`
  return `${urgent.length} ${verb} you${news}.${restClause}`
}
