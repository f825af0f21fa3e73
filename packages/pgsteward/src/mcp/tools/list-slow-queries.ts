// list_slow_queries: single slow calls with route, caller and trace, and where they come from.

import { z } from 'zod'
import { slowQueryGroupWire, slowQueryWire } from '../../model/wire.ts'
import { formatDuration } from '../../report/format.ts'
import { counted } from '../counted.ts'
import { clip, rangeInput, targetInput, targetOf, windowOf } from '../inputs.ts'
import { defineTool } from '../tool.ts'

const LONGEST_TEXT = 600

export const listSlowQueries = defineTool({
  name: 'list_slow_queries',
  title: 'List slow queries',
  description:
    'Single slow queries as applications and the log told of them (route, line of code, parameters where they are kept), and groups of the same query. Use it to learn why a route is slow.',
  scope: 'read',
  isReadOnly: true,
  input: z.strictObject({
    ...targetInput,
    ...rangeInput,
    application: z.string().optional(),
    route: z.string().optional().describe('As applications name it: GET /orders/:id.'),
    order: z.enum(['latest', 'slowest']).default('slowest'),
    limit: z.number().int().min(1).max(50).default(15),
  }),
  output: z.object({
    groups: z.array(slowQueryGroupWire),
    queries: z.array(slowQueryWire),
    kept: z.number().describe('In the time range; not all are listed.'),
    hasSource: z
      .boolean()
      .describe('False: no application reports and no log is read, so nothing can be here.'),
  }),
  async run({ target, range, application, route, order, limit }, context) {
    const window = windowOf(range, context.now)
    const found = await context.views.applications.slowQueries(targetOf(context, target), window, {
      order,
      limit,
      ...(application === undefined ? {} : { application }),
      ...(route === undefined ? {} : { route }),
    })
    const [first] = found.groups
    return {
      text: !found.hasSource
        ? 'Nothing is known of single queries: no application reports and no log is read.'
        : first === undefined
          ? `No slow query in the last ${range}.`
          : `${counted(found.groups.length, 'group')} in the last ${range}; first ${counted(first.count, 'time')}, ${formatDuration(first.meanMs)} each: ${clip(first.text, 200)}`,
      data: {
        groups: found.groups
          .slice(0, limit)
          .map((each) => ({ ...each, text: clip(each.text, LONGEST_TEXT) })),
        queries: found.latest
          .slice(0, limit)
          .map((each) => ({ ...each, text: clip(each.text, LONGEST_TEXT) })),
        kept: found.kept,
        hasSource: found.hasSource,
      },
    }
  },
})
