// Holds the floors: which folder may import which. ARCHITECTURE.md carries the same table, and a test keeps the two equal.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { FLOORS } from './floors.ts'

const source = resolve(import.meta.dirname, '../src')
const files = readdirSync(source, { recursive: true })
  .map(String)
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))

interface Violation {
  readonly file: string
  readonly why: string
}

/** `read` gives a file's text, so that the rules themselves can be tested on made-up files. */
function violations(paths: readonly string[], read: (path: string) => string): readonly Violation[] {
  return paths.flatMap((file) => {
    const text = read(file)
    const folder = file.split('/')[0]!
    const floor = FLOORS[folder]
    if (!file.includes('/')) return []
    if (floor === undefined) return [{ file, why: `folder ${folder} has no floor` }]
    const found: Violation[] = []
    for (const imported of importsOf(text)) {
      if (!imported.startsWith('.')) continue
      const target = relative(source, resolve(dirname(join(source, file)), imported)).split('/')[0]!
      if (target !== folder && !floor.mayImport.includes(target))
        found.push({ file, why: `${folder} may not import ${target}` })
    }
    for (const rule of RULES) {
      if (rule.pattern.test(withoutComments(text)) && !rule.allowed(file)) found.push({ file, why: rule.why })
    }
    return found
  })
}

function importsOf(text: string): readonly string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map((match) => match[1]!)
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
}

const RULES: readonly { pattern: RegExp; allowed: (file: string) => boolean; why: string }[] = [
  {
    pattern: /\bprocess\.(env|exit|stdout|stderr)\b/,
    // a benchmark prints in users' own tests, where there is no terminal of ours
    allowed: (file) =>
      ['cli/main.ts', 'cli/process-terminal.ts', 'benchmark/standard-output.ts'].includes(file),
    why: 'only cli/ reads the environment, writes to the terminal or ends the process',
  },
  {
    pattern: /\bconsole\./,
    allowed: () => false,
    why: 'nothing prints by console; commands have a terminal, the server a log',
  },
  {
    pattern: /\bnew Date\(\)|\bDate\.now\(\)|\bMath\.random\(\)/,
    allowed: (file) => /^(app|cli|server)\//.test(file) || CLOCK_BELOW_APP.has(file) || file === SCRIPT_TEXT,
    why: 'nothing below app reads the clock or randomness: now is an argument',
  },
  {
    pattern: /from 'pg'|import\('pg'\)/,
    allowed: (file) => file.startsWith('postgres/') || file.startsWith('store/'),
    why: 'postgres/connect.ts is the only way out to a target',
  },
  {
    pattern: /postgres\/private-session\.ts'/,
    allowed: (file) => file.startsWith('twin/hosts/native-'),
    why: 'a session without bounds is for a twin on a private server alone',
  },
  {
    pattern: /maintenanceUrl/,
    // the demo's own database, whose URL it hands to the configuration
    allowed: (file) => /^(maintain|model|app)\//.test(file) || file === 'cli/commands/demo.ts',
    why: 'only maintain/ opens the write-capable URL',
  },
  {
    pattern: /isWriting:/,
    allowed: (file) => file.startsWith('maintain/'),
    why: 'only maintain/ opens a session that may write',
  },
  {
    pattern: /^\s*export default\b/m,
    // the text of files that users get
    allowed: (file) => file === 'app/ci/starter-files.ts',
    why: 'no default exports',
  },
  {
    pattern: /pg_stat_statements_reset|pg_stat_reset/,
    allowed: () => false,
    why: "a target's statistics are never reset",
  },
]

/** Waiting for a process or a lock to come or go is about real time. */
const CLOCK_BELOW_APP = new Set(['benchmark/performance-benchmark.ts', 'postgres/local-server.ts'])

/** Holds the words in which k6 scripts draw lots, as text. */
const SCRIPT_TEXT = 'load/k6/script-text.ts'

test('every file keeps to its floor', () => {
  expect(violations(files, (path) => readFileSync(join(source, path), 'utf8'))).toEqual([])
})

test('a broken rule is named', () => {
  const broken: Readonly<Record<string, string>> = {
    'checks/index/asks.ts': "import { openSession } from '../../postgres/connect.ts'",
    'model/grown.ts': "import { diff } from '../collect/diff.ts'",
    'evaluate/hasty.ts': 'const now = new Date()',
    'collect/direct.ts': "import pg from 'pg'",
    'twin/far-reaching.ts': "import { openPrivateSession } from '../postgres/private-session.ts'",
    'attic/old.ts': '',
    'notify/loud.ts': "console.log('hello')",
    'report/impatient.ts': 'process.exit(1)',
  }
  expect(violations(Object.keys(broken), (path) => broken[path]!)).toEqual([
    { file: 'checks/index/asks.ts', why: 'checks may not import postgres' },
    { file: 'model/grown.ts', why: 'model may not import collect' },
    { file: 'evaluate/hasty.ts', why: 'nothing below app reads the clock or randomness: now is an argument' },
    { file: 'collect/direct.ts', why: 'postgres/connect.ts is the only way out to a target' },
    {
      file: 'twin/far-reaching.ts',
      why: 'a session without bounds is for a twin on a private server alone',
    },
    { file: 'attic/old.ts', why: 'folder attic has no floor' },
    { file: 'notify/loud.ts', why: 'nothing prints by console; commands have a terminal, the server a log' },
    {
      file: 'report/impatient.ts',
      why: 'only cli/ reads the environment, writes to the terminal or ends the process',
    },
  ])
})

test('the table in ARCHITECTURE.md is the one held here', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../../ARCHITECTURE.md'), 'utf8')
  const rows = Object.entries(FLOORS).map(
    ([folder, { floor, job, mayImport, mustNot }]) =>
      `| ${floor} | \`${folder}/\` | ${job} | ${mayImport.length === 0 ? '-' : mayImport.join(', ')} | ${mustNot} |`,
  )
  for (const row of rows) expect(page).toContain(row)
})
