// Resources: the pages of checks and the guides, for clients that let people or models attach them.

import { type McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { Views } from '../app/views.ts'

const MARKDOWN = 'text/markdown'
const CHECK = 'pgsteward://checks/'
const GUIDE = 'pgsteward://guides/'

export function registerResources(server: McpServer, { pages }: Pick<Views, 'pages'>): void {
  server.registerResource(
    'check',
    new ResourceTemplate(`${CHECK}{id}`, {
      list: () => ({
        resources: pages.checks().map(({ id, title }) => ({
          uri: `${CHECK}${id}`,
          name: id,
          title,
          mimeType: MARKDOWN,
        })),
      }),
      complete: {
        id: (start) =>
          pages
            .checks()
            .map(({ id }) => id)
            .filter((id) => id.startsWith(start)),
      },
    }),
    {
      title: 'Page of a check',
      description: 'What it means, how it is measured, how to fix it.',
      mimeType: MARKDOWN,
    },
    async (uri, { id }) => ({
      contents: [{ uri: uri.href, mimeType: MARKDOWN, text: (await pages.check(String(id))).page }],
    }),
  )
  server.registerResource(
    'guide',
    new ResourceTemplate(`${GUIDE}{name}`, {
      list: async () => ({
        resources: (await pages.guides()).map((name) => ({
          uri: `${GUIDE}${name}`,
          name,
          mimeType: MARKDOWN,
        })),
      }),
      complete: { name: async (start) => (await pages.guides()).filter((name) => name.startsWith(start)) },
    }),
    { title: 'Guide', description: 'How to use a part of pgsteward.', mimeType: MARKDOWN },
    async (uri, { name }) => ({
      contents: [{ uri: uri.href, mimeType: MARKDOWN, text: await pages.guide(String(name)) }],
    }),
  )
}
