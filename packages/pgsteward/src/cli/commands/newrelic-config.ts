// pgsteward newrelic config: a configuration file for New Relic's agent, with redaction.

import { agentConfigFile } from '../../app/exports/newrelic.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { defineCommand } from '../command.ts'

export const newRelicConfig = defineCommand({
  name: 'newrelic config',
  usage: 'newrelic config [--app NAME] > newrelic.cjs',
  summary: "print a configuration file for New Relic's agent that keeps secrets back",
  description:
    'Headers, cookies and parameters are not sent, statements only without their literals, traces go across services, log lines stay. ' +
    'Keep it as newrelic.cjs where the application starts. The license key stays in NEW_RELIC_LICENSE_KEY.',
  examples: ['pgsteward newrelic config --app shop > newrelic.cjs'],
  options: {
    app: { type: 'string', example: 'NAME', help: 'the application’s name (default: application)' },
  },
  async run(positionals, options, { terminal }) {
    if (positionals.length > 0)
      throw new StewardError('usage', `"${positionals[0]}" is one argument too many`, {
        hint: 'pgsteward newrelic config --app NAME > newrelic.cjs',
      })
    terminal.out(agentConfigFile(options.app ?? 'application'))
    return EXIT.clean
  },
})
