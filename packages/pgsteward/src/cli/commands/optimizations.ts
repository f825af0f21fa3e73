// pgsteward optimizations: from a finding to its measured result, record by record.

import { EXIT } from '../../model/error.ts'
import { optimizationsWire, optimizationWire } from '../../model/optimization-wire.ts'
import { askServer } from '../ask-server.ts'
import { defineCommand } from '../command.ts'
import { paint } from '../paint.ts'
import {
  ACTOR_OPTION,
  actorOf,
  given,
  recordServer,
  SERVER_OPTIONS,
  TARGET_OPTION,
} from '../record-command.ts'
import { plain } from '../render-check.ts'
import { optimizationLines } from '../render-optimizations.ts'

export const optimizationsList = defineCommand({
  name: 'optimizations list',
  usage: 'optimizations list [--target ID]',
  summary: 'what was optimized, how far each is, and what it brought',
  description:
    'A record is opened when a remedy is approved or an index appears, and is completed by what is measured. Nobody has to write it.',
  examples: ['pgsteward optimizations list', 'pgsteward optimizations list --target shop --json'],
  options: { ...TARGET_OPTION, ...SERVER_OPTIONS },
  async run(_, options, { terminal, ...context }) {
    const server = await recordServer(context, options)
    const query = options.target === undefined ? '' : `?target=${encodeURIComponent(options.target)}`
    const { optimizations } = await askServer(server, `optimizations${query}`, optimizationsWire)
    terminal.out(
      options.json
        ? `${JSON.stringify(optimizations, null, 2)}\n`
        : optimizationLines(optimizations, paint(terminal.isColoured)),
    )
    return EXIT.clean
  },
})

export const optimizationsShow = defineCommand({
  name: 'optimizations show',
  usage: 'optimizations show OPT-NUMBER',
  summary: 'one record: found, cause, statements, who decided, before and after',
  description: 'Markdown once it is measured, so that it can be kept beside the code; its steps until then.',
  examples: ['pgsteward optimizations show OPT-3', 'pgsteward optimizations show OPT-3 --json'],
  options: SERVER_OPTIONS,
  async run([name], options, { terminal, ...context }) {
    const server = await recordServer(context, options)
    const is = await askServer(
      server,
      `optimizations/${encodeURIComponent(recordArgument(name))}`,
      optimizationWire,
    )
    const added = is.amendments.map(({ at, actor, text }) => `${at} ${actor}: ${text}\n`).join('')
    terminal.out(
      options.json
        ? `${JSON.stringify(is, null, 2)}\n`
        : is.document === ''
          ? `${optimizationLines([is], paint(terminal.isColoured))}${plain(added)}`
          : `${is.document}${added === '' ? '' : `\n## Added\n\n${added}`}`,
    )
    return EXIT.clean
  },
})

export const optimizationsAmend = defineCommand({
  name: 'optimizations amend',
  usage: 'optimizations amend OPT-NUMBER --text TEXT [--root-cause]',
  summary: 'add to a record what nobody could measure',
  description:
    'The text stands beside what is there, with who and when. With --root-cause it is the cause from now on; what stood there stays ' +
    "among the record's entries.",
  examples: [
    'pgsteward optimizations amend OPT-3 --root-cause --text "the list lost its LIMIT in release 41"',
  ],
  options: {
    text: { type: 'string', example: 'TEXT', help: 'what is to be added' },
    'root-cause': { type: 'boolean', help: 'it is why the finding came to be' },
    ...ACTOR_OPTION,
    ...SERVER_OPTIONS,
  },
  async run([name], options, { terminal, ...context }) {
    const record = recordArgument(name)
    const text = given(options.text, 'what is to be added?', '--text "the list lost its LIMIT in release 41"')
    const server = await recordServer(context, options)
    const is = await askServer(
      server,
      `optimizations/${encodeURIComponent(record)}/amend`,
      optimizationWire,
      {
        text,
        about: options['root-cause'] === true ? 'root-cause' : 'document',
        actor: actorOf(context, options),
      },
    )
    terminal.out(options.json ? `${JSON.stringify(is, null, 2)}\n` : `amended: ${is.name}\n`)
    return EXIT.clean
  },
})

function recordArgument(name: string | undefined): string {
  return given(name, 'which record?', 'OPT-3; `pgsteward optimizations list` has their names')
}
