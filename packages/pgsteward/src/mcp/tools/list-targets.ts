// list_targets: the databases that are watched.

import { z } from 'zod'
import { targetWire } from '../../model/wire.ts'
import { counted } from '../counted.ts'
import { visibleTargets } from '../inputs.ts'
import { defineTool } from '../tool.ts'

export const listTargets = defineTool({
  name: 'list_targets',
  title: 'List targets',
  description:
    'The PostgreSQL databases that pgsteward watches: id, state, version, what is missing on them, and how many findings are open. Start here.',
  scope: 'read',
  isReadOnly: true,
  input: z.strictObject({}),
  output: z.object({ targets: z.array(targetWire) }),
  async run(_, context) {
    const visible = visibleTargets(context)
    const targets = (await context.views.targets()).filter(({ id }) => visible.includes(id))
    const words = targets.map(
      ({ id, status, findings: { critical, warning } }) =>
        `${id} is ${status}, with ${counted(critical, 'critical finding')} and ${counted(warning, 'warning')}`,
    )
    return {
      text: words.length === 0 ? 'No target is configured.' : `${words.join('; ')}.`,
      data: { targets },
    }
  },
})
