// What is different about the database itself: version, settings, schema, sizes of tables. These have no share of their own: what they
// did stands with the statements.

import type { Cause } from '../model/comparison.ts'
import type { LoadRun } from '../model/load-run.ts'
import type { Side } from './causes-side.ts'
import { numberWords } from './causes-words.ts'

type Postgres = NonNullable<LoadRun['environment']['postgres']>

const LISTED = 10

export function surroundingCauses(base: Side, head: Side): readonly Cause[] {
  const [before, after] = [lastPostgres(base), lastPostgres(head)]
  return [
    ...(before === null || after === null
      ? []
      : [
          ...versionCause(before, after),
          ...settingsCause(before, after),
          ...schemaCause(before, after, base, head),
        ]),
    ...tableCauses(base, head),
  ]
}

function lastPostgres({ runs }: Side): Postgres | null {
  return runs.findLast(({ environment }) => environment.postgres !== null)?.environment.postgres ?? null
}

function versionCause(before: Postgres, after: Postgres): readonly Cause[] {
  if (before.versionNum === after.versionNum) return []
  const [from, to] = [versionWords(before.versionNum), versionWords(after.versionNum)]
  return [cause('settings', 'PostgreSQL', `PostgreSQL ${from} became ${to}.`, [])]
}

function versionWords(versionNum: number): string {
  return `${Math.floor(versionNum / 10_000)}.${versionNum % 10_000}`
}

function settingsCause(before: Postgres, after: Postgres): readonly Cause[] {
  if (before.settingsHash === after.settingsHash) return []
  const names = [...new Set([...Object.keys(before.settings), ...Object.keys(after.settings)])].sort()
  const changed = names.filter((name) => before.settings[name] !== after.settings[name])
  if (changed.length === 0) return []
  const words = changed.map(
    (name) => `${name} from ${before.settings[name] ?? 'absent'} to ${after.settings[name] ?? 'absent'}`,
  )
  return [
    cause(
      'settings',
      changed.slice(0, LISTED).join(', '),
      `${changed.length === 1 ? 'A setting differs' : `${changed.length} settings differ`}: ${listed(words)}.`,
      changed
        .slice(0, LISTED)
        .map((name) => ({ label: name, value: after.settings[name] ?? 'absent', unit: 'text' })),
    ),
  ]
}

function schemaCause(before: Postgres, after: Postgres, base: Side, head: Side): readonly Cause[] {
  if (before.schemaHash === after.schemaHash) return []
  const [from, to] = [objectsOf(before, base), objectsOf(after, head)]
  if (from === null || to === null)
    return [cause('schema', 'schema', 'The schemas differ; the runs do not hold what in.', [])]
  const changes = [
    ...Object.keys(from)
      .filter((name) => to[name] === undefined)
      .map((name) => ({ name, words: `${name} is gone${definition(name, from[name])}` })),
    ...Object.keys(to)
      .filter((name) => from[name] === undefined)
      .map((name) => ({ name, words: `${name} is new${definition(name, to[name])}` })),
    ...Object.keys(to)
      .filter((name) => from[name] !== undefined && from[name] !== to[name])
      .map((name) => ({ name, words: `${name} is another now${definition(name, to[name])}` })),
  ]
  return [
    cause(
      'schema',
      changes
        .slice(0, LISTED)
        .map(({ name }) => name)
        .join(', '),
      `${changes.length === 1 ? 'One thing in the schema differs' : `${changes.length} things in the schema differ`}: ${listed(changes.map(({ words }) => words))}.`,
      [],
    ),
  ]
}

/** A run that came without them may share its hash with one that has them. */
function objectsOf({ schemaHash }: Postgres, { runs }: Side): Readonly<Record<string, string>> | null {
  for (const { environment } of runs) {
    const { postgres } = environment
    if (postgres?.schemaHash === schemaHash && postgres.schemaObjects !== undefined)
      return postgres.schemaObjects
  }
  return null
}

/** Tables have a hash there, which tells nobody anything. */
function definition(name: string, value: string | undefined): string {
  return value !== undefined && name.startsWith('index ') ? ` (${value})` : ''
}

/** By a fifth: what a few more runs insert is no other data. */
const GROWN = 1.2
const LEAST_ROWS = 1_000

function tableCauses(base: Side, head: Side): readonly Cause[] {
  return [...head.tables.values()].flatMap((after) => {
    const before = base.tables.get(after.name)
    if (before === undefined || Math.max(before.rows, after.rows) < LEAST_ROWS) return []
    if (after.rows < before.rows * GROWN && before.rows < after.rows * GROWN) return []
    return [
      cause(
        'table',
        after.name,
        `${after.name} has ${numberWords(after.rows)} rows, ${numberWords(before.rows)} before.`,
        [
          { label: 'rows before', value: before.rows, unit: 'count' },
          { label: 'rows now', value: after.rows, unit: 'count' },
          { label: 'size now', value: after.sizeBytes, unit: 'bytes' },
        ],
      ),
    ]
  })
}

function listed(words: readonly string[]): string {
  const more = words.length - LISTED
  return `${words.slice(0, LISTED).join('; ')}${more > 0 ? `; and ${more} more` : ''}`
}

function cause(kind: Cause['kind'], subject: string, summary: string, evidence: Cause['evidence']): Cause {
  return { kind, subject, queryId: null, summary, evidence, share: null }
}
