// pgsteward incidents: what hurts, since when, who has it in hand; and what people add to its timeline.

import { z } from 'zod'
import { EXIT, StewardError } from '../../model/error.ts'
import { SEVERITIES } from '../../model/finding.ts'
import { INCIDENT_ROLES, incidentsWire, incidentWire } from '../../model/incident-wire.ts'
import { targetWire } from '../../model/wire.ts'
import { oneOf } from '../arguments.ts'
import { askServer } from '../ask-server.ts'
import { type AnyCommand, defineCommand } from '../command.ts'
import { addToIncident, incidentArgument } from '../incident-entry.ts'
import { paint } from '../paint.ts'
import {
  ACTOR_OPTION,
  actorOf,
  given,
  recordServer,
  SERVER_OPTIONS,
  TARGET_OPTION,
} from '../record-command.ts'
import { incidentLines, incidentsLines } from '../render-incidents.ts'

export const incidentsList = defineCommand({
  name: 'incidents list',
  usage: 'incidents list [--target ID] [--all]',
  summary: 'what hurts and who has it in hand; with --all what is over, too',
  description:
    'The latest first, with the times to detect, to acknowledge and to recover. An incident that is resolved is listed until it is reviewed.',
  examples: ['pgsteward incidents list', 'pgsteward incidents list --all --json'],
  options: { ...TARGET_OPTION, all: { type: 'boolean', help: 'also the reviewed ones' }, ...SERVER_OPTIONS },
  async run(_, options, { terminal, ...context }) {
    const server = await recordServer(context, options)
    const query = options.target === undefined ? '' : `?target=${encodeURIComponent(options.target)}`
    const { incidents } = await askServer(server, `incidents${query}`, incidentsWire)
    const shown = incidents.filter(
      ({ state, openItems }) => options.all === true || state !== 'reviewed' || (openItems ?? 0) > 0,
    )
    terminal.out(
      options.json
        ? `${JSON.stringify(shown, null, 2)}\n`
        : incidentsLines(shown, paint(terminal.isColoured)),
    )
    return EXIT.clean
  },
})

export const incidentsShow = defineCommand({
  name: 'incidents show',
  usage: 'incidents show INC-NUMBER',
  summary: 'one incident: alerts, times, timeline, review',
  description:
    'The timeline is in order of when things happened; what was written down later stands where it belongs.',
  examples: ['pgsteward incidents show INC-7', 'pgsteward incidents show INC-7 --json'],
  options: SERVER_OPTIONS,
  async run([name], options, { terminal, ...context }) {
    const record = incidentArgument(name)
    const server = await recordServer(context, options)
    const is = await askServer(server, `incidents/${encodeURIComponent(record)}`, incidentWire)
    terminal.out(
      options.json ? `${JSON.stringify(is, null, 2)}\n` : incidentLines(is, paint(terminal.isColoured)),
    )
    return EXIT.clean
  },
})

export const incidentsOpen = defineCommand({
  name: 'incidents open',
  usage: 'incidents open TITLE [--target ID] [--severity critical|warning|info] [--since TIME]',
  summary: 'open an incident that no alert has told of',
  description:
    'Critical alerts open one by themselves. Alerts of the target that come within a quarter of an hour join it. It ends when a person says so.',
  examples: ['pgsteward incidents open "customers cannot pay" --since 2026-11-20T09:40:00Z'],
  options: {
    ...TARGET_OPTION,
    severity: { type: 'string', example: 'SEVERITY', help: `${SEVERITIES.join(', ')} (default critical)` },
    since: { type: 'string', example: 'TIME', help: 'when it began (default now)' },
    ...ACTOR_OPTION,
    ...SERVER_OPTIONS,
  },
  async run(words, options, { terminal, ...context }) {
    const title = given(words.join(' '), 'what happens?', '"customers cannot pay"')
    const server = await recordServer(context, options)
    const targets = await askServer(server, 'targets', z.array(targetWire))
    const target = options.target ?? (targets.length === 1 ? targets[0]!.id : undefined)
    if (target === undefined)
      throw new StewardError('usage', 'an incident of which target?', {
        hint: `Choose one with --target: ${targets.map(({ id }) => id).join(', ')}`,
      })
    const is = await askServer(server, 'incidents', incidentWire, {
      target,
      title,
      ...(options.severity === undefined
        ? {}
        : { severity: oneOf('--severity', options.severity, SEVERITIES, 'critical') }),
      ...(options.since === undefined ? {} : { startedAt: momentOf(options.since, '--since') }),
      actor: actorOf(context, options),
    })
    terminal.out(options.json ? `${JSON.stringify(is, null, 2)}\n` : `opened: ${is.name}\n`)
    return EXIT.clean
  },
})

const TEXT_OPTIONS = {
  text: { type: 'string', example: 'TEXT', help: 'in words' },
  ...ACTOR_OPTION,
  ...SERVER_OPTIONS,
} as const

/** A command that adds a sentence. */
function sentence(
  name: string,
  action: 'noted' | 'status-told' | 'cause-found' | 'reopened',
  summary: string,
  description: string,
  example: string,
): AnyCommand {
  return defineCommand({
    name: `incidents ${name}`,
    usage: `incidents ${name} INC-NUMBER --text TEXT`,
    summary,
    description,
    examples: [`pgsteward incidents ${name} INC-7 --text "${example}"`],
    options: TEXT_OPTIONS,
    run: ([record], options, context) =>
      addToIncident(record, options, context, () => ({
        action,
        text: given(options.text, 'what is to be written down?', `--text "${example}"`),
      })),
  })
}

export const incidentsNote = sentence(
  'note',
  'noted',
  'write down what was seen or done',
  'It stands in the timeline with who and when.',
  'pool raised to 40 on web-2',
)
export const incidentsStatus = sentence(
  'status',
  'status-told',
  'write down what others were told',
  'Support and customers are told; the incident keeps what and when.',
  'payments fail for one in five; next word at 10:30',
)
export const incidentsCause = sentence(
  'cause',
  'cause-found',
  'write down why it happened',
  "The last that was written holds; the review's root cause takes its place.",
  'release 1.5 dropped the index on orders.day',
)
export const incidentsReopen = sentence(
  'reopen',
  'reopened',
  'it is not over after all',
  'Of an incident that is mitigated or resolved; one that is reviewed stays as it is. Alerts that come back do this by themselves.',
  'the queue fills again',
)

/** A command that ends a phase, perhaps some time ago. */
function phase(
  name: string,
  action: 'mitigated' | 'resolved',
  summary: string,
  description: string,
  example: string,
): AnyCommand {
  return defineCommand({
    name: `incidents ${name}`,
    usage: `incidents ${name} INC-NUMBER --text TEXT [--at TIME]`,
    summary,
    description,
    examples: [`pgsteward incidents ${name} INC-7 --text "${example}"`],
    options: { at: { type: 'string', example: 'TIME', help: 'when (default now)' }, ...TEXT_OPTIONS },
    run: ([record], options, context) =>
      addToIncident(record, options, context, () => ({
        action,
        text: given(options.text, 'by what?', `--text "${example}"`),
        ...(options.at === undefined ? {} : { happenedAt: momentOf(options.at, '--at') }),
      })),
  })
}

export const incidentsMitigate = phase(
  'mitigate',
  'mitigated',
  'it no longer hurts users, though its cause may stand',
  'The time to mitigate ends here.',
  'release 1.5 rolled back',
)
export const incidentsResolve = phase(
  'resolve',
  'resolved',
  'it is over',
  'The time to recover ends here. An incident that an alert opened does this by itself when none of its alerts is critical any more.',
  'index rebuilt, latencies as before',
)

export const incidentsAck = defineCommand({
  name: 'incidents ack',
  usage: 'incidents ack INC-NUMBER',
  summary: 'somebody has it in hand',
  description:
    'For incidents that a person opened. `pgsteward alerts ack` acknowledges an alert, which stops its escalation and stands in its incident by itself.',
  examples: ['pgsteward incidents ack INC-7'],
  options: TEXT_OPTIONS,
  run: ([record], options, context) =>
    addToIncident(record, options, context, () => ({ action: 'acknowledged', text: options.text ?? '' })),
})

export const incidentsRole = defineCommand({
  name: 'incidents role',
  usage: `incidents role INC-NUMBER ${INCIDENT_ROLES.join('|')} [NAME]`,
  summary: 'who does what: one person a role',
  description:
    'The commander decides, operations changes things, communications tells others, the scribe writes down. Default: who asks.',
  examples: ['pgsteward incidents role INC-7 commander ada'],
  options: { ...ACTOR_OPTION, ...SERVER_OPTIONS },
  run: ([record, role, name], options, context) =>
    addToIncident(record, options, context, () => ({
      action: 'role-taken',
      role: oneOf('role', role, INCIDENT_ROLES, 'commander'),
      name: name ?? actorOf(context, options),
    })),
})

/** Throws 'usage' where it is no moment. */
function momentOf(text: string, option: string): string {
  const at = Date.parse(text)
  if (Number.isFinite(at)) return new Date(at).toISOString()
  throw new StewardError('usage', `${option} ${text} is no time`, { hint: 'Such as 2026-11-20T09:40:00Z.' })
}
