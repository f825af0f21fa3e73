// Names what is missing for any check: page, headings, table test, story, a place in the list; and what is there without a check.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { ALL_CHECKS } from '../src/checks/all.ts'
import { RULES, type Rule } from '../src/checks/rules.ts'
import { optionsOf } from '../src/cli/commands/checks.ts'
import { ALL_FACTS } from '../src/facts/all.ts'
import type { Fact } from '../src/model/fact.ts'
import { AREAS } from '../src/model/finding.ts'

const root = resolve(import.meta.dirname, '../../..')
const HEADINGS = [
  'What it means',
  'How it is measured',
  'When to ignore it',
  'How to fix it',
  'How to reproduce it',
]

interface Check {
  readonly id: string
  readonly area: string
}

/** `read` gives a file's text or null, so that the rule itself can be tested. */
function missingFor({ id, area }: Check, read: (path: string) => string | null): readonly string[] {
  const missing: string[] = []
  const needs = (path: string) => {
    const text = read(path)
    if (text === null) missing.push(path)
    return text
  }
  // what is concluded from applications' reports, of whatever area, stands together
  const folder = read(`packages/pgsteward/src/checks/application/${id}.ts`) === null ? area : 'application'
  needs(`packages/pgsteward/src/checks/${folder}/${id}.ts`)
  needs(`packages/pgsteward/src/checks/${folder}/${id}.test.ts`)
  const story = needs(`packages/pgsteward/test/stories/${id}.pg.test.ts`)
  const runs = folder === 'application' ? 'applicationStory' : 'reproductionOf'
  if (story !== null && !story.includes(`${runs}('${id}'`))
    missing.push(`the story of ${id} does not run its page's reproduction`)
  const page = needs(`docs/checks/${id}.md`)
  if (page !== null) {
    const headings = [...page.matchAll(/^## (.+)$/gm)].map((match) => match[1])
    if (JSON.stringify(headings) !== JSON.stringify(HEADINGS))
      missing.push(`docs/checks/${id}.md has the headings ${headings.join(', ')}`)
    const language = folder === 'application' ? 'js' : 'sql'
    const blocks = page.split('## How to reproduce it')[1] ?? ''
    if (!new RegExp(`\`\`\`${language}\\n[\\s\\S]+?\`\`\``).test(blocks))
      missing.push(`docs/checks/${id}.md has no ${language} block to reproduce it`)
  }
  return missing
}

const readFile = (path: string) =>
  existsSync(`${root}/${path}`) ? readFileSync(`${root}/${path}`, 'utf8') : null

test.each(ALL_CHECKS.map((check) => [check.id, check] as const))(
  '%s has its page, table test and story',
  (_id, check) => {
    expect(missingFor(check, readFile)).toEqual([])
  },
)

test('what is missing is named', () => {
  expect(
    missingFor({ id: 'new-check', area: 'index' }, (path) =>
      path.endsWith('.md') ? '## What it means\n' : null,
    ),
  ).toEqual([
    'packages/pgsteward/src/checks/index/new-check.ts',
    'packages/pgsteward/src/checks/index/new-check.test.ts',
    'packages/pgsteward/test/stories/new-check.pg.test.ts',
    'docs/checks/new-check.md has the headings What it means',
    'docs/checks/new-check.md has no sql block to reproduce it',
  ])
})

/** Of rules: no check, or no series that makes it fire, hold, clear and not flap (test/rule-series.ts) beside the check. */
function missingForRules(
  rules: readonly Rule[],
  checks: readonly Check[],
  read: (path: string) => string | null,
): readonly string[] {
  return rules.flatMap(({ requirement, words, checkId }) => {
    const check = checks.find(({ id }) => id === checkId)
    if (check === undefined) return [`${requirement}, ${words}: there is no check ${checkId}`]
    const exported = checkId.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
    const tests = ['application', check.area].map((folder) =>
      read(`packages/pgsteward/src/checks/${folder}/${checkId}.test.ts`),
    )
    return tests.some(
      (text) => text !== null && new RegExp(`^describeRule\\(${exported}[,<]`, 'm').test(text),
    )
      ? []
      : [`${requirement}, ${words}: ${checkId}.test.ts does not call describeRule(${exported}, ...)`]
  })
}

test('every rule of N2, N3 and N5 has its check, and its series', () => {
  expect(missingForRules(RULES, ALL_CHECKS, readFile)).toEqual([])
  expect(new Set(RULES.map(({ requirement }) => requirement))).toEqual(new Set(['N2', 'N3', 'N5']))
})

test('what a rule lacks is named', () => {
  const rule = (checkId: string): Rule => ({ requirement: 'N2', words: 'too full', checkId })
  const checks = [
    { id: 'too-full', area: 'capacity' },
    { id: 'told-of', area: 'capacity' },
  ]
  const read = (path: string) =>
    path.endsWith('application/told-of.test.ts')
      ? 'describeRule(toldOf, {'
      : path.endsWith('capacity/too-full.test.ts')
        ? '// describeRule(tooFull, {'
        : null
  expect(missingForRules([rule('gone'), rule('too-full'), rule('told-of')], checks, read)).toEqual([
    'N2, too full: there is no check gone',
    'N2, too full: too-full.test.ts does not call describeRule(tooFull, ...)',
  ])
})

test('every option of every check has a default and a reason', () => {
  const poor = ALL_CHECKS.flatMap((check) =>
    optionsOf(check)
      .filter((option) => option.default === undefined || option.description.length < 20)
      .map((option) => `${check.id}.${option.name}`),
  )
  expect(poor).toEqual([])
})

test('ids are unique, areas known, and every needed fact is collected', () => {
  const ids = ALL_CHECKS.map((check) => check.id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ALL_CHECKS.filter((check) => !AREAS.includes(check.area))).toEqual([])
  const collected = new Set(ALL_FACTS.map((fact) => fact.id))
  const wanted = ALL_CHECKS.flatMap((check) => Object.values<Fact>(check.needs)).filter(
    (fact) => fact.from === 'postgres',
  )
  expect(wanted.filter((fact) => !collected.has(fact.id)).map((fact) => fact.id)).toEqual([])
})

test('what a server tells differently to each of its databases is not shared among them', () => {
  const ownToDatabase = /current_database|pg_class|regclass|reset_val/
  const told = ALL_FACTS.filter(
    ({ scope, isToldByDatabase, variants }) =>
      scope === 'cluster' &&
      isToldByDatabase === undefined &&
      variants.some(({ sql }) => ownToDatabase.test(sql)),
  )
  expect(told.map(({ id }) => id)).toEqual([])
})

test('no page or story is left without a check', () => {
  const ids = new Set(ALL_CHECKS.map((check) => check.id))
  const strays = [
    ...readdirSync(`${root}/docs/checks`).filter(
      (name) => name !== 'README.md' && !ids.has(name.replace(/\.md$/, '')),
    ),
    ...readdirSync(`${root}/packages/pgsteward/test/stories`).filter(
      (name) => !ids.has(name.replace(/\.pg\.test\.ts$/, '')),
    ),
  ]
  expect(strays).toEqual([])
})

test('there are at least 25 checks, in six areas', () => {
  expect(ALL_CHECKS.length).toBeGreaterThanOrEqual(25)
  const areas = new Set(ALL_CHECKS.map((check) => check.area))
  for (const area of ['index', 'vacuum', 'query', 'capacity', 'configuration', 'availability'])
    expect(areas).toContain(area)
})
