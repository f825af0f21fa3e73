// A pgsteward of a team with a board of three, and its command line. It watches nothing that answers: governance needs the store alone.

import type { FastifyInstance } from 'fastify'
import { loadConfig } from '../../src/app/config/load-config.ts'
import { Steward } from '../../src/app/steward.ts'
import { Views } from '../../src/app/views.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import { runCommand } from '../../src/cli/main.ts'
import { createServer } from '../../src/server/create-server.ts'
import { openStore } from '../../src/store/open-store.ts'
import { createDatabase } from '../postgres/database.ts'

export interface TeamServer {
  readonly steward: Steward
  readonly server: FastifyInstance
  readonly views: Views
  readonly address: string
  readonly stop: () => Promise<void>
}

export async function startTeamServer(dir: string): Promise<TeamServer> {
  const history = await createDatabase()
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd: dir,
    env: {},
    flags: {
      targets: [{ id: 'shop', url: 'postgres://nobody@127.0.0.1:1/shop' }],
      changes: { board: ['ada', 'bob', 'eve'], standard: [{ type: 'analyze' }] },
    },
  })
  const steward = new Steward(config, await openStore({ url: history.url }))
  const views = new Views(steward, () => new Date(), dir)
  const server = await createServer({
    views,
    adminToken: 'admin-token-of-the-test',
    host: '127.0.0.1',
    dashboardDir: null,
    now: () => new Date(),
  })
  const address = await server.listen({ host: '127.0.0.1', port: 0 })
  const stop = async () => {
    await server.close()
    await steward.stop()
    await history.drop()
  }
  return { steward, views, server, address, stop }
}

/** `typed`: what somebody answers line by line, or nothing until Ctrl-C. */
export async function runAs(
  args: readonly string[],
  { dir, user, typed }: { dir: string; user: string; typed: readonly string[] | 'nothing until Ctrl-C' },
): Promise<{ readonly code: number; readonly out: string; readonly note: string }> {
  let [out, note] = ['', '']
  const code = await runCommand(args, {
    terminal: {
      out: (text) => {
        out += text
      },
      note: (text) => {
        note += text
      },
      progress: () => {},
      isColoured: false,
      width: 100,
    },
    cwd: dir,
    env: { PATH: process.env.PATH, USER: user },
    lines: async function* () {
      if (typed === 'nothing until Ctrl-C') await new Promise(() => {})
      else yield* typed
    },
    signal: typed === 'nothing until Ctrl-C' ? AbortSignal.timeout(500) : new AbortController().signal,
  })
  return { code, out, note }
}
