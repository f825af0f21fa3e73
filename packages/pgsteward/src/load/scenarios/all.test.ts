import { expect, test } from 'vitest'
import { DEMO_PASSWORD } from '../../../../../examples/messaging/src/demo-settings.ts'
import {
  isPause,
  isRequest,
  type Scenario,
  type Step,
  scenarioSchema,
  stepName,
} from '../../model/scenario.ts'
import { scenarioMistakes } from '../scenario-file/scenario-mistakes.ts'
import { BUILT_IN_SCENARIOS } from './all.ts'
import { withProfile } from './profiles.ts'
import { STAFF } from './staff.ts'

const minutesOf = ({ load }: Scenario) => load.stages.reduce((sum, stage) => sum + stage.for, 0) / 60_000
const usersOf = ({ load }: Scenario) =>
  load.model === 'closed' ? [load.startUsers, Math.max(...load.stages.map(({ users }) => users))] : []

test('the five are as long and as many as they should be (L1)', () => {
  expect(BUILT_IN_SCENARIOS.map((each) => [each.id, minutesOf(each), ...usersOf(each)])).toEqual([
    ['smoke', 5, 5, 5],
    ['load', 30, 0, 30],
    ['spike', 10, 5, 100],
    ['soak', 120, 10, 10],
    ['conversation', 30, 0, 20],
  ])
})

test.each(BUILT_IN_SCENARIOS.map((each) => [each.id, each] as const))(
  '%s is data without mistakes',
  (_, scenario) => {
    expect(scenarioMistakes(scenario)).toEqual([])
    expect(JSON.parse(JSON.stringify(scenario))).toEqual(scenario)
  },
)

test('staff sign in with the password of the demo', () => {
  expect(new Set(STAFF.map(({ password }) => password))).toEqual(new Set([DEMO_PASSWORD]))
})

test('endpoints bear the names that the application gives its routes, so that statements lead back to them', () => {
  const names = new Set(
    BUILT_IN_SCENARIOS.flatMap(({ flows }) =>
      flows.flatMap(({ start, steps }) => [...start, ...steps]),
    ).flatMap(namesIn),
  )
  expect([...names].filter((name) => /\d|\{\{|:(?!id\b|number\b|entity\b)/.test(name))).toEqual([])
  expect(names).toContain('GET /api/conversations/:id/messages')
})

function namesIn(step: Step): readonly string[] {
  if (isRequest(step)) return [stepName(step)]
  return isPause(step) ? [] : step.steps.flatMap(namesIn)
}

test('a profile does not fit a scenario that has a rate and no users', () => {
  const open = scenarioSchema.parse({
    id: 'open',
    title: 'Open',
    load: { model: 'open', stages: [{ for: '1m', perSecond: 5 }] },
    flows: [{ name: 'one', steps: [{ path: '/' }] }],
  })
  expect(() => withProfile(open, 'peak')).toThrow('the profile peak does not fit the scenario open')
})
