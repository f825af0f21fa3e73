// pgsteward demo: a database with traffic and faults of its own, watched.

import { join, resolve } from 'node:path'
import { loadConfig } from '../../app/config/load-config.ts'
import {
  DEMO_ADVISE,
  DEMO_CHECK_OPTIONS,
  DEMO_COLLECT,
  DEMO_MAINTENANCE,
  DEMO_ON_CALL,
  DEMO_TEAM,
  startDemo,
} from '../../app/demo.ts'
import { ALL_CHECKS } from '../../checks/all.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { formatDuration } from '../../report/format.ts'
import { cacheFolder } from '../cache-folder.ts'
import { defineCommand } from '../command.ts'
import { runSteward } from '../run-steward.ts'
import { SERVER_OPTIONS, serverFlags } from '../server-options.ts'

export const demo = defineCommand({
  name: 'demo',
  usage: 'demo [--port 7432] [--fresh] [--no-faults] [--faults deadlock,bad-deploy]',
  summary: 'run an application and its database, with traffic and faults, and watch them',
  description:
    'Starts a PostgreSQL 18 of its own on loopback, builds the database of the reference application (a million rows, under a ' +
    'minute the first time), sends traffic, and watches it. Everything lives in .pgsteward/demo and stops with Ctrl-C.',
  examples: [
    'pgsteward demo',
    'pgsteward demo --fresh',
    'pgsteward demo --no-faults',
    'pgsteward demo --faults plan-flip,locking-migration,deadlock,spilling-report,bad-deploy',
  ],
  options: {
    dir: { type: 'string', example: 'DIR', help: 'folder of the demo (default .pgsteward/demo)' },
    fresh: { type: 'boolean', help: 'build the database and the history anew' },
    'no-faults': { type: 'boolean', help: 'mend the planted faults: a healthy, busy database' },
    faults: {
      type: 'string',
      example: 'IDS',
      help: 'incidents that break out after a minute and a half, by comma; they are switched off at the application',
    },
    scale: { type: 'string', example: '1', help: 'size of the data; 1 is a million rows' },
    port: SERVER_OPTIONS.port,
    host: SERVER_OPTIONS.host,
    store: SERVER_OPTIONS.store,
  },
  async run(_positionals, options, { terminal, cwd, env, signal }) {
    const scale = options.scale === undefined ? 1 : Number(options.scale)
    if (!(scale > 0 && scale <= 100))
      throw new StewardError('usage', `--scale ${options.scale} is not a size`, {
        hint: 'A number above 0, up to 100; 1 is a million rows.',
      })
    const dir = resolve(cwd, options.dir ?? '.pgsteward/demo')
    const started = Date.now()
    let lastStep = ''
    const running = await startDemo({
      dir,
      scale,
      faults: options['no-faults'] !== true,
      story: (options.faults ?? '').split(',').filter((id) => id !== ''),
      fresh: options.fresh === true,
      signal,
      onProgress: (text) => {
        terminal.progress(text)
        const step = text.replace(/ \(.*/, '')
        // piped, one line a step is enough
        if (step !== lastStep) terminal.note(`demo: ${step}\n`)
        lastStep = step
      },
    })
    terminal.note(`demo: database ready after ${formatDuration(Date.now() - started)}\n`)
    try {
      const { config } = await loadConfig({
        checks: ALL_CHECKS,
        // not the user's own configuration: the demo watches its own database alone
        cwd: dir,
        env: {},
        flags: {
          ...serverFlags({ ...options, 'store-dir': join(dir, 'store') }),
          targets: [
            {
              id: 'messaging',
              url: running.url,
              maintenanceUrl: running.maintenanceUrl,
              labels: { environment: 'demo' },
              logs: { files: [running.logFile] },
            },
          ],
          collect: DEMO_COLLECT,
          advise: DEMO_ADVISE,
          maintenance: DEMO_MAINTENANCE,
          team: DEMO_TEAM,
          onCall: DEMO_ON_CALL,
          checks: DEMO_CHECK_OPTIONS,
        },
      })
      await runSteward({
        config: withPort(config, options.port ?? env.PGSTEWARD_PORT),
        terminal,
        cwd,
        signal,
        cacheDir: cacheFolder(env),
        onListening: async (reporting) => {
          const { url, tokenFile } = await running.startApplication(reporting)
          terminal.out(`the application is at ${url}, under traffic\n`)
          terminal.out(`  its faults are switched at ${url}/internal/faults, token in ${tokenFile}\n\n`)
        },
      })
      return EXIT.clean
    } finally {
      await running.stop()
    }
  },
})

function withPort<C extends { server: { port: number } }>(config: C, port: string | undefined): C {
  return port === undefined ? config : { ...config, server: { ...config.server, port: Number(port) } }
}
