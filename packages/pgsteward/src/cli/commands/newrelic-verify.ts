// pgsteward newrelic verify: is the agent set up as it should be, and does data arrive?

import { resolve } from 'node:path'
import { loadConfig } from '../../app/config/load-config.ts'
import { openNewRelic } from '../../app/exports/newrelic.ts'
import { verifyArrival } from '../../app/exports/newrelic-arrival.ts'
import { readNewRelicProject } from '../../app/exports/newrelic-project.ts'
import { verifyProject } from '../../app/exports/newrelic-verify.ts'
import { ALL_CHECKS } from '../../checks/all.ts'
import { EXIT } from '../../model/error.ts'
import { CONFIG_OPTION, defineCommand, JSON_OPTION } from '../command.ts'
import { diagnosisLines } from './doctor.ts'

export const newRelicVerify = defineCommand({
  name: 'newrelic verify',
  usage: 'newrelic verify [--dir .] [--script start]',
  summary:
    "check the agent's package, configuration, redaction, import order and keys, and that data arrives",
  description:
    'Looks into the folder of an application: is newrelic installed, does its configuration keep headers, cookies and parameters back, ' +
    'does the start script load it before all else, are its keys in this environment (they are never printed). The configuration file ' +
    'is run for that, as the agent does. Then New Relic is asked what arrived within the last ten minutes. Exit code 1 means that ' +
    'something is missing.',
  examples: [
    'pgsteward newrelic verify --dir apps/api',
    'pgsteward newrelic verify --script start:prod --json',
  ],
  options: {
    dir: { type: 'string', example: '.', help: 'the application’s folder (default here)' },
    script: { type: 'string', example: 'NAME', help: 'of package.json, that starts it (default start)' },
    ...CONFIG_OPTION,
    ...JSON_OPTION,
  },
  async run(_, options, { terminal, cwd, env, signal }) {
    const file = options.config === undefined ? {} : { file: options.config }
    const { config } = await loadConfig({ checks: ALL_CHECKS, cwd, env, ...file })
    const project = await readNewRelicProject(
      resolve(cwd, options.dir ?? '.'),
      options.script ?? 'start',
      env,
    )
    terminal.progress('asking New Relic what arrived')
    const lines = [
      ...verifyProject(project, env),
      ...(await verifyArrival(() => openNewRelic(config.exports.newRelic, env, signal, config.outbound))),
    ]
    terminal.out(
      options.json
        ? `${JSON.stringify({ aspects: lines }, null, 2)}\n`
        : `${lines.flatMap((line) => diagnosisLines(line, terminal.isColoured)).join('\n')}\n`,
    )
    return lines.some(({ status }) => status === 'missing') ? EXIT.gate : EXIT.clean
  },
})
