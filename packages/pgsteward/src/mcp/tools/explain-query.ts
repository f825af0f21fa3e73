// explain_query: what production's planner would do with a statement, asked of the target's twin.

import { z } from 'zod'
import { parametersInput, sqlInput, targetInput, targetOf, valuesOf } from '../inputs.ts'
import { defineTool } from '../tool.ts'
import { smallPlan, twinOutput } from '../twin-output.ts'

export const explainQuery = defineTool({
  name: 'explain_query',
  title: 'Explain a query',
  description:
    "The plan that production's planner would choose for one statement (SELECT, INSERT, UPDATE, DELETE, MERGE), by a local copy of its schema and statistics: nothing is executed, and the target is never asked. The first question of a target takes some seconds.",
  scope: 'explain',
  isReadOnly: true,
  input: z.strictObject({
    ...targetInput,
    sql: sqlInput.describe('One statement, without EXPLAIN.'),
    parameters: parametersInput,
  }),
  output: z.object({
    cost: z.number().describe("Total, in the planner's units."),
    rows: z.number().describe('Expected.'),
    steps: z.string().describe('The plan in one line.'),
    insights: z.array(z.string()).readonly().describe('What in it matters, the heaviest first.'),
    parameters: z.enum(['none', 'generic', 'values']),
    plan: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe('As EXPLAIN (FORMAT JSON) has it; null: too large.'),
    twin: twinOutput,
  }),
  async run({ target, sql, parameters }, context) {
    const id = targetOf(context, target)
    const { plan, shapeText, insights, twin, ...found } = await context.views.whatIf.explain(
      id,
      { sql, values: valuesOf(parameters) },
      context,
    )
    const [first] = insights
    return {
      text: `cost ${plan['Total Cost']}, ${plan['Plan Rows']} rows: ${shapeText.slice(0, 500)}${first === undefined ? '' : `. ${first}`}`,
      data: {
        cost: plan['Total Cost'],
        rows: plan['Plan Rows'],
        steps: shapeText,
        insights,
        parameters: found.parameters,
        plan: smallPlan(plan),
        twin,
      },
    }
  },
})
