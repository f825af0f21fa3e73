// pgsteward export grafana: the dashboards as files to import or to provision.

import { resolve } from 'node:path'
import { writeGrafanaDashboards } from '../../app/exports/dashboards-and-rules.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { CONFIG_OPTION, defineCommand, JSON_OPTION } from '../command.ts'
import { publicUrlOf } from '../public-url.ts'

export const exportGrafana = defineCommand({
  name: 'export grafana',
  usage: 'export grafana --out DIR [--url URL]',
  summary: 'write Grafana dashboards on what /metrics tells',
  description:
    'Five files: findings and alerts, API performance, message delivery, database, billing. The Prometheus datasource is a variable; ' +
    'tables link to pgsteward. Importing again replaces, since each has a uid of its own.',
  examples: ['pgsteward export grafana --out dashboards --url https://pgsteward.example.com'],
  options: {
    out: { type: 'string', example: 'DIR', help: 'folder to write to' },
    url: {
      type: 'string',
      example: 'URL',
      help: 'where people open pgsteward (default: server.publicUrl, else a variable of the dashboards)',
    },
    ...CONFIG_OPTION,
    ...JSON_OPTION,
  },
  async run(positionals, options, { terminal, cwd, env }) {
    if (positionals.length > 0 || options.out === undefined)
      throw new StewardError('usage', 'into which folder?', { hint: 'pgsteward export grafana --out DIR' })
    const publicUrl = await publicUrlOf(options, { cwd, env })
    const written = await writeGrafanaDashboards(resolve(cwd, options.out), publicUrl)
    terminal.out(
      options.json
        ? `${JSON.stringify({ written }, null, 2)}\n`
        : written.map((path) => `${path}\n`).join(''),
    )
    return EXIT.clean
  },
})
