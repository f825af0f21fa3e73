// pgsteward checks: the catalogue, or one check with its options.

import { z } from 'zod'
import { ALL_CHECKS } from '../../checks/all.ts'
import type { AnyCheck } from '../../model/check.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { AREAS } from '../../model/finding.ts'
import { nearestName } from '../../model/nearest-name.ts'
import { defineCommand, JSON_OPTION } from '../command.ts'
import { paint } from '../paint.ts'

export const checks = defineCommand({
  name: 'checks',
  usage: 'checks [CHECK]',
  summary: 'list the checks, or show one with its options and their reasons',
  description:
    'Each check has a page under docs/checks/ that says what it means, how it is measured and when to ignore it.',
  examples: ['pgsteward checks', 'pgsteward checks unused-index'],
  options: { ...JSON_OPTION },
  async run([id], options, { terminal }) {
    const shown = id === undefined ? ALL_CHECKS : [find(id)]
    if (options.json) {
      terminal.out(`${JSON.stringify(shown.map(asJson), null, 2)}\n`)
      return EXIT.clean
    }
    terminal.out(id === undefined ? listing(terminal.isColoured) : describe(shown[0]!, terminal.isColoured))
    return EXIT.clean
  },
})

function find(id: string): AnyCheck {
  const check = ALL_CHECKS.find((each) => each.id === id)
  if (check !== undefined) return check
  const nearest = nearestName(
    id,
    ALL_CHECKS.map((each) => each.id),
  )
  throw new StewardError('usage', `there is no check "${id}"`, {
    hint: nearest === null ? 'pgsteward checks lists them.' : `Did you mean ${nearest}?`,
  })
}

function listing(isColoured: boolean): string {
  const { bold } = paint(isColoured)
  const width = Math.max(...ALL_CHECKS.map((check) => check.id.length))
  return AREAS.flatMap((area) => {
    const inArea = ALL_CHECKS.filter((check) => check.area === area)
    return inArea.length === 0
      ? []
      : [bold(area), ...inArea.map((check) => `  ${check.id.padEnd(width)}  ${check.title}`), '']
  }).join('\n')
}

function describe(check: AnyCheck, isColoured: boolean): string {
  const { bold, dim } = paint(isColoured)
  const lines = [
    `${bold(check.id)}  ${check.title}`,
    dim(
      `area ${check.area}; reads ${Object.values(check.needs)
        .map((fact) => (fact as { id: string }).id)
        .join(', ')}`,
    ),
    '',
  ]
  for (const option of optionsOf(check))
    lines.push(`  ${bold(option.name)} = ${JSON.stringify(option.default)}`, `    ${option.description}`)
  return `${lines.join('\n')}\n`
}

export interface OptionDescription {
  readonly name: string
  readonly default: unknown
  readonly description: string
}

/** From the check's own schema, in the form in which people write it. */
export function optionsOf(check: AnyCheck): readonly OptionDescription[] {
  const schema = z.toJSONSchema(check.options, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, { default?: unknown; description?: string }>
  }
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    default: property.default,
    description: property.description ?? '',
  }))
}

function asJson(check: AnyCheck): object {
  return {
    id: check.id,
    area: check.area,
    title: check.title,
    needs: Object.values(check.needs).map((fact) => (fact as { id: string }).id),
    options: optionsOf(check),
  }
}
