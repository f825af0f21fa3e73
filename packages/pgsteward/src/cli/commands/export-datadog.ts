// pgsteward export datadog: monitors and dashboards as files that Datadog's API takes as they are.

import { resolve } from 'node:path'
import { loadConfig } from '../../app/config/load-config.ts'
import { datadogFilesOf, writeDatadogFiles } from '../../app/exports/write-datadog-files.ts'
import { ALL_CHECKS } from '../../checks/all.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { CONFIG_OPTION, defineCommand, JSON_OPTION } from '../command.ts'

export const exportDatadog = defineCommand({
  name: 'export datadog',
  usage: 'export datadog [--out DIR]',
  summary: 'write monitors and dashboards for Datadog',
  description:
    'Eleven monitors of 8 policies, 4 dashboards, and the metrics of which Datadog has to compute percentiles, each a file that its API ' +
    'takes as it is. Whose services, which routes and who is told: exports.datadog. Without --out, or with --json, all of them as one ' +
    'document: name, endpoint, body.',
  examples: ['pgsteward export datadog --out datadog', 'pgsteward export datadog | jq ".[0].body"'],
  options: {
    out: { type: 'string', example: 'DIR', help: 'folder to write to' },
    ...CONFIG_OPTION,
    ...JSON_OPTION,
  },
  async run(positionals, options, { terminal, cwd, env }) {
    if (positionals.length > 0)
      throw new StewardError('usage', `export datadog takes no argument "${positionals[0]}"`, {
        hint: 'pgsteward export datadog --out DIR',
      })
    const file = options.config === undefined ? {} : { file: options.config }
    const { config } = await loadConfig({ checks: ALL_CHECKS, cwd, env, ...file })
    const files = datadogFilesOf(config.exports.datadog)
    const written = options.out === undefined ? [] : await writeDatadogFiles(resolve(cwd, options.out), files)
    terminal.out(
      options.json || options.out === undefined
        ? `${JSON.stringify(files, null, 2)}\n`
        : written.map((path) => `${path}\n`).join(''),
    )
    return EXIT.clean
  },
})
