// list_findings: what is wrong, the worst first.

import { z } from 'zod'
import { AREAS, atLeast, SEVERITIES } from '../../model/finding.ts'
import { counted } from '../counted.ts'
import { clip, pageInput, pageOf, pageOutput, targetInput, targetOf, visibleTargets } from '../inputs.ts'
import { defineTool } from '../tool.ts'

const STATES = ['pending', 'open', 'muted', 'resolved'] as const

export const listFindings = defineTool({
  name: 'list_findings',
  title: 'List findings',
  description:
    'Problems that pgsteward found, the worst first, of one target or of all. get_finding has the evidence and the remedy of one.',
  scope: 'read',
  isReadOnly: true,
  input: z.strictObject({
    ...targetInput,
    states: z.array(z.enum(STATES)).min(1).default(['open', 'pending']),
    severity: z.enum(SEVERITIES).optional().describe('This one and worse.'),
    area: z.enum(AREAS).optional(),
    check: z.string().optional().describe('Id of a check, such as missing-index.'),
    search: z.string().max(200).optional().describe('In summary, subject or key; case does not matter.'),
    ...pageInput,
  }),
  output: z.object({
    findings: z.array(
      z.object({
        target: z.string(),
        key: z.string(),
        check: z.string(),
        area: z.enum(AREAS),
        severity: z.enum(SEVERITIES),
        state: z.enum(STATES),
        subject: z.string(),
        summary: z.string(),
        firstSeenAt: z.string(),
        hasRemedy: z.boolean(),
      }),
    ),
    ...pageOutput,
  }),
  async run({ target, states, severity, area, check, search, limit, cursor }, context) {
    const targets = target === undefined ? visibleTargets(context) : [targetOf(context, target)]
    const found = (await Promise.all(targets.map((id) => context.views.findings.list(id, states)))).flat()
    const sorted = SEVERITIES.toReversed().flatMap((each) =>
      found.filter((finding) => finding.severity === each),
    )
    const wanted = search?.toLowerCase()
    const matching = sorted.filter(
      (finding) =>
        (severity === undefined || atLeast(finding.severity, severity)) &&
        (area === undefined || finding.area === area) &&
        (check === undefined || finding.checkId === check) &&
        (wanted === undefined ||
          `${finding.summary} ${finding.label} ${finding.key}`.toLowerCase().includes(wanted)),
    )
    const { items, total, nextCursor } = pageOf(matching, limit, cursor)
    const [first] = items
    return {
      text:
        first === undefined
          ? 'Nothing is found like this.'
          : `${counted(total, 'finding')}; first, ${first.severity}: ${clip(first.summary, 300)}`,
      data: {
        findings: items.map((finding) => ({
          target: finding.targetId,
          key: finding.key,
          check: finding.checkId,
          area: finding.area,
          severity: finding.severity,
          state: finding.state,
          subject: clip(finding.label, 300),
          summary: clip(finding.summary, 500),
          firstSeenAt: finding.firstSeenAt,
          hasRemedy: finding.remedy !== undefined,
        })),
        total,
        nextCursor,
      },
    }
  },
})
