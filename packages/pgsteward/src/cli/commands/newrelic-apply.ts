// pgsteward newrelic apply: makes and changes in New Relic what the plan says.

import { loadConfig } from '../../app/config/load-config.ts'
import {
  applyNewRelic,
  openNewRelic,
  ownersWithoutChannel,
  planNewRelic,
} from '../../app/exports/newrelic.ts'
import { ALL_CHECKS } from '../../checks/all.ts'
import { EXIT } from '../../model/error.ts'
import { CONFIG_OPTION, defineCommand, JSON_OPTION } from '../command.ts'
import { paint } from '../paint.ts'
import { plain } from '../render-check.ts'
import { newRelicPlanJson, newRelicPlanLines } from '../render-newrelic.ts'

export const newRelicApply = defineCommand({
  name: 'newrelic apply',
  usage: 'newrelic apply --yes',
  summary: 'make and change in New Relic what `newrelic plan` says',
  description:
    'Shows the plan; with --yes it is carried out, one object after the other. A second run changes nothing. Where New Relic refuses ' +
    'something in the middle, what was made stays, and the next run continues. Nothing is ever deleted. Without --yes nothing changes, ' +
    'and the exit code is 1 where something would.',
  examples: ['pgsteward newrelic apply --yes'],
  options: {
    yes: { type: 'boolean', help: 'carry it out' },
    ...CONFIG_OPTION,
    ...JSON_OPTION,
  },
  async run(_, options, { terminal, cwd, env, signal }) {
    const file = options.config === undefined ? {} : { file: options.config }
    const { config } = await loadConfig({ checks: ALL_CHECKS, cwd, env, ...file })
    const newRelic = openNewRelic(config.exports.newRelic, env, signal, config.outbound)
    terminal.progress('reading what stands in New Relic')
    const plan = await planNewRelic(newRelic)
    const silent = ownersWithoutChannel(newRelic.settings)
    const isDone = plan.steps.every(({ action }) => action === 'leave')
    const { green } = paint(terminal.isColoured)
    if (!options.json) terminal.out(`${newRelicPlanLines(plan, silent, terminal.isColoured).join('\n')}\n`)
    if (options.yes !== true) {
      if (options.json)
        terminal.out(`${JSON.stringify({ ...newRelicPlanJson(plan, silent), applied: [] }, null, 2)}\n`)
      if (!isDone) terminal.note('nothing was changed; with --yes it is carried out\n')
      return isDone ? EXIT.clean : EXIT.gate
    }
    const outcome = await applyNewRelic(newRelic, plan, ({ step: { action, object } }) => {
      const word = action === 'create' ? 'created' : 'changed'
      if (!options.json) terminal.out(`${green(word)}  ${object.kind.padEnd(11)}  ${plain(object.name)}\n`)
    })
    if (options.json) {
      const applied = outcome.applied.map(({ step, id }) => ({
        action: step.action,
        kind: step.object.kind,
        key: step.object.key,
        id,
      }))
      const { notYetFound } = outcome
      terminal.out(
        `${JSON.stringify({ ...newRelicPlanJson(plan, silent), applied, notYetFound }, null, 2)}\n`,
      )
    }
    if (outcome.notYetFound.length > 0)
      terminal.note(
        `New Relic's search does not show yet: ${outcome.notYetFound.join(', ')}\n` +
          'Wait until `pgsteward newrelic plan` finds them before you apply again: they would be made twice.\n',
      )
    return EXIT.clean
  },
})
