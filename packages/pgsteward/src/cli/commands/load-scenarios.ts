// pgsteward load scenarios: what is built in, one scenario in full, and whether a file of one's own has mistakes.

import { builtInScenarios, findScenario, loadProfiles } from '../../app/load/find-scenarios.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import type { Scenario } from '../../model/scenario.ts'
import { defineCommand, JSON_OPTION } from '../command.ts'
import { durationMs, mostLoad, renderScenario, renderScenarioList } from '../render-scenario.ts'

export const loadScenarios = defineCommand({
  name: 'load scenarios',
  usage: 'load scenarios [ID|FILE]',
  summary: 'list the load scenarios, show one, or check a file of your own',
  description:
    'Without an argument: those that are built in, with their duration, users and flows. With one: all that it does. A file (.ts, ' +
    '.mjs, .js or .json) is checked as a whole: every mistake is told with line, column and field. Nothing is run.',
  examples: [
    'pgsteward load scenarios',
    'pgsteward load scenarios spike',
    'pgsteward load scenarios load/shop.ts',
  ],
  options: { ...JSON_OPTION },
  async run([name, ...more], options, { terminal, cwd }) {
    if (more.length > 0)
      throw new StewardError('usage', `"${more[0]}" is one argument too many`, {
        hint: 'pgsteward load scenarios [ID|FILE]',
      })
    if (name === undefined) {
      terminal.out(
        options.json
          ? `${JSON.stringify(builtInScenarios.map(asJson), null, 2)}\n`
          : renderScenarioList(builtInScenarios, loadProfiles, terminal),
      )
      return EXIT.clean
    }
    const scenario = await findScenario(name, cwd)
    terminal.out(options.json ? `${JSON.stringify(scenario, null, 2)}\n` : renderScenario(scenario, terminal))
    return EXIT.clean
  },
})

function asJson(scenario: Scenario): object {
  const { id, title, description, load, flows } = scenario
  return {
    id,
    title,
    description,
    durationMs: durationMs(scenario),
    model: load.model,
    ...mostLoad(scenario),
    flows: flows.map(({ name, weight }) => ({ name, weight })),
  }
}
