// Texts with placeholders as expressions of the script; what they use of it is noted, so that the script holds no helper too many.

import { StewardError } from '../../model/error.ts'
import { inTemplate, key, quoted } from './script-text.ts'

export interface Used {
  /** Names of helpers. */
  readonly helpers: Set<string>
  readonly env: Set<string>
}

export interface ExpressionScope {
  readonly tables: ReadonlySet<string>
  readonly used: Used
  /** Extracted values that the text needs: without them the request is not made. */
  readonly needed: Set<string>
}

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g

/** `wrap` encodes each value, such as for a URL. Without placeholders a plain string. */
export function textExpression(
  text: string,
  scope: ExpressionScope,
  wrap: (expression: string) => string = (each) => each,
  prefix = '',
): string {
  let template = prefix
  let hasPlaceholder = prefix !== ''
  let from = 0
  for (const match of text.matchAll(PLACEHOLDER)) {
    hasPlaceholder = true
    template += `${inTemplate(text.slice(from, match.index))}\${${wrap(valueExpression(match[1]!, scope))}}`
    from = match.index + match[0].length
  }
  return hasPlaceholder ? `\`${template}${inTemplate(text.slice(from))}\`` : quoted(text)
}

/** A body of JSON as an object literal; a text that is one placeholder and nothing else keeps the value's type. */
export function jsonExpression(value: unknown, scope: ExpressionScope): string {
  if (typeof value === 'string') {
    const only = /^\s*\{\{\s*([^{}]*?)\s*\}\}\s*$/.exec(value)?.[1]
    return only === undefined ? textExpression(value, scope) : valueExpression(only, scope)
  }
  if (Array.isArray(value)) return `[${value.map((each) => jsonExpression(each, scope)).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([name, each]) => `${key(name)}: ${jsonExpression(each, scope)}`)
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
  }
  return JSON.stringify(value) ?? 'null'
}

/** One field a line, for an object that is too long for one. */
export function longJsonLines(value: unknown, scope: ExpressionScope): readonly string[] | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  return [
    '{',
    ...Object.entries(value).map(([name, each]) => `  ${key(name)}: ${jsonExpression(each, scope)},`),
    '}',
  ]
}

function valueExpression(inside: string, { tables, used, needed }: ExpressionScope): string {
  const use = (helper: string) => used.helpers.add(helper)
  if (inside === 'uuid') {
    use('uuid')
    return 'uuid()'
  }
  if (inside === 'user') {
    use('exec')
    return 'exec.vu.idInTest'
  }
  if (inside === 'iteration') {
    use('exec')
    return 'exec.vu.iterationInScenario'
  }
  const range = /^random\s+(-?\d+)\s+(-?\d+)$/.exec(inside)
  if (range !== null) {
    use('between')
    return `between(${Number(range[1])}, ${Number(range[2])})`
  }
  const environment = /^env\.(\w+)$/.exec(inside)?.[1]
  if (environment !== undefined) {
    used.env.add(environment)
    use('environment')
    return `env.${environment}`
  }
  const [, table, column] = /^(\w+)\.(\w+)$/.exec(inside) ?? []
  if (table !== undefined && tables.has(table)) {
    use('row')
    return `row(${quoted(table)}).${column}`
  }
  if (/^[A-Za-z_]\w*$/.test(inside)) {
    needed.add(inside)
    return `vars.${inside}`
  }
  throw new StewardError('scenario-invalid', `{{${inside}}} is no placeholder`, {
    detail:
      'There are {{NAME}} (extracted before), {{TABLE.COLUMN}} of data, {{uuid}}, {{random 1 100}}, {{user}}, {{iteration}} and {{env.NAME}}.',
  })
}
