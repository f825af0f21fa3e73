// A release as a report: the figures before and after a deployment, and whether the hours after it differ from the same hours of the weeks
// before by more than those differ among each other.

import { StewardError } from '../../model/error.ts'
import type { TargetEvent } from '../../model/plan.ts'
import { formatDuration } from '../../report/format.ts'
import { figures, item, list, section, text } from './blocks.ts'
import type { Coverage } from './coverage.ts'
import type { ReportBody } from './daily-report.ts'
import { evidenceLinks } from './evidence-links.ts'
import { headlineFigures } from './figures-section.ts'
import { findingLives } from './finding-lives.ts'
import { eventItems, notableEvents } from './notable-events.ts'
import { type PeriodFigures, readCompared, readFigures } from './period-figures.ts'
import type { ReleaseWindows } from './release-windows.ts'
import { type Release, releaseOf } from './release-windows.ts'
import { keptWindow, type ReportFrame } from './report-frame.ts'
import { ruleFigure, ruleStatus } from './rules-section.ts'
import { statementShifts } from './statement-shifts.ts'
import { shiftTable } from './statement-tables.ts'
import { regressionRules } from './weekly-rules.ts'

const LOOKS_BACK_MS = 400 * 86_400_000
const MOST_STATEMENTS = 300
const MOST_STATEMENTS_BEFORE = 1_000
/** Days, or hours of a short time: what failures come in bursts within. */
const SPELLS = 7

/** Throws 'usage' where no deployment is known. */
export async function findRelease(
  { store, targetId, madeAt }: Pick<ReportFrame, 'store' | 'targetId' | 'madeAt'>,
  version: string | undefined,
): Promise<Release> {
  const events = await store.targetEvents(targetId, {
    from: new Date(madeAt.getTime() - LOOKS_BACK_MS),
    to: madeAt,
  })
  const release = releaseOf(events, version, madeAt)
  if (release !== null) return release
  const known = events.filter(({ kind }) => kind === 'deployment').slice(0, 3)
  throw new StewardError(
    'usage',
    version === undefined
      ? `no deployment of ${targetId} is known`
      : `no deployment of version ${version} of ${targetId} is known`,
    {
      detail: known.length === 0 ? 'Applications tell their version (service.version); none changed it.' : '',
      hint:
        known.length === 0
          ? 'Give the instrument a version.'
          : `The latest: ${known.map(({ detail }) => detail).join('; ')}.`,
    },
  )
}

export async function releaseReport(
  frame: ReportFrame,
  { event, windows }: Release,
  coverage: Coverage,
): Promise<ReportBody> {
  if (windows === null) return tooFresh(event)
  const { store, targetId, period } = frame
  const { before, after, weeksBefore, endedBy } = windows
  const links = evidenceLinks(targetId, after)
  const [ofBefore, ofAfter] = [await readCompared(frame, before), await readFigures(frame, after)]
  const spells: PeriodFigures[] = []
  for (const spell of spellsOf(after)) spells.push(await readFigures(frame, spell))
  const weeks: PeriodFigures[] = []
  for (const week of weeksBefore) weeks.push(await readCompared(frame, week))
  const rules = regressionRules({ week: ofAfter, days: spells, before: weeks })
  const top = (window: ReleaseWindows['after'], most: number) =>
    store.topStatements(targetId, keptWindow(frame, window), 'totalTime', most)
  const shifts = statementShifts(
    await top(after, MOST_STATEMENTS),
    await Promise.all(weeksBefore.map((week) => top(week, MOST_STATEMENTS_BEFORE))),
  )
  const [lives, events] = await Promise.all([
    findingLives(store, targetId, after),
    notableEvents(store, targetId, after, links),
  ])
  const opened = lives.filter(({ openedAt }) => openedAt.length > 0)
  return {
    status: ruleStatus(rules, coverage, links),
    sections: [
      section(
        'release',
        'The release',
        text(
          `${event.subject}: ${event.detail}. ${formatDuration(after.to.getTime() - after.from.getTime())} after it are compared with as ` +
            `much before it${endedBy === null ? '' : ` (ended by ${endedBy})`}; the hour of the deployment belongs to neither.`,
        ),
      ),
      section('figures', 'After, and before', figures(...headlineFigures(ofAfter, ofBefore, links))),
      section(
        'regressions',
        'Against the same hours of the weeks before',
        figures(...rules.map((rule) => ruleFigure(rule, links))),
      ),
      section(
        'statements',
        'Statements that changed',
        shiftTable('Slower', shifts.slower, 'None got slower, as far as can be said.', links),
        shiftTable('Faster', shifts.faster, 'None got faster, as far as can be said.', links),
      ),
      section(
        'since',
        'Since then',
        list(
          'Findings that opened',
          opened.map(({ finding, severity }) =>
            item(`${finding.summary}.`, { severity, link: links.finding(finding.key) }),
          ),
          'None opened.',
        ),
        list('What happened', eventItems(events, period.timeZone), 'Nothing notable.'),
      ),
    ],
  }
}

function tooFresh({ subject, detail }: TargetEvent): ReportBody {
  return {
    status: {
      level: 'unknown',
      reasons: [item('Less than a full hour lies between this deployment and now, or another one.')],
    },
    sections: [section('release', 'The release', text(`${subject}: ${detail}.`))],
  }
}

function spellsOf({ from, to }: ReleaseWindows['after']) {
  const hours = (to.getTime() - from.getTime()) / 3_600_000
  const each = Math.ceil(hours / SPELLS) * 3_600_000
  return Array.from({ length: Math.ceil((hours * 3_600_000) / each) }, (_, at) => ({
    from: new Date(from.getTime() + at * each),
    to: new Date(Math.min(to.getTime(), from.getTime() + (at + 1) * each)),
  }))
}
