// pgsteward newrelic plan: what would be made or changed in New Relic; changes nothing.

import { loadConfig } from '../../app/config/load-config.ts'
import { openNewRelic, ownersWithoutChannel, planNewRelic } from '../../app/exports/newrelic.ts'
import { ALL_CHECKS } from '../../checks/all.ts'
import { EXIT } from '../../model/error.ts'
import { CONFIG_OPTION, defineCommand, JSON_OPTION } from '../command.ts'
import { newRelicPlanJson, newRelicPlanLines } from '../render-newrelic.ts'

export const newRelicPlan = defineCommand({
  name: 'newrelic plan',
  usage: 'newrelic plan',
  summary: 'what would be made or changed in New Relic: policies, conditions, dashboards, workflows',
  description:
    'Reads what stands in the account of exports.newRelic and compares it field by field with what pgsteward would have there: 8 alert ' +
    'policies, 4 dashboards, a workflow for each owner with a channel. Objects of others are never touched: ours are known by the mark ' +
    'in their names. The user key is taken from NEW_RELIC_API_KEY. Exit code 1 means that something would be made or changed.',
  examples: ['pgsteward newrelic plan', 'pgsteward newrelic plan --json'],
  options: { ...CONFIG_OPTION, ...JSON_OPTION },
  async run(_, options, { terminal, cwd, env, signal }) {
    const file = options.config === undefined ? {} : { file: options.config }
    const { config } = await loadConfig({ checks: ALL_CHECKS, cwd, env, ...file })
    const newRelic = openNewRelic(config.exports.newRelic, env, signal, config.outbound)
    terminal.progress('reading what stands in New Relic')
    const plan = await planNewRelic(newRelic)
    const silent = ownersWithoutChannel(newRelic.settings)
    terminal.out(
      options.json
        ? `${JSON.stringify(newRelicPlanJson(plan, silent), null, 2)}\n`
        : `${newRelicPlanLines(plan, silent, terminal.isColoured).join('\n')}\n`,
    )
    return plan.steps.every(({ action }) => action === 'leave') ? EXIT.clean : EXIT.gate
  },
})
