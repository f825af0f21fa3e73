// pgsteward watch [URL]: collect, keep, judge and show, until it is stopped.

import { loadConfig } from '../../app/config/load-config.ts'
import { probeTarget } from '../../app/probe-target.ts'
import { ALL_CHECKS } from '../../checks/all.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { cacheFolder } from '../cache-folder.ts'
import { CONFIG_OPTION, defineCommand } from '../command.ts'
import { runSteward } from '../run-steward.ts'
import { SERVER_OPTIONS, serverFlags } from '../server-options.ts'
import { diagnosisLines } from './doctor.ts'

export const watch = defineCommand({
  name: 'watch',
  usage: 'watch [URL ...] [--port 7432] [--store URL]',
  summary: 'watch databases, keep their history, serve the dashboard',
  description:
    'Watches the databases that are named here or in the configuration, with a role that has pg_monitor. History is kept in the ' +
    'embedded store (.pgsteward/store) or in a PostgreSQL of your own (--store). The dashboard is served on loopback.',
  examples: [
    'pgsteward watch postgres://monitor:secret@db.example.com/shop',
    'pgsteward watch --config pgsteward.config.ts',
  ],
  options: { ...SERVER_OPTIONS, ...CONFIG_OPTION },
  async run(positionals, options, { terminal, cwd, env, signal }) {
    const { config } = await loadConfig({
      checks: ALL_CHECKS,
      cwd,
      env,
      ...(options.config === undefined ? {} : { file: options.config }),
      flags: {
        ...serverFlags(options),
        ...(positionals.length === 0 ? {} : { targets: positionals.map((url) => ({ url })) }),
      },
    })
    const targets =
      config.targets.length > 0 || env.DATABASE_URL === undefined
        ? config.targets
        : [...(await fromEnvironment(env.DATABASE_URL, cwd))]
    if (targets.length === 0) {
      throw new StewardError('usage', 'which database?', {
        detail: 'No URL was given, the configuration names no target, and DATABASE_URL is not set.',
        hint: 'pgsteward watch postgres://USER:PASSWORD@HOST:PORT/DATABASE',
      })
    }
    // a target named on the command line that can't be reached is an error now, not a red line later
    if (positionals.length > 0) {
      for (const target of targets) {
        const lines = await probeTarget(target.url)
        terminal.out(`${lines.flatMap((line) => diagnosisLines(line, terminal.isColoured)).join('\n')}\n`)
      }
    }
    await runSteward({ config: { ...config, targets }, terminal, cwd, signal, cacheDir: cacheFolder(env) })
    return EXIT.clean
  },
})

async function fromEnvironment(url: string, cwd: string) {
  return (await loadConfig({ checks: ALL_CHECKS, cwd, env: {}, flags: { targets: [{ url }] } })).config
    .targets
}
