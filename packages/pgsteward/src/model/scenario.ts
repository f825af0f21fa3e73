// A load scenario as typed data: how many users or arrivals, what each of them does, what is checked, and when the run has failed.
// No functions in it: the same scenario runs in the built-in engine, becomes a k6 script, and has a hash by which runs are compared.

import { z } from 'zod'
import { duration } from './units.ts'

/** Steps are named after their endpoint, `GET /api/members/:id`, never after one URL. */
const name = z.string().trim().min(1).max(200)

/**
 * Texts of requests may hold placeholders: `{{memberId}}` (extracted before, or a column of `data`: `{{user.email}}`), `{{uuid}}`,
 * `{{random 1 100}}` (whole number, both ends included), `{{user}}` and `{{iteration}}` (numbers of the virtual user and of its
 * iteration), `{{env.NAME}}` (from the environment, for secrets).
 */
const text = z.string()

const jsonValue: z.ZodType<unknown> = z.json()

const extraction = z.union([
  /** Path into the answer: `rows.0.id`, `rows.*.id` (one of them, by chance), `token`. */
  z.strictObject({ json: z.string().min(1) }),
  z.strictObject({ header: z.string().min(1) }),
  /** Regular expression on the body; its first group. */
  z.strictObject({ match: z.string().min(1) }),
])

const check = z.strictObject({
  name: name.optional().describe('Default: made from what is asked for.'),
  status: z.number().int().min(100).max(599).optional(),
  json: z.string().min(1).optional().describe('A path of the answer that has to be there.'),
  equals: z
    .union([z.string(), z.number(), z.boolean(), z.null()])
    .optional()
    .describe('What `json` has to be.'),
  contains: z.string().min(1).optional().describe('A text that the body has to hold.'),
  header: z.string().min(1).optional().describe('A header that has to be there.'),
})

const requestStep = z.strictObject({
  name: name
    .optional()
    .describe('The endpoint in results. Default: method and path, placeholders as `:name`.'),
  feature: name.optional().describe('Groups endpoints in results. Default: the name of the flow.'),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD']).prefault('GET'),
  path: text
    .describe('Below the target, beginning with a slash.')
    .refine((path) => path.startsWith('/'), 'begins with a slash'),
  headers: z.record(z.string(), text).prefault({}),
  json: jsonValue.optional().describe('Body, sent as application/json; placeholders in its texts.'),
  form: z.record(z.string(), text).optional().describe('Body, sent as application/x-www-form-urlencoded.'),
  body: text.optional().describe('Body as it is.'),
  expect: z
    .union([z.number().int(), z.array(z.number().int()).min(1)])
    .optional()
    .describe('Statuses that are no error. Default: 200 to 399.'),
  timeout: duration().prefault('30s'),
  extract: z.record(z.string().regex(/^[A-Za-z_]\w*$/), extraction).prefault({}),
  checks: z.array(check).prefault([]),
  needs: z.string().optional().describe('Left out while this variable has no value (the list was empty).'),
  chance: z.number().min(0).max(1).prefault(1).describe('Share of iterations that take this step.'),
})

const pauseStep = z.strictObject({
  pause: z
    .union([duration(), z.tuple([duration(), duration()])])
    .describe('Think time; of two, evenly between them.'),
})

export type RequestStep = z.output<typeof requestStep>
export type PauseStep = z.output<typeof pauseStep>
export interface RepeatStep {
  readonly repeat: number | readonly [number, number]
  readonly steps: readonly Step[]
}
export type Step = RequestStep | PauseStep | RepeatStep

export type RequestStepInput = z.input<typeof requestStep>
export type StepInput =
  | RequestStepInput
  | z.input<typeof pauseStep>
  | { readonly repeat: number | readonly [number, number]; readonly steps: readonly StepInput[] }

const step: z.ZodType<Step, StepInput> = z.lazy(() =>
  z.union([
    requestStep,
    pauseStep,
    z.strictObject({
      repeat: z.union([z.number().int().min(0), z.tuple([z.number().int().min(0), z.number().int().min(0)])]),
      steps: z.array(step).min(1),
    }),
  ]),
) as z.ZodType<Step, StepInput>

const flow = z.strictObject({
  name,
  weight: z.number().positive().prefault(1).describe('Share of iterations among the flows.'),
  start: z
    .array(step)
    .prefault([])
    .describe(
      'Once for each virtual user, before its first iteration: signing in. Flows with the same steps here share it.',
    ),
  steps: z.array(step).min(1),
})

const closedLoad = z.strictObject({
  model: z.literal('closed'),
  startUsers: z.number().int().min(0).prefault(0),
  stages: z.array(z.strictObject({ for: duration(), users: z.number().int().min(0) })).min(1),
})

const openLoad = z.strictObject({
  model: z.literal('open'),
  startPerSecond: z.number().min(0).prefault(0),
  /** Iterations that begin, however long earlier ones take; from one stage's rate to the next in a straight line. */
  stages: z.array(z.strictObject({ for: duration(), perSecond: z.number().min(0) })).min(1),
  maxInFlight: z
    .number()
    .int()
    .positive()
    .prefault(5_000)
    .describe('Beyond it arrivals are dropped, and a run that dropped any is invalid.'),
  sessions: z
    .number()
    .int()
    .positive()
    .prefault(100)
    .describe('Virtual users that are kept with their cookies and lend themselves to arrivals.'),
})

export const LATENCY_METRICS = ['p50', 'p90', 'p95', 'p99', 'max', 'mean'] as const
const threshold = z.strictObject({
  metric: z.enum([...LATENCY_METRICS, 'errorRatio', 'checkRatio', 'requestsPerSecond']),
  of: name.optional().describe('Name of a step or feature. Default: all requests.'),
  below: z
    .union([duration(), z.number()])
    .optional()
    .describe('Milliseconds for latencies; ratios from 0 to 1.'),
  above: z.union([duration(), z.number()]).optional(),
  stop: z
    .boolean()
    .prefault(false)
    .describe('Ends the run as soon as it is crossed (from 100 requests and 10 s on).'),
})

export const scenarioSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower case letters, digits and dashes'),
  title: name,
  description: z.string().prefault(''),
  load: z.discriminatedUnion('model', [closedLoad, openLoad]),
  warmUp: duration().prefault(0).describe('At the beginning, not measured.'),
  headers: z.record(z.string(), text).prefault({}).describe('Of every request.'),
  data: z
    .record(z.string(), z.array(z.record(z.string(), z.union([z.string(), z.number()]))).min(1))
    .prefault({})
    .describe('Tables of values; each virtual user has a row of its own as long as there are enough.'),
  flows: z.array(flow).min(1),
  thresholds: z.array(threshold).prefault([]),
  tags: z.record(z.string(), z.string()).prefault({}),
})

export interface Scenario extends z.output<typeof scenarioSchema> {}
export type ScenarioInput = z.input<typeof scenarioSchema>
export type Flow = z.output<typeof flow>
export type ScenarioLoad = Scenario['load']
export type Threshold = z.output<typeof threshold>
export type Extraction = z.output<typeof extraction>
export type StepCheck = z.output<typeof check>

/** Gives a scenario file its type: `export default defineScenario({ ... })`. Validation happens when it is loaded. */
export function defineScenario(scenario: ScenarioInput): ScenarioInput {
  return scenario
}

export { isPause, isRequest, stepName } from './scenario-step.ts'
