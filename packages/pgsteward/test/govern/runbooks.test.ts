// Each check that can be critical has a runbook: its headings, its links, placeholders that a finding can fill and that are safe where they
// stand. Whether a check can be critical is read from its source.

import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import { CRITICAL_CHECKS } from '../../src/checks/critical-checks.ts'

const ROOT = resolve(import.meta.dirname, '../../../..')
const CHECKS = join(ROOT, 'packages/pgsteward/src/checks')
const RUNBOOKS = join(ROOT, 'docs/runbooks')
const HEADINGS = ['What it means for users', 'First five minutes', 'Find the cause', 'Mend it', 'Afterwards']
const sources = new Map(
  readdirSync(CHECKS, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => [path, readFileSync(join(CHECKS, path), 'utf8')]),
)
const pageOf = (id: string) => readFileSync(join(RUNBOOKS, `${id}.md`), 'utf8')
const written = readdirSync(RUNBOOKS)
  .filter((name) => name.endsWith('.md') && name !== 'README.md')
  .map((name) => name.slice(0, -3))

/** By a severity that its own file gives, by a limit, or by what judges it: the load of a statement, the gain of an index. */
function canBeCritical(id: string): boolean {
  const source = [...sources].find(([path]) => path.endsWith(`/${id}.ts`))?.[1] ?? ''
  return /'critical'|critical: (?:\{|share|z\.|duration)|severityByBusy\(|adviceFindings\(/.test(source)
}

test('the list is that of the checks that can be critical', () => {
  expect(
    ALL_CHECKS.map(({ id }) => id)
      .filter(canBeCritical)
      .toSorted(),
  ).toEqual(CRITICAL_CHECKS)
})

test('each of them has a runbook, and no runbook is of nothing', () => {
  expect(written.toSorted()).toEqual(CRITICAL_CHECKS)
})

test.each(CRITICAL_CHECKS)('%s: five headings, each with something of its own', (id) => {
  const page = pageOf(id)
  expect(page.match(/^## (.*)$/gm)).toEqual(HEADINGS.map((heading) => `## ${heading}`))
  for (const part of page.split(/^## .*$/m).slice(1)) expect(part.trim().length).toBeGreaterThan(60)
  expect(page).toContain(`](../checks/${id}.md)`)
  const others = CRITICAL_CHECKS.filter((other) => other !== id).map(pageOf)
  // what would fit every check helps with none
  for (const paragraph of page
    .split(/\n\s*\n/)
    .filter((each) => each.length > 160 && !each.startsWith('```')))
    expect(others.some((other) => other.includes(paragraph))).toBe(false)
})

test.each(CRITICAL_CHECKS)('%s: placeholders are known, told by a check, and quoted in code', (id) => {
  const all = [...sources.values()].join('\n')
  for (const part of pageOf(id).split(/^(```[\s\S]*?^```$)/m))
    for (const [whole, name, label, otherwise] of part.matchAll(
      /\{\{([^:|}]+)(?::([^|}]*))?(\|[^}]*)?\}\}/g,
    )) {
      expect(otherwise, `${whole}: what is read without a finding`).toBeDefined()
      expect(name).toMatch(
        part.startsWith('```')
          ? /^(?:pid|queryId|table|(?:table|name|evidence)\.(?:literal|ident)|key\.shell)$/
          : /^(?:name|application|evidence|remedy|key\.shell)$/,
      )
      if (label !== undefined)
        expect(all, `${whole}: no check says so`).toContain(label.replace(/^transaction /, ''))
    }
})

test('the list of runbooks names them all', () => {
  const list = readFileSync(join(RUNBOOKS, 'README.md'), 'utf8')
  for (const id of CRITICAL_CHECKS) expect(list).toContain(`[${id}](${id}.md)`)
})
