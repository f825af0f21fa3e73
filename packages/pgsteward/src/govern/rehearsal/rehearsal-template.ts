// A rehearsal's plan as a Markdown file that a team keeps and edits beside its code, and the one that comes with pgsteward.

import { StewardError } from '../../model/error.ts'
import { type PlannedStepWire, SECTIONS, type Section } from '../../model/rehearsal-wire.ts'
import { parseDuration } from '../../model/units.ts'

export interface RehearsalTemplate {
  readonly title: string
  readonly steps: readonly PlannedStepWire[]
}

/**
 * `# title`, `## Pre-flight`, `## Steps`, `## Rollback`, steps as list items, below each indented: `owner: ...`, `expected: 5m`,
 * `run: command`, and text. Rejects with 'usage', naming the line.
 */
export function readTemplate(source: string): RehearsalTemplate {
  let title = 'Release rehearsal'
  let section: Section | null = null
  const steps: PlannedStepWire[] = []
  for (const [at, raw] of source
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const text = raw.trim()
    const wrong = (why: string, hint: string) =>
      new StewardError('usage', `the rehearsal's template, line ${at + 1}: ${why}`, { detail: text, hint })
    if (text === '') continue
    const heading = /^(#{1,6})\s+(.+?)\s*#*$/.exec(text)
    if (heading !== null) {
      const [, marks = '', words = ''] = heading
      if (marks.length === 1) title = words
      else {
        section = SECTIONS.find((each) => each === words.toLowerCase().replaceAll(' ', '-')) ?? null
        if (section === null)
          throw wrong('no section of a rehearsal', 'Sections are Pre-flight, Steps and Rollback.')
      }
      continue
    }
    const item = /^(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s+)?(.+)$/.exec(text)
    const isIndented = /^\s/.test(raw)
    if (item !== null && !isIndented) {
      if (section === null) throw wrong('a step before any section', 'Begin with ## Pre-flight or ## Steps.')
      steps.push({
        section,
        title: item[1]!.slice(0, 300),
        owner: null,
        expectedMs: null,
        run: null,
        text: '',
      })
      continue
    }
    const step = steps.at(-1)
    // words between a heading and its first step introduce it
    if (step === undefined || !isIndented) continue
    Object.assign(step, detail(step, item?.[1] ?? text, wrong))
  }
  if (!steps.some((step) => step.section === 'steps'))
    throw new StewardError('usage', "the rehearsal's template has no steps", {
      hint: 'Under "## Steps" each item of the list is one. pgsteward rehearsal template prints an example.',
    })
  // in the order in which they are done, wherever they stand in the file
  return { title, steps: SECTIONS.flatMap((each) => steps.filter((step) => step.section === each)) }
}

function detail(
  step: PlannedStepWire,
  text: string,
  wrong: (why: string, hint: string) => StewardError,
): Partial<PlannedStepWire> {
  const [, key = '', value = ''] = /^(owner|expected|run):\s*(.+)$/i.exec(text) ?? []
  switch (key.toLowerCase()) {
    case 'owner':
      return { owner: value }
    case 'run':
      return { run: /^`(.+)`$/.exec(value)?.[1] ?? value }
    case 'expected': {
      const ms = parseDuration(value)
      if (ms === null) throw wrong(`"${value}" is no duration`, 'Such as 30s, 5m or 2h.')
      return { expectedMs: ms }
    }
    default:
      return { text: step.text === '' ? text : `${step.text}\n${text}` }
  }
}

export const DEFAULT_TEMPLATE = `# Release rehearsal

## Pre-flight

- The last backup is younger than a day and was restored on trial
  - owner: database
  - expected: 5m
- The migrations' locks and rewrites are known
  - owner: database
  - expected: 2m
  - pgsteward review tells them from the files of the pull request.
- No critical finding is open
  - owner: on call
  - expected: 1m
  - run: \`npx pgsteward findings\`
- Those on call know when it begins
  - owner: release
  - expected: 1m

## Steps

- Silence what the release itself would trip
  - owner: on call
  - expected: 1m
- Apply the migrations
  - owner: database
  - expected: 5m
- Roll the new version out
  - owner: release
  - expected: 10m
- Try what users do most: sign in, read, write
  - owner: release
  - expected: 5m
- Errors, p95 and the database's load are as before
  - owner: on call
  - expected: 15m

## Rollback

- Roll the version before out
  - owner: release
  - expected: 10m
- Take the migrations back, where they can be
  - owner: database
  - expected: 5m
- Try what users do most again
  - owner: release
  - expected: 5m
`
