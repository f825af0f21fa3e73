// list_alerts: what people are told of, and who has it in hand.

import { z } from 'zod'
import { alertWire } from '../../model/wire.ts'
import { counted } from '../counted.ts'
import { pageInput, pageOf, pageOutput, targetInput, targetOf, visibleTargets } from '../inputs.ts'
import { defineTool } from '../tool.ts'

const STATES = ['firing', 'acknowledged', 'resolved'] as const

export const listAlerts = defineTool({
  name: 'list_alerts',
  title: 'List alerts',
  description: 'What is firing, which channels were told, and who has it in hand.',
  scope: 'read',
  isReadOnly: true,
  input: z.strictObject({
    ...targetInput,
    states: z.array(z.enum(STATES)).min(1).default(['firing', 'acknowledged']),
    ...pageInput,
  }),
  output: z.object({ alerts: z.array(alertWire), ...pageOutput }),
  async run({ target, states, limit, cursor }, context) {
    const targets = target === undefined ? visibleTargets(context) : [targetOf(context, target)]
    const { alerts } = await context.views.alerts.all()
    const own = alerts.filter((alert) => targets.includes(alert.targetId) && states.includes(alert.state))
    const { items, total, nextCursor } = pageOf(own, limit, cursor)
    const firing = own.filter(({ state }) => state === 'firing').length
    return {
      text: total === 0 ? 'No alert.' : `${counted(total, 'alert')}; firing with nobody at it: ${firing}.`,
      data: { alerts: [...items], total, nextCursor },
    }
  },
})
