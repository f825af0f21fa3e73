import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { FLOORS } from '../packages/pgsteward/test/floors.ts'
import { floorsPicture, withFloorsPicture } from './floors-picture.ts'

const row = (floor: number, ...folders: readonly string[]) => [
  `  subgraph floor${floor}["Floor ${floor}"]`,
  '    direction LR',
  ...folders.map((each) => `    f_${each}["${each}/"]`),
  '  end',
]

test('draws each floor, and arrows that no other way stands for; the ground and the root have none of their own', () => {
  const picture = floorsPicture({
    model: { floor: 0, mayImport: [] },
    sql: { floor: 0, mayImport: ['model'] },
    facts: { floor: 1, mayImport: ['model', 'sql'] },
    plans: { floor: 1, mayImport: ['sql'] },
    logs: { floor: 1, mayImport: ['plans'] },
    checks: { floor: 2, mayImport: ['model', 'facts', 'plans', 'logs'] },
    app: { floor: 3, mayImport: ['model', 'checks'] },
  })
  expect(picture.split('\n')).toEqual([
    '```mermaid',
    'flowchart TB',
    ...row(3, 'app'),
    ...row(2, 'checks'),
    ...row(1, 'facts', 'plans', 'logs'),
    ...row(0, 'model', 'sql'),
    '  f_app ~~~ f_checks',
    '  f_checks ~~~ f_facts & f_plans & f_logs',
    '  f_facts & f_plans & f_logs ~~~ f_model & f_sql',
    '  f_app ==> floor2',
    '  f_logs --> f_plans',
    '  f_checks --> f_facts',
    '  f_checks --> f_logs',
    '```',
  ])
})

test('ARCHITECTURE.md has it as it is: npm run docs draws it', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../ARCHITECTURE.md'), 'utf8')
  expect(withFloorsPicture(page, FLOORS)).toBe(page)
})
