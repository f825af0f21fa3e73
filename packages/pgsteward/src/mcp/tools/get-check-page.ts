// get_check_page: what a check means, when to ignore it, how to fix what it finds.

import { z } from 'zod'
import { AREAS } from '../../model/finding.ts'
import { defineTool } from '../tool.ts'

export const getCheckPage = defineTool({
  name: 'get_check_page',
  title: "Get a check's page",
  description:
    "The page of a check as Markdown: what it means, how it is measured, when to ignore it, how to fix it, how to reproduce it. Ids are findings' check.",
  scope: 'read',
  isReadOnly: true,
  input: z.strictObject({ check: z.string().min(1).max(100).describe('Id, such as unused-index.') }),
  output: z.object({ id: z.string(), title: z.string(), area: z.enum(AREAS), page: z.string() }),
  async run({ check }, { views }) {
    const found = await views.pages.check(check)
    return { text: `${found.id}: ${found.title}`, data: found }
  },
})
