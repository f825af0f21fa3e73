// The findings on indexes as they were at the end of a period, by fault.

import type { Evidence } from '../../model/finding.ts'
import {
  INDEX_FAULTS,
  type IndexFault,
  type IndexFaultFinding,
  type IndexFaultGroup,
} from '../../model/index-health.ts'
import type { Bytes, Window } from '../../model/units.ts'
import type { IndexNow } from '../../store/advice/index-history.ts'
import type { Store } from '../../store/store.ts'
import { type FindingLife, findingLives } from '../reports/finding-lives.ts'

interface CheckOfFault {
  readonly fault: IndexFault
  /** What would be freed comes from the catalogs. */
  readonly isEstimate?: true
  /** Its subject is an index that is to be, named by its table and definition. */
  readonly isAdvice?: true
}

/** Which checks tell of a fault. */
const CHECKS: Readonly<Record<string, CheckOfFault>> = {
  'unused-index': { fault: 'unused' },
  'duplicate-index': { fault: 'duplicate' },
  'redundant-index': { fault: 'redundant' },
  'invalid-index': { fault: 'invalid' },
  'bloated-index': { fault: 'bloated' },
  'bloated-index-suspected': { fault: 'bloated', isEstimate: true },
  'unindexed-foreign-key': { fault: 'missing-on-foreign-key' },
  'unused-composite-column': { fault: 'unused-columns', isEstimate: true },
  'missing-index': { fault: 'missing', isAdvice: true },
  'partial-index': { fault: 'missing', isAdvice: true },
  'sequential-scans': { fault: 'missing' },
  'missing-primary-key': { fault: 'missing' },
}

/** `known`: indexes at the end of the period. Outcomes are those of the last round: older ones are not kept. */
export async function indexFaults(
  store: Store,
  targetId: string,
  period: Window,
  known: readonly Pick<IndexNow, 'schema' | 'name' | 'table'>[],
): Promise<readonly IndexFaultGroup[]> {
  const [lives, outcomes] = await Promise.all([
    findingLives(store, targetId, period),
    store.latestOutcomes(targetId),
  ])
  return INDEX_FAULTS.map((fault) => {
    const isOfFault = ({ checkId }: { readonly checkId: string }) => CHECKS[checkId]?.fault === fault
    const own = lives.filter(({ finding }) => isOfFault(finding))
    const results = outcomes.filter(isOfFault)
    const findings = own
      .filter(({ standing }) => standing !== 'no')
      .flatMap((life) => viewOf(life, known))
      .sort((a, b) => (b.freedBytes ?? 0) - (a.freedBytes ?? 0) || a.key.localeCompare(b.key))
    return {
      fault,
      findings,
      count: findings.length,
      freedBytes: findings.reduce((sum, { freedBytes }) => sum + (freedBytes ?? 0), 0),
      resolved: own
        .filter(({ standing, resolvedAt }) => standing === 'no' && resolvedAt.length > 0)
        .map(({ finding: { key } }) => key)
        .sort(),
      isJudged: findings.length > 0 || results.some(({ status }) => status === 'quiet' || status === 'found'),
      notJudged: results
        .filter(({ status }) => status === 'skipped' || status === 'failed')
        .map(({ checkId, because }) => ({ checkId, because: because ?? 'it failed' })),
    }
  })
}

/** Each index once, with the finding that frees most of it. */
export function freedOf(groups: readonly Pick<IndexFaultGroup, 'findings'>[]): {
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

export function isWithin(at: Date | null, { from, to }: Window): boolean {
  return at !== null && at > from && at <= to
}

function viewOf(
  { finding, severity, standing, since, openedAt }: FindingLife,
  known: readonly Pick<IndexNow, 'schema' | 'name' | 'table'>[],
): readonly IndexFaultFinding[] {
  const { subject, key, checkId, summary, evidence, remedy } = finding
  if (subject.kind !== 'index' && subject.kind !== 'table') return []
  const { isAdvice, isEstimate } = CHECKS[checkId]!
  const index = subject.kind === 'index' && isAdvice === undefined ? subject.name : null
  const row = known.find((each) => each.schema === subject.schema && each.name === index)
  return [
    {
      key,
      checkId,
      severity,
      schema: subject.schema,
      table: index !== null ? (row?.table ?? null) : isAdvice ? tableOfAdvice(subject.name) : subject.name,
      index,
      summary,
      remedy: [...(remedy?.sql ?? [])],
      sizeBytes: index === null ? null : numberOf(evidence, 'size'),
      freedBytes: index === null ? null : freedBytes(checkId, evidence),
      isEstimate: isEstimate === true,
      isMuted: standing === 'muted',
      openedAt: since.toISOString(),
      isNew: openedAt.length > 0,
    },
  ]
}

/** `orders (customer_id)`, `orders using gin (tags)`. */
function tableOfAdvice(name: string): string {
  return name.split(/ (?=\(|using )/i)[0]!
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
