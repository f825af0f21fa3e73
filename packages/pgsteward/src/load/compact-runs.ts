// Runs as a baseline's file keeps them: all that a comparison needs, once. A file in git is read in differences and carried by every
// clone; ten runs as they were measured would be megabytes.

import { LEAST_IN_WINDOW, LEAST_WINDOWS, type LoadRun, type RunSeries } from '../model/load-run.ts'

/** Statements beyond these are hundredths of the time; tables beyond are not read. */
const MOST_STATEMENTS = 20
const MOST_TABLES = 20
/** A median over an even sample of as many is the median over all; a soak test of two hours has 7,200. */
const MOST_WINDOWS = 120

/**
 * Left out: the course over the seconds and what was queued in the generator, which are for looking at the run itself. Said once for all
 * runs: texts of statements, settings and objects of the schema, which `wholeRuns` puts back.
 */
export function compactRuns(runs: readonly LoadRun[]): readonly LoadRun[] {
  const [texts, schemas, settings] = [new Set<string>(), new Set<string>(), new Set<string>()]
  const isFirst = (known: Set<string>, key: string) => {
    if (known.has(key)) return false
    known.add(key)
    return true
  }
  return runs.map((run): LoadRun => {
    const { database, environment } = run
    const { postgres } = environment
    return {
      ...run,
      timeline: [],
      series: run.series.map((series) => ({
        ...series,
        serviceHistogram: null,
        windows: compactWindows(series.windows),
      })),
      database:
        database === null
          ? null
          : {
              ...database,
              statements: database.statements
                .slice(0, MOST_STATEMENTS)
                .map((each) =>
                  each.fingerprint === '' || isFirst(texts, each.fingerprint) ? each : { ...each, text: '' },
                ),
              tables: database.tables.slice(0, MOST_TABLES),
            },
      environment:
        postgres === null
          ? environment
          : {
              ...environment,
              postgres: {
                ...(postgres.schemaObjects === undefined || isFirst(schemas, postgres.schemaHash)
                  ? postgres
                  : withoutObjects(postgres)),
                settings: isFirst(settings, postgres.settingsHash) ? postgres.settings : {},
              },
            },
    }
  })
}

/** What `compactRuns` said once is everywhere again: runs may then leave the set. */
export function wholeRuns(runs: readonly LoadRun[]): readonly LoadRun[] {
  const texts = new Map<string, string>()
  const schemas = new Map<string, Readonly<Record<string, string>>>()
  const settings = new Map<string, Record<string, string>>()
  for (const { database, environment } of runs) {
    for (const { fingerprint, text } of database?.statements ?? [])
      if (text !== '') texts.set(fingerprint, text)
    const { postgres } = environment
    if (postgres?.schemaObjects !== undefined) schemas.set(postgres.schemaHash, postgres.schemaObjects)
    if (postgres !== null && Object.keys(postgres.settings).length > 0)
      settings.set(postgres.settingsHash, postgres.settings)
  }
  return runs.map((run): LoadRun => {
    const { database, environment } = run
    const { postgres } = environment
    const objects = postgres === null ? undefined : schemas.get(postgres.schemaHash)
    return {
      ...run,
      database:
        database === null
          ? null
          : {
              ...database,
              statements: database.statements.map((each) =>
                each.text === '' ? { ...each, text: texts.get(each.fingerprint) ?? '' } : each,
              ),
            },
      environment:
        postgres === null
          ? environment
          : {
              ...environment,
              postgres: {
                ...postgres,
                settings: settings.get(postgres.settingsHash) ?? postgres.settings,
                ...(objects === undefined ? {} : { schemaObjects: { ...objects } }),
              },
            },
    }
  })
}

function compactWindows(windows: RunSeries['windows']): RunSeries['windows'] {
  if (windows === null) return null
  if (windows.count.filter((count) => count >= LEAST_IN_WINDOW).length < LEAST_WINDOWS) return null
  const every = Math.ceil(windows.count.length / MOST_WINDOWS)
  const sampled = <T>(values: readonly T[]) => values.filter((_, at) => at % every === 0)
  const short = (ms: number | null) => (ms === null ? null : Number(ms.toPrecision(4)))
  return {
    everyMs: windows.everyMs,
    count: sampled(windows.count),
    p50Ms: sampled(windows.p50Ms).map(short),
    p95Ms: sampled(windows.p95Ms).map(short),
  }
}

function withoutObjects<T extends { readonly schemaObjects?: unknown }>(postgres: T): T {
  const { schemaObjects: _, ...rest } = postgres
  return rest as T
}
