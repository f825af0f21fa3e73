// Sentences that the text and the Markdown form of verify share.

import { GATE_STATUSES, type VerifiedIndex, type VerifiedQuery, type VerifyReport } from '../model/verify.ts'
import { formatDuration } from '../report/format.ts'

export function indexCounts(report: Pick<VerifyReport, 'indexes' | 'server' | 'verifiedAt'>): string {
  const { indexes } = report
  const count = (status: VerifiedIndex['status']) => indexes.filter((index) => index.status === status).length
  const gate = indexes.filter(({ status }) => GATE_STATUSES.has(status)).length
  const noun = indexes.some(({ declaredIn }) => declaredIn.length > 0) ? 'declared ' : ''
  const declared = indexes.length === 1 ? `1 ${noun}index` : `${indexes.length} ${noun}indexes`
  const words = (['missing', 'invalid', 'different'] as const)
    .filter((status) => count(status) > 0)
    .map((status) => `${count(status)} ${status}`)
  const unused =
    count('unused') === 0
      ? ''
      : `${count('unused')} not scanned in the ${coveredWords(report)} that statistics cover`
  if (gate > 0) return `${declared}: ${[...words, ...(unused === '' ? [] : [unused])].join(', ')}.`
  if (unused === '') return `${declared}: all are there, valid and in use.`
  return `${declared}: all are there and valid; ${unused}.`
}

/** Unused says little in an hour, and much in a month. */
function coveredWords({ server, verifiedAt }: Pick<VerifyReport, 'server' | 'verifiedAt'>): string {
  const coveredMs = Math.max(0, new Date(verifiedAt).getTime() - new Date(server.statisticsSince).getTime())
  return formatDuration(coveredMs)
}

export function usageWords({ found, usedBy, status }: VerifiedIndex): string {
  if (found === null) return ''
  const scans = `${found.scans.toLocaleString('en-US')} ${found.scans === 1 ? 'scan' : 'scans'}`
  const last = found.lastScanAt === null ? '' : `, last ${found.lastScanAt.slice(0, 16).replace('T', ' ')}`
  const parts = found.partitions === null ? '' : `, ${found.partitions} partitions`
  const bloat =
    found.bloatRatio === null || found.bloatRatio < SPOKEN_BLOAT
      ? ''
      : `, bloat about ${Math.round(found.bloatRatio * 100)} %`
  const queries =
    usedBy.length === 0
      ? ''
      : `, key queries: ${usedBy.slice(0, 3).join(', ')}${usedBy.length > 3 ? ' ...' : ''}`
  return status === 'missing' ? '' : `${scans}${last}${parts}${bloat}${queries}`
}

/** A3 warns from here. */
const SPOKEN_BLOAT = 0.15

export function queryWords({ plan, error, uses, without }: VerifiedQuery): string {
  if (plan === null) return `cannot be planned: ${error}`
  const used =
    uses.length === 0
      ? 'uses no declared index'
      : `uses ${uses.map((name) => name.split('.').slice(1).join('.')).join(', ')}`
  const rest =
    without === null
      ? ''
      : `, without ${figure(without.cost)}${plan.cost === 0 ? '' : ` (${(without.cost / plan.cost).toFixed(1)} times)`}`
  return `${used}: cost ${figure(plan.cost)}${rest}`
}

function figure(value: number): string {
  return Number(value.toFixed(value < 100 ? 2 : 0)).toLocaleString('en-US')
}
