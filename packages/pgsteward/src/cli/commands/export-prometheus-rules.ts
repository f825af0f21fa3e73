// pgsteward export prometheus-rules: alerting rules on findings, for those who page by Alertmanager.

import { prometheusRules } from '../../app/exports/dashboards-and-rules.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { CONFIG_OPTION, defineCommand } from '../command.ts'
import { publicUrlOf } from '../public-url.ts'

export const exportPrometheusRules = defineCommand({
  name: 'export prometheus-rules',
  usage: 'export prometheus-rules [--url URL]',
  summary: 'print alerting rules for Prometheus on findings',
  description:
    'For those who page by Alertmanager: one alert for each critical finding and each warning, one for a target that does not answer, one ' +
    'for pgsteward itself. Thresholds stay those of the checks. pgsteward’s own alerts know acknowledgements and silences; use one of the two.',
  examples: ['pgsteward export prometheus-rules --url https://pgsteward.example.com > pgsteward-rules.yml'],
  options: {
    url: {
      type: 'string',
      example: 'URL',
      help: 'where people open pgsteward (default: server.publicUrl, else no links)',
    },
    ...CONFIG_OPTION,
  },
  async run(positionals, options, { terminal, cwd, env }) {
    if (positionals.length > 0)
      throw new StewardError('usage', `"${positionals[0]}" is one argument too many`, {
        hint: 'pgsteward export prometheus-rules > pgsteward-rules.yml',
      })
    terminal.out(prometheusRules(await publicUrlOf(options, { cwd, env })))
    return EXIT.clean
  },
})
