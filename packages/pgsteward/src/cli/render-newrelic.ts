// A plan for New Relic as text: what would be made, what differs and how, what is left.

import type { Plan, Step } from '../app/exports/newrelic.ts'
import { paint } from './paint.ts'
import { plain } from './render-check.ts'

const SHOWN_OF_VALUE = 60
const SHOWN_DIFFERENCES = 5

export function newRelicPlanLines(
  plan: Plan,
  withoutChannel: readonly string[],
  isColoured: boolean,
): readonly string[] {
  const { bold, dim, yellow } = paint(isColoured)
  const count = (action: Step['action']) => plan.steps.filter((step) => step.action === action).length
  const lines = plan.steps
    .filter(({ action }) => action !== 'leave')
    .flatMap((step) => stepLines(step, isColoured))
  if (lines.length > 0) lines.push('')
  lines.push(
    bold(`${count('create')} to create, ${count('change')} to change, ${count('leave')} as they should be`) +
      dim(`; ${plan.foreign.length} made by others, left alone`),
  )
  for (const { kind, name } of plan.leftOver)
    lines.push(
      `${yellow('left over')}  ${kind} ${plain(name)}: no longer wanted, or there twice; delete it in New Relic`,
    )
  if (withoutChannel.length > 0)
    lines.push(
      `${yellow('nobody is told')}  of issues for ${withoutChannel.join(', ')}: exports.newRelic.channels has no such channel`,
    )
  return lines
}

function stepLines({ action, object, differences }: Step, isColoured: boolean): readonly string[] {
  const { green, yellow, dim } = paint(isColoured)
  const head = `${action === 'create' ? green('create') : yellow('change')}  ${object.kind.padEnd(11)}  ${plain(object.name)}`
  const shown = differences.slice(0, SHOWN_DIFFERENCES).map(({ path, from, to }) =>
    // addresses of webhooks are secrets
    object.kind === 'destination'
      ? dim(`          ${path}`)
      : dim(`          ${path}: ${shortened(from)} -> ${shortened(to)}`),
  )
  const more = differences.length - shown.length
  return [head, ...shown, ...(more > 0 ? [dim(`          and ${more} more`)] : [])]
}

function shortened(value: unknown): string {
  const text = plain(typeof value === 'string' ? value : JSON.stringify(value))
  return text.length > SHOWN_OF_VALUE ? `${text.slice(0, SHOWN_OF_VALUE)}…` : text
}

/** For --json: what a program needs to know, without addresses of destinations. */
export function newRelicPlanJson(plan: Plan, withoutChannel: readonly string[]) {
  const named = ({ kind, id, name }: Plan['foreign'][number]) => ({ kind, id, name })
  return {
    steps: plan.steps.map(({ action, object: { kind, key, name }, standing, differences }) => ({
      action,
      kind,
      key,
      name,
      id: standing?.id ?? null,
      differences: kind === 'destination' ? differences.map(({ path }) => ({ path })) : differences,
    })),
    leftOver: plan.leftOver.map(named),
    foreign: plan.foreign.map(named),
    ownersWithoutChannel: withoutChannel,
  }
}
