// Sentences that the text and the Markdown form of verify share.

import { GATE_STATUSES, type VerifiedIndex, type VerifiedQuery, type VerifyReport } from '../model/verify.ts'

export function indexCounts({ indexes }: Pick<VerifyReport, 'indexes'>): string {
  const count = (status: VerifiedIndex['status']) => indexes.filter((index) => index.status === status).length
  const gate = indexes.filter(({ status }) => GATE_STATUSES.has(status)).length
  const declared = indexes.length === 1 ? '1 declared index' : `${indexes.length} declared indexes`
  const words = (['missing', 'invalid', 'different', 'unused'] as const)
    .filter((status) => count(status) > 0)
    .map((status) => `${count(status)} ${status}`)
  if (gate === 0 && words.length === 0) return `${declared}: all are there, valid and in use.`
  if (gate === 0) return `${declared}: all are there and valid; ${words.join(', ')}.`
  return `${declared}: ${words.join(', ')}.`
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
  const times =
    without === null || plan.cost === 0
      ? ''
      : `, ${(without.cost / plan.cost).toFixed(1)} times the cost without`
  return `${used}: cost ${plan.cost.toLocaleString('en-US')}${times}`
}
