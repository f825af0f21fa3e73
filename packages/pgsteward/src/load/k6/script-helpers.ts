// What generated scripts need besides k6: small functions, each written into a script only where it is used.

import { CHANCE } from './script-text.ts'

interface Helper {
  readonly needs: readonly string[]
  readonly text: string
}

export const SCRIPT_HELPERS: Readonly<Record<string, Helper>> = {
  between: {
    needs: [],
    text: `/** A whole number, both ends included. */
function between(low: number, high: number): number {
  return low + Math.floor(${CHANCE} * (high - low + 1))
}`,
  },
  think: {
    needs: ['sleep'],
    text: `/** Think time in seconds, evenly between the two. */
function think(least: number, most: number): void {
  sleep(least + ${CHANCE} * (most - least))
}`,
  },
  uuid: {
    needs: ['between'],
    text: `function uuid(): string {
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (digit) =>
    (digit === 'x' ? between(0, 15) : between(8, 11)).toString(16),
  )
}`,
  },
  uri: {
    needs: [],
    text: `function uri(value: Value): string {
  return encodeURIComponent(String(value))
}`,
  },
  has: {
    needs: [],
    text: `function has(value: Value): boolean {
  return value !== undefined && value !== null && value !== ''
}`,
  },
  given: {
    needs: ['check'],
    text: `/** A request whose values were not found before is not made; the failed check tells. */
function given(step: string, values: Vars): boolean {
  const missing = Object.keys(values).filter((name) => values[name] === undefined)
  for (const name of missing) check(null, { [\`\${step}: has {{\${name}}}\`]: () => false }, { name: step })
  return missing.length === 0
}`,
  },
  at: {
    needs: ['response'],
    text: `/** \`rows.0.id\` of the answer's JSON; \`*\` is one of a list, by chance. Undefined: it is not there. */
function at(res: Response, path: string): unknown {
  let value: unknown
  try {
    value = res.json()
  } catch {
    return undefined
  }
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    const fields = value as Record<string, unknown>
    const names = Object.keys(fields)
    const one = name === '*' ? names[Math.floor(${CHANCE} * names.length)] : name
    value = one !== undefined && names.includes(one) ? fields[one] : undefined
  }
  return value
}`,
  },
  found: {
    needs: ['at'],
    text: `function found(res: Response, path: string): Value {
  const value = at(res, path)
  if (value === null) return undefined
  return typeof value === 'object' ? JSON.stringify(value) : (value as Value)
}`,
  },
  header: {
    needs: ['response'],
    text: `function header(res: Response, name: string): string | undefined {
  const found = Object.keys(res.headers).find((each) => each.toLowerCase() === name.toLowerCase())
  return found === undefined ? undefined : res.headers[found]
}`,
  },
  row: {
    needs: ['exec'],
    text: `/** Each virtual user has a row of its own, as long as there are enough. */
function row(table: keyof typeof data): Row {
  const rows = data[table]
  return rows[(exec.vu.idInTest - 1) % rows.length] as Row
}`,
  },
}

/** With what they need themselves. */
export function withNeeds(used: ReadonlySet<string>): ReadonlySet<string> {
  const all = new Set(used)
  for (const name of all) for (const need of SCRIPT_HELPERS[name]?.needs ?? []) all.add(need)
  return all
}
