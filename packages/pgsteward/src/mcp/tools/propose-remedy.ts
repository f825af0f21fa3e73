// propose_remedy: a remedy that people shall decide on, kept in the finding's history. Nothing is run for it, now or later.

import { z } from 'zod'
import { targetInput, targetOf } from '../inputs.ts'
import { defineTool } from '../tool.ts'

export const proposeRemedy = defineTool({
  name: 'propose_remedy',
  title: 'Propose a remedy',
  description:
    'Leaves a proposal on a finding for people to decide on: why, and the SQL or the change of code. It is stored in the history of the finding and executed by nobody. Try it first: what_if_index, review_migration.',
  scope: 'propose',
  isReadOnly: false,
  input: z.strictObject({
    ...targetInput,
    key: z.string().min(1).max(2000).describe('key of list_findings.'),
    why: z
      .string()
      .trim()
      .min(10)
      .max(2_000)
      .describe('Evidence and reasoning, for a person who was not there.'),
    sql: z.array(z.string().trim().min(1).max(4_000)).max(20).default([]).describe('Statements, in order.'),
  }),
  output: z.object({
    key: z.string(),
    state: z.string().describe('Of the finding; a proposal does not change it.'),
    proposal: z.object({ by: z.string(), at: z.string(), text: z.string() }),
  }),
  async run({ target, key, why, sql }, { views, grant, now, ...context }) {
    const id = targetOf({ views, grant, ...context }, target)
    const text = [why, ...sql.map((each) => `${each.replace(/;\s*$/, '')};`)].join('\n\n')
    const finding = await views.findings.propose(id, key, { text, actor: grant.name })
    return {
      text: 'The proposal stands in the history of the finding, for people to decide on. Nothing was executed.',
      data: { key, state: finding.state, proposal: { by: grant.name, at: now.toISOString(), text } },
    }
  },
})
