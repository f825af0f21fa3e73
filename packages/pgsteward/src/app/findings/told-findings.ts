// Findings as one tells them to somebody who was just woken: each with what happened around its begin, and with what to do.

import { readFile } from 'node:fs/promises'
import { byUrgency } from '../../evaluate/track.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import type { ToldFindingWire } from '../../model/wire.ts'
import type { Store } from '../../store/store.ts'
import { findingView } from '../views/finding-view.ts'
import { aroundFindings } from './around-finding.ts'

/** Of the urgent ones; who reads on has the dashboard. */
const MOST_WITH_EVENTS = 200

/** The urgent first. `page`: of a check; empty: nothing is said of what to do. */
export async function toldFindings(
  store: Store,
  page: (checkId: string) => Promise<string>,
  found: readonly OpenFinding[],
): Promise<readonly ToldFindingWire[]> {
  const sorted = [...found].sort(byUrgency)
  const fixes = new Map<string, string | null>()
  for (const { checkId } of sorted) if (!fixes.has(checkId)) fixes.set(checkId, fixOf(await page(checkId)))
  const around = await aroundFindings(store, sorted.slice(0, MOST_WITH_EVENTS))
  return sorted.map((finding, index) => ({
    ...findingView(finding),
    events: (around[index] ?? []).map((event) => ({ ...event, at: event.at.toISOString() })),
    fix: fixes.get(finding.checkId) ?? null,
  }))
}

export async function pageOf(docsDir: string | null, checkId: string): Promise<string> {
  if (docsDir === null) return ''
  return readFile(`${docsDir}/checks/${checkId}.md`, 'utf8').catch(() => '')
}

/** The first paragraph of "How to fix it". */
export function fixOf(page: string): string | null {
  const [, section = ''] = page.split(/^## How to fix it$/m)
  const [paragraph] = section.trim().split(/\n\s*\n/)
  return paragraph === undefined || paragraph === '' || paragraph.startsWith('```')
    ? null
    : paragraph.replace(/\s+/g, ' ').trim()
}
