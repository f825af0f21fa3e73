// pgsteward mcp: tools for coding agents over standard input and output, from a running pgsteward or from the store.

import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { keptAdminToken } from '../../app/access/kept-admin-token.ts'
import { assetFolders } from '../../app/asset-folders.ts'
import type { Config } from '../../app/config/config-schema.ts'
import { loadConfig } from '../../app/config/load-config.ts'
import { openConfiguredStore } from '../../app/open-configured-store.ts'
import { Steward } from '../../app/steward.ts'
import { Views } from '../../app/views.ts'
import { ALL_CHECKS } from '../../checks/all.ts'
import { auditCall } from '../../mcp/audit-call.ts'
import { bridge } from '../../mcp/bridge.ts'
import { CallBudget } from '../../mcp/call-budget.ts'
import { createMcpServer } from '../../mcp/create-mcp-server.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { MCP_SCOPES, type McpGrant, type McpScope } from '../../model/mcp-scope.ts'
import { oneOf } from '../arguments.ts'
import { serverAt, serverUrl } from '../ask-server.ts'
import { cacheFolder } from '../cache-folder.ts'
import { CONFIG_OPTION, type CommandContext, defineCommand } from '../command.ts'
import { mcpCallLine } from '../mcp-call-line.ts'
import { plain } from '../render-check.ts'
import { SERVER_OPTIONS, serverFlags } from '../server-options.ts'
import { version } from '../version.ts'

export const mcp = defineCommand({
  name: 'mcp',
  usage: 'mcp [URL ...] [--server URL] [--token TOKEN] [--scopes read,explain]',
  summary: 'give a coding agent findings, history and the planner twin, by the Model Context Protocol',
  description:
    'Speaks the Model Context Protocol over standard input and output: a client such as Claude Code, Cursor or VS Code starts it. Asks ' +
    'the pgsteward that runs on this machine, or the one at --server; where none runs it opens the store itself, with the targets of the ' +
    'configuration or those that are named. Tools read findings, statements and tables, ask the planner twin what production would do ' +
    'with a query, an index or a migration, and, with the scope propose, leave proposals for people. None changes a target. A running ' +
    'pgsteward serves the same over HTTP at /mcp, for its tokens (pgsteward token create) and those of the configuration (mcp.tokens).',
  examples: [
    'pgsteward mcp',
    'pgsteward mcp --server https://pgsteward.example.com --token $PGSTEWARD_MCP_TOKEN',
    'claude mcp add pgsteward -- npx pgsteward mcp',
  ],
  options: {
    server: { type: 'string', example: 'URL', help: 'the pgsteward that runs there' },
    token: {
      type: 'string',
      example: 'TOKEN',
      help: 'for it: one of pgsteward token create, or of mcp.tokens (default: PGSTEWARD_MCP_TOKEN or PGSTEWARD_TOKEN of the environment)',
    },
    scopes: {
      type: 'string',
      example: 'LIST',
      help: `of ${MCP_SCOPES.join(', ')} (default read,explain)`,
    },
    store: SERVER_OPTIONS.store,
    'store-dir': SERVER_OPTIONS['store-dir'],
    ...CONFIG_OPTION,
  },
  async run(urls, options, context) {
    const { cwd, env } = context
    const scopes = scopesOf(options.scopes)
    const named = serverUrl(options.server)
    const { config } = await loadConfig({
      checks: ALL_CHECKS,
      cwd,
      env,
      ...(options.config === undefined ? {} : { file: options.config }),
      flags: {
        ...serverFlags(options),
        ...(urls.length === 0 ? {} : { targets: urls.map((url) => ({ url })) }),
      },
    })
    const isOwn = urls.length > 0 || options.store !== undefined || options['store-dir'] !== undefined
    const address = named ?? (isOwn ? null : await serverAt(config))
    if (address === null) await fromStore(config, scopes, context)
    else {
      const token =
        options.token ??
        env.PGSTEWARD_MCP_TOKEN ??
        // what is meant for another pgsteward opens nothing on the one of this machine
        (named === null ? null : config.server.token) ??
        config.server.adminToken ??
        // the token that the server on this machine has made is its own
        (named === null ? keptAdminToken(config.store.dir, cwd) : null)
      await fromServer(address, token, scopes, context)
    }
    return EXIT.clean
  },
})

function scopesOf(text: string | undefined): readonly McpScope[] {
  return text === undefined
    ? ['read', 'explain']
    : text.split(',').map((each) => oneOf('--scopes', each.trim(), MCP_SCOPES, 'read'))
}

async function fromServer(
  address: string,
  token: string | null,
  scopes: readonly McpScope[],
  { terminal, signal }: CommandContext,
): Promise<void> {
  if (token === null || token === '')
    throw new StewardError('usage', `which token for ${address}?`, {
      hint: 'Give --token, or PGSTEWARD_MCP_TOKEN: one of its tokens (pgsteward token create), or of mcp.tokens of its configuration.',
    })
  const url = new URL('/mcp', address)
  url.searchParams.set('scopes', scopes.join(','))
  const joined = await bridge({
    local: new StdioServerTransport(),
    connect: () =>
      new StreamableHTTPClientTransport(url, {
        requestInit: { headers: { authorization: `Bearer ${token}` } },
      }),
    onTrouble: (text) => terminal.note(`mcp: ${plain(text)}\n`),
  })
  terminal.note(`mcp: ${address}\n`)
  await inputEnded(signal)
  await joined.close()
}

async function fromStore(
  config: Config,
  scopes: readonly McpScope[],
  { terminal, cwd, env, signal }: CommandContext,
): Promise<void> {
  const store = await openConfiguredStore(config, cwd)
  // never started: it watches nothing, and answers from what was kept
  const steward = new Steward(config, store, { cacheDir: cacheFolder(env) })
  const now = () => new Date()
  const budget = new CallBudget(config.mcp.callsPerMinute, now)
  const views = new Views(steward, now, assetFolders().docs)
  // whoever can open the store is whoever they say
  const grant: McpGrant = {
    name: env.USER ?? 'stdio',
    by: 'open',
    role: null,
    scopes: new Set(scopes),
    targets: null,
  }
  const server = createMcpServer({
    views,
    grant,
    version: version(),
    now,
    onCall: async (call) => {
      terminal.note(mcpCallLine(call))
      await auditCall(views.audit, call, grant, { address: 'stdio', path: 'stdio' }).catch((error: Error) =>
        terminal.note(`audit: ${plain(error.message)}\n`),
      )
    },
    delay: (each) => budget.take(each),
  })
  try {
    await server.connect(new StdioServerTransport())
    terminal.note('mcp: the store, since no pgsteward runs here\n')
    await inputEnded(signal)
    await server.close()
  } finally {
    await steward.stop()
  }
}

/** A client ends what it started by closing its input. */
function inputEnded(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done()
    signal.addEventListener('abort', () => done())
    process.stdin.once('end', () => done())
    process.stdin.once('close', () => done())
  })
}
