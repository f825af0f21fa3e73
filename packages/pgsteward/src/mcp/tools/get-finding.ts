// get_finding: all that is known of one problem.

import { z } from 'zod'
import { alertWire, aroundEventWire, findingEventWire, findingWire } from '../../model/wire.ts'
import { formatEvidence } from '../../report/format.ts'
import { clip, targetInput, targetOf } from '../inputs.ts'
import { defineTool } from '../tool.ts'

const LAST_EVENTS = 30
const LONGEST_PAGE = 12_000

export const getFinding = defineTool({
  name: 'get_finding',
  title: 'Get a finding',
  description:
    'One finding: evidence, remedy as SQL with its lock and undo (for people to run), what happened around its begin, its history with proposals, and the page of its check.',
  scope: 'read',
  isReadOnly: true,
  input: z.strictObject({
    ...targetInput,
    key: z.string().min(1).max(2000).describe('key of list_findings.'),
    page: z.boolean().default(true).describe("With the check's page (what it means, how to fix it)."),
  }),
  output: z.object({
    finding: findingWire,
    alert: alertWire.nullable(),
    events: z.array(aroundEventWire),
    history: z.array(findingEventWire),
    check: z.object({ id: z.string(), title: z.string(), page: z.string().nullable() }),
  }),
  async run({ target, key, page }, context) {
    const detail = await context.views.findings.detail(targetOf(context, target), key)
    const { finding, check } = detail
    return {
      text: `${finding.severity}, ${finding.state}: ${finding.summary} (${clip(formatEvidence(finding.evidence), 600)})`,
      data: {
        finding,
        alert: detail.alert ?? null,
        events: (detail.events ?? []).slice(-LAST_EVENTS),
        history: detail.history.slice(-LAST_EVENTS),
        check: { ...check, page: page ? clip(check.page, LONGEST_PAGE) : null },
      },
    }
  },
})
