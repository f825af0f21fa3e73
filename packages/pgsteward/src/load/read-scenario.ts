// A scenario by what the user names: a built-in one, or a file, checked as a whole, so that no load begins with a mistake in it.

import { readFile } from 'node:fs/promises'
import * as nodeModule from 'node:module'
import { extname, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { StewardError } from '../model/error.ts'
import { nearestName } from '../model/nearest-name.ts'
import { type Scenario, scenarioSchema } from '../model/scenario.ts'
import { jsonProblem } from './scenario-file/json-problem.ts'
import { type Mistake, pathText } from './scenario-file/mistake.ts'
import { lineAndColumn, placeInSource } from './scenario-file/place-in-source.ts'
import { scenarioMistakes } from './scenario-file/scenario-mistakes.ts'
import { schemaMistakes } from './scenario-file/schema-mistakes.ts'
import { BUILT_IN_SCENARIOS } from './scenarios/all.ts'
import { PROFILES, type Profile, withProfile } from './scenarios/profiles.ts'

const MODULES = ['.ts', '.mts', '.js', '.mjs']
/** More would not be read, and most come from the first. */
const MOST_SHOWN = 20

/**
 * `smoke`, `load@peak`, `shop.ts`, `shop.json`. Throws 'scenario-invalid' with every mistake by file, line, column and field.
 */
export async function readScenario(idOrPath: string, cwd: string): Promise<Scenario> {
  const [, name = idOrPath, profile] = /^(.+)@(\w+)$/.exec(idOrPath) ?? []
  const scenario =
    BUILT_IN_SCENARIOS.find(({ id }) => id === name) ??
    (await readScenarioFile(resolve(cwd, name), name, cwd))
  return profile === undefined ? scenario : withProfile(scenario, knownProfile(profile))
}

function knownProfile(name: string): Profile {
  if (Object.hasOwn(PROFILES, name)) return name as Profile
  const known = Object.keys(PROFILES)
  const nearest = nearestName(name, known)
  throw new StewardError('scenario-invalid', `there is no profile "${name}"`, {
    detail: `Profiles are ${Object.entries(PROFILES)
      .map(([profile, users]) => `${profile} (${users} users)`)
      .join(', ')}.`,
    ...(nearest === null ? {} : { hint: `Did you mean @${nearest}?` }),
  })
}

async function readScenarioFile(path: string, name: string, cwd: string): Promise<Scenario> {
  const source = await textOf(path, name)
  const shown = relative(cwd, path).startsWith('..') ? path : relative(cwd, path)
  const extension = extname(path)
  if (extension !== '.json' && !MODULES.includes(extension))
    throw new StewardError('scenario-invalid', `${shown} is no scenario file`, {
      detail: `Scenarios are read from ${MODULES.join(', ')} and .json.`,
      hint: 'Rename it by what it holds: a module with a default export, or JSON.',
    })
  const input = extension === '.json' ? parseJson(source, shown) : await importDefault(path, source, shown)
  const parsed = scenarioSchema.safeParse(input)
  const mistakes = parsed.success ? scenarioMistakes(parsed.data) : schemaMistakes(parsed.error, input)
  if (mistakes.length > 0) throw invalid(shown, source, mistakes)
  return parsed.data!
}

async function textOf(path: string, name: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    const ids = BUILT_IN_SCENARIOS.map(({ id }) => id)
    const nearest = nearestName(name, ids)
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw new StewardError(
      'scenario-invalid',
      isMissing ? `there is no scenario "${name}"` : `the scenario ${name} cannot be read`,
      {
        detail: isMissing
          ? `Built in are ${ids.join(', ')}; there is no file ${path}.`
          : (cause as Error).message,
        hint:
          nearest === null || /[/.]/.test(name)
            ? 'pgsteward load scenarios lists those that are built in; a file is named by its path.'
            : `Did you mean ${nearest}?`,
        cause,
      },
    )
  }
}

function parseJson(source: string, shown: string): unknown {
  const problem = jsonProblem(source)
  if (problem === null) return JSON.parse(source.replace(/^\uFEFF/, ''))
  const { line, column } = lineAndColumn(source, problem.offset)
  throw new StewardError('scenario-invalid', `${shown} is not JSON`, {
    detail: `${shown}:${line}:${column}: ${problem.message}\n${excerpt(source, line, column)}`,
    hint: 'Mend it there. A .ts file has types and comments, and an editor that knows them.',
  })
}

async function importDefault(path: string, source: string, shown: string): Promise<unknown> {
  let loaded: { default?: unknown }
  try {
    loaded = await import(pathToFileURL(path).href)
  } catch (cause) {
    const line = lineOf(cause, path) ?? (cause instanceof SyntaxError ? syntaxLine(source) : null)
    const { code, message } = cause as NodeJS.ErrnoException
    throw new StewardError('scenario-invalid', `${shown} could not be loaded`, {
      detail: `${shown}${line === null ? '' : `:${line}`}: ${message}`,
      hint:
        code === 'ERR_UNKNOWN_FILE_EXTENSION'
          ? 'This Node.js does not run TypeScript: use Node 22.18 or newer, or write the scenario as .mjs or .json.'
          : 'It has to be a module that runs by itself: export default defineScenario({ ... })',
      cause,
    })
  }
  if (typeof loaded.default === 'object' && loaded.default !== null) return loaded.default
  const at = /(?:^|\n)[ \t]*export\s+default/.exec(source)
  const place = at === null ? '' : `:${lineAndColumn(source, at.index + at[0].search(/export/)).line}`
  throw new StewardError('scenario-invalid', `${shown} has no scenario as its default export`, {
    detail: `${shown}${place}: ${loaded.default === undefined ? 'there is no default export' : `the default export is a ${typeof loaded.default}`}, expected an object.`,
    hint: 'export default defineScenario({ ... }); data only, no functions, so that every engine can run it.',
  })
}

/** Of the file itself, from the trace: a syntax error has it in the first line, others in the first frame. */
function lineOf(error: unknown, path: string): number | null {
  const stack = (error as { stack?: unknown }).stack
  if (typeof stack !== 'string') return null
  const names = [path, pathToFileURL(path).href]
  for (const name of names) {
    const at = stack.indexOf(`${name}:`)
    const line = at === -1 ? undefined : /^(\d+)/.exec(stack.slice(at + name.length + 1))?.[1]
    if (line !== undefined) return Number(line)
  }
  return null
}

/** The runtime tells where TypeScript does not parse, and of JavaScript only that it doesn't: so it is read as TypeScript. */
function syntaxLine(source: string): number | null {
  if (!('stripTypeScriptTypes' in nodeModule)) return null
  try {
    nodeModule.stripTypeScriptTypes(source)
    return null
  } catch (error) {
    const line = /^:(\d+)\n/.exec((error as { stack?: string }).stack ?? '')?.[1]
    return line === undefined ? null : Number(line)
  }
}

function invalid(shown: string, source: string, mistakes: readonly Mistake[]): StewardError {
  const lines = mistakes.slice(0, MOST_SHOWN).map(({ path, message }) => {
    const place = placeInSource(source, path)
    const field = pathText(path)
    const where = place === null ? shown : `${shown}:${place.line}:${place.column}`
    return `${where}: ${field === '' ? '' : `${field}: `}${message}${place === null || place.isExact ? '' : ' (what this line refers to)'}`
  })
  const left = mistakes.length - lines.length
  return new StewardError(
    'scenario-invalid',
    `the scenario ${shown} has ${mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`}`,
    {
      detail: [...lines, ...(left > 0 ? [`and ${left} more`] : [])].join('\n'),
      hint: 'docs/guides/load.md shows a complete scenario; pgsteward load scenarios FILE checks one without running it.',
    },
  )
}

/** The line with a caret below the place. */
function excerpt(source: string, line: number, column: number): string {
  const text = (source.split('\n')[line - 1] ?? '').replaceAll('\t', ' ').trimEnd()
  const from = Math.max(0, column - 60)
  return `  ${text.slice(from, from + 100)}\n  ${' '.repeat(column - 1 - from)}^`
}
