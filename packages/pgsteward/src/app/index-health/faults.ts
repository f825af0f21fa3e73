// The findings on indexes as they were at the end of a period, by fault.

import { type IndexRow, indexes } from '../../facts/indexes.ts'
import type { Evidence } from '../../model/finding.ts'
import type { IndexFault, IndexFaultFinding, IndexFaultGroup } from '../../model/index-health.ts'
import { INDEX_FAULTS } from '../../model/index-health.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import type { Bytes, Window } from '../../model/units.ts'
import type { Store } from '../../store/store.ts'

/** Which checks tell of a fault, and by which evidence they say what a remedy would free. */
const CHECKS: Readonly<Record<string, { readonly fault: IndexFault; readonly isEstimate?: true }>> = {
  'unused-index': { fault: 'unused' },
  'duplicate-index': { fault: 'duplicate' },
  'redundant-index': { fault: 'redundant' },
  'invalid-index': { fault: 'invalid' },
  'bloated-index': { fault: 'bloated' },
  'bloated-index-suspected': { fault: 'bloated', isEstimate: true },
  'unindexed-foreign-key': { fault: 'missing-on-foreign-key' },
  'unused-composite-column': { fault: 'unused-columns', isEstimate: true },
}

export async function indexFaults(
  store: Store,
  targetId: string,
  period: Window,
): Promise<readonly IndexFaultGroup[]> {
  const [all, outcomes, document] = await Promise.all([
    store.findings({ targetId }),
    store.latestOutcomes(targetId),
    store.document(targetId, indexes.id),
  ])
  const known = (document?.rows ?? []) as readonly IndexRow[]
  return INDEX_FAULTS.map((fault) => {
    const isOfFault = (checkId: string) => CHECKS[checkId]?.fault === fault
    const own = all.filter(({ checkId }) => isOfFault(checkId))
    const findings = own
      .filter((finding) => stoodAt(finding, period.to))
      .flatMap((finding) => viewOf(finding, known, period))
      .sort((a, b) => (b.freedBytes ?? 0) - (a.freedBytes ?? 0) || a.key.localeCompare(b.key))
    return {
      fault,
      findings,
      count: findings.length,
      freedBytes: findings.reduce((sum, { freedBytes }) => sum + (freedBytes ?? 0), 0),
      resolved: own
        .filter(({ resolvedAt, openedAt }) => openedAt !== null && isWithin(resolvedAt, period))
        .map(({ key }) => key)
        .sort(),
      notJudged: outcomes
        .filter(({ checkId, status }) => isOfFault(checkId) && (status === 'skipped' || status === 'failed'))
        .map(({ checkId, because }) => ({ checkId, because: because ?? 'it failed' })),
    }
  })
}

/** Each index once, with the finding that frees most of it. */
export function freedOf(groups: readonly IndexFaultGroup[]): {
  readonly bytes: Bytes
  readonly keys: readonly string[]
} {
  const most = new Map<string, IndexFaultFinding>()
  for (const finding of groups.flatMap(({ findings }) => findings)) {
    const name = `${finding.schema}.${finding.index}`
    const { freedBytes } = finding
    if (freedBytes !== null && freedBytes > (most.get(name)?.freedBytes ?? 0)) most.set(name, finding)
  }
  const chosen = [...most.values()]
  return {
    bytes: chosen.reduce((sum, { freedBytes }) => sum + (freedBytes ?? 0), 0),
    keys: chosen.map(({ key }) => key),
  }
}

function stoodAt({ state, openedAt, resolvedAt }: OpenFinding, at: Date): boolean {
  if (openedAt === null || openedAt > at || state === 'pending') return false
  return resolvedAt === null || resolvedAt > at
}

export function isWithin(at: Date | null, { from, to }: Window): boolean {
  return at !== null && at > from && at <= to
}

function viewOf(
  finding: OpenFinding,
  known: readonly IndexRow[],
  period: Window,
): readonly IndexFaultFinding[] {
  const { subject, key, checkId, severity, summary, state, openedAt, evidence } = finding
  if (subject.kind !== 'index' && subject.kind !== 'table') return []
  const index = subject.kind === 'index' ? subject.name : null
  const row = known.find((each) => each.schema === subject.schema && each.name === index)
  return [
    {
      key,
      checkId,
      severity,
      schema: subject.schema,
      table: index === null ? subject.name : (row?.table ?? null),
      index,
      summary,
      sizeBytes: index === null ? null : numberOf(evidence, 'size'),
      freedBytes: index === null ? null : freedBytes(checkId, evidence),
      isEstimate: CHECKS[checkId]?.isEstimate === true,
      isMuted: state === 'muted',
      openedAt: openedAt!.toISOString(),
      isNew: isWithin(openedAt, period),
    },
  ]
}

function freedBytes(checkId: string, evidence: readonly Evidence[]): Bytes | null {
  const size = numberOf(evidence, 'size')
  if (checkId === 'unused-composite-column') return numberOf(evidence, 'a narrower one saves, estimated')
  if (CHECKS[checkId]?.fault !== 'bloated') return size
  const rebuilt = numberOf(evidence, 'size when rebuilt') ?? numberOf(evidence, 'estimated size when rebuilt')
  return size === null || rebuilt === null ? null : Math.max(0, size - rebuilt)
}

function numberOf(evidence: readonly Evidence[], label: string): number | null {
  const found = evidence.find((each) => each.label === label)?.value
  return typeof found === 'number' ? found : null
}
