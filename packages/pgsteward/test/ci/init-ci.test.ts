// The workflow as GitHub would read it: valid YAML, commands that exist, no more permissions than each job needs (V7).

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { initCi, WORKFLOW_FILE } from '../../src/app/ci/init-ci.ts'
import { readScenario } from '../../src/load/read-scenario.ts'
import { run } from '../cli/run.ts'
import { mistakeIn, pgstewardCalls } from './command-lines.ts'

interface Step {
  readonly name?: string
  readonly uses?: string
  readonly run?: string
  readonly if?: string
  readonly 'continue-on-error'?: boolean
  readonly env?: Readonly<Record<string, string>>
  readonly with?: Readonly<Record<string, unknown>>
}
interface Workflow {
  readonly on: object
  readonly permissions: object
  readonly concurrency: object
  readonly jobs: Readonly<
    Record<string, { readonly permissions?: object; readonly if?: string; readonly steps: readonly Step[] }>
  >
}

function project(files: Readonly<Record<string, string>> = {}): string {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-init-'))
  for (const [name, text] of Object.entries({ 'package.json': '{}', ...files })) {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), text)
  }
  return dir
}

const DEFAULTS = {
  isForced: false,
  design: 'interleaved',
  health: '/health',
  isAudited: true,
  scenario: null,
} as const
const textIn = (dir: string, name: string) => readFileSync(join(dir, name), 'utf8')
const workflowOf = (dir: string): Workflow => parse(textIn(dir, WORKFLOW_FILE))
const stepsOf = (workflow: Workflow) => Object.values(workflow.jobs).flatMap(({ steps }) => steps)

const PROJECTS = {
  bare: {},
  npm: {
    'package.json':
      '{"scripts":{"build":"tsc","start":"node .","seed":"node seed.js"},"devDependencies":{"pgsteward":"1"}}',
    'package-lock.json': '{}',
    'prisma/migrations/1/migration.sql': '',
    '.nvmrc': '24',
  },
  pnpm: { 'pnpm-lock.yaml': '' },
  yarn: { 'yarn.lock': '' },
}

test.each(Object.entries(PROJECTS))(
  '%s: valid YAML, shell that parses, commands and options that exist',
  async (_, files) => {
    const dir = project(files)
    await initCi({ ...DEFAULTS, dir })
    const workflow = workflowOf(dir)
    expect(Object.keys(workflow.jobs)).toEqual(['load', 'plan-check', 'audit', 'report'])
    const calls: (readonly string[])[] = []
    for (const { run, uses, name } of stepsOf(workflow)) {
      expect(
        [run, uses].filter((each) => each !== undefined),
        name,
      ).toHaveLength(1)
      if (run === undefined) continue
      expect(spawnSync('bash', ['-n'], { input: run }).stderr.toString(), name).toBe('')
      calls.push(...pgstewardCalls(run))
    }
    expect(calls.map(([first]) => first)).toEqual(['load', 'plan-check'])
    for (const call of calls) expect(await mistakeIn(call), call.join(' ')).toBeNull()
  },
)

test('a mistyped option or command would be found', async () => {
  const [call] = pgstewardCalls(`npx pgsteward load ab x --base-comand 'a b' # no`)
  expect(call).toEqual(['load', 'ab', 'x', '--base-comand', 'a b'])
  expect(await mistakeIn(call!)).toBe('load ab has no option --base-comand')
  expect(await mistakeIn(['load', 'abc'])).toBe('there is no command load abc')
  expect(await mistakeIn(['load', 'ab', '--for', '--json'])).toBe('load ab --for lacks its value')
})

test('code of the pull request runs with a token that reads; the job that writes runs none of it, and no fork', async () => {
  const dir = project()
  await initCi({ ...DEFAULTS, dir })
  const { on, permissions, concurrency, jobs } = workflowOf(dir)
  // pull_request_target would hand secrets to a fork's code
  expect(Object.keys(on)).toEqual(['pull_request'])
  expect(permissions).toEqual({ contents: 'read' })
  expect(concurrency).toMatchObject({ 'cancel-in-progress': true })
  const writing = Object.entries(jobs).filter(([, job]) =>
    JSON.stringify(job.permissions ?? {}).includes('write'),
  )
  expect(writing.map(([name]) => name)).toEqual(['report'])
  const [, report] = writing[0]!
  expect(report.if).toContain('head.repo.full_name == github.repository')
  expect(report.steps.filter(({ uses }) => uses?.startsWith('actions/checkout'))).toEqual([])
  expect(report.steps.map(({ run }) => run ?? '').join('\n')).not.toMatch(/npm|npx|pgsteward (?!\$)\w+ /)
  for (const step of stepsOf(workflowOf(dir))) {
    // an expression in a script is text of others in a shell
    expect(step.run ?? '').not.toContain('${{')
    if (step.uses?.startsWith('actions/checkout')) expect(step.with?.['persist-credentials']).toBe(false)
  }
})

test.each([
  ['npm', 'npm audit --omit=dev --audit-level=high'],
  ['pnpm', 'corepack enable && pnpm audit --prod --audit-level high'],
  ['yarn', 'corepack enable && yarn npm audit --recursive --environment production --severity high'],
] as const)(
  'known vulnerabilities by %s: of what is shipped, and nothing is installed',
  async (name, command) => {
    const dir = project(PROJECTS[name])
    await initCi({ ...DEFAULTS, dir })
    const { steps } = workflowOf(dir).jobs.audit!
    expect(steps.flatMap(({ run }) => run ?? [])).toEqual([command])
    expect(steps.every((step) => step['continue-on-error'] === undefined)).toBe(true)
  },
)

test('the audit can be left out', async () => {
  const dir = project()
  expect((await run('init', 'ci', '--dir', dir, '--no-audit')).exitCode).toBe(0)
  expect(Object.keys(workflowOf(dir).jobs)).toEqual(['load', 'plan-check', 'report'])
})

test('the summary is written and results are kept when the gate fails', async () => {
  const dir = project()
  await initCi({ ...DEFAULTS, dir })
  const steps = stepsOf(workflowOf(dir))
  const after = steps.filter(
    ({ name, uses }) => name === 'Summary of the job' || uses?.startsWith('actions/upload'),
  )
  expect(after).toHaveLength(4)
  for (const step of after) expect(step.if).toMatch(/!cancelled\(\)/)
})

test('a project says how it is installed, built, started and migrated', async () => {
  const dir = project(PROJECTS.npm)
  const { next } = await initCi({ ...DEFAULTS, dir })
  const text = textIn(dir, WORKFLOW_FILE)
  for (const part of [
    'npm run build',
    'npx prisma migrate deploy',
    'npm run seed',
    'npm start',
    'node-version-file: head/.nvmrc',
  ])
    expect(text).toContain(part)
  expect(next.join('\n')).not.toContain('install --save-dev')
  const bare = await initCi({ ...DEFAULTS, dir: project() })
  expect(bare.next[0]).toBe('npm install --save-dev pgsteward')
  expect(bare.next.join('\n')).toContain('no script "start" was found')
})

test('nothing that is there is written over, and the workflow by force alone', async () => {
  const mine = { [WORKFLOW_FILE]: 'name: mine', 'load/shop.json': '{}', 'pgsteward.config.ts': '// mine' }
  const dir = project(mine)
  const first = await initCi({ ...DEFAULTS, dir })
  expect(first.written).toEqual([])
  expect(first.kept).toEqual([WORKFLOW_FILE, 'load/shop.json', 'pgsteward.config.ts'])
  const second = await initCi({ ...DEFAULTS, dir, isForced: true })
  expect(second.written).toEqual([WORKFLOW_FILE])
  expect(textIn(dir, 'load/shop.json')).toBe('{}')
  expect(textIn(dir, 'pgsteward.config.ts')).toBe('// mine')
  expect(textIn(dir, WORKFLOW_FILE)).toContain('load ab load/shop.json')
})

test('the starter scenario and configuration are valid as they are', async () => {
  const dir = project()
  await initCi({ ...DEFAULTS, dir })
  const data = textIn(dir, 'load/ci.ts').replace(/^import .*$/m, 'const defineScenario = (x) => x')
  writeFileSync(join(dir, 'load/tried.mjs'), data)
  expect((await readScenario('load/tried.mjs', dir)).id).toBe('ci')
  expect(textIn(dir, 'pgsteward.config.ts')).toContain("from 'pgsteward/config'")
})

test('the first push comments, later ones update that comment; each report has its own', async () => {
  const dir = project()
  await initCi({ ...DEFAULTS, dir })
  const script = stepsOf(workflowOf(dir)).find(({ name }) => name === 'Comment on the pull request')!.run!
  const work = project({ 'reports/load.md': 'slower', 'reports/plan-check.md': 'planned' })
  // answers the question for earlier comments with their ids, and writes down what it is told to do
  writeFileSync(
    join(work, 'gh'),
    `#!/bin/sh
case "$*" in
  *--paginate*) case "$MARKER" in *plan-check*) test ! -f commented || echo 7 ;; *) test ! -f commented || echo 5 ;; esac ;;
  *) echo "$* $(head -n 1 comment.md)" >> done ;;
esac
`,
    { mode: 0o755 },
  )
  const env = { PATH: `${work}:${process.env.PATH}`, GITHUB_REPOSITORY: 'a/b', PULL_REQUEST: '3' }
  const push = () => spawnSync('bash', ['-e', '-c', script], { cwd: work, env }).status
  expect(push()).toBe(0)
  writeFileSync(join(work, 'commented'), '')
  expect(push()).toBe(0)
  expect(textIn(work, 'done').trim().split('\n')).toEqual([
    'api --silent repos/a/b/issues/3/comments -F body=@comment.md <!-- pgsteward load -->',
    'api --silent repos/a/b/issues/3/comments -F body=@comment.md <!-- pgsteward plan-check -->',
    'api --silent --method PATCH repos/a/b/issues/comments/5 -F body=@comment.md <!-- pgsteward load -->',
    'api --silent --method PATCH repos/a/b/issues/comments/7 -F body=@comment.md <!-- pgsteward plan-check -->',
  ])
})

test.each([
  [['--scenario', 'x; rm -rf /'], 'is no plain name'],
  [['--health', '/$(id)'], 'is no plain path'],
  [['--health', 'health'], 'is no plain path'],
  [['--design', 'duett'], 'Did you mean --design duet?'],
  [['here'], 'one argument too many'],
])(
  '%j is refused: it would stand in a shell command of the workflow, or mean nothing',
  async (args, text) => {
    const { exitCode, note } = await run('init', 'ci', ...args)
    expect([exitCode, note.includes(text) ? text : note]).toEqual([2, text])
  },
)

test('the command says what it wrote and what to do now', async () => {
  const dir = project()
  const { exitCode, out } = await run('init', 'ci', '--dir', dir)
  expect(exitCode).toBe(0)
  for (const name of [WORKFLOW_FILE, 'load/ci.ts', 'pgsteward.config.ts'])
    expect(out).toContain(`written  ${name}`)
  expect((await run('init', 'ci', '--dir', dir)).out).toContain(
    `kept     ${WORKFLOW_FILE}, which is there already`,
  )
  expect(JSON.parse((await run('init', 'ci', '--dir', dir, '--json')).out).written).toEqual([])
})

test('without a package.json it says what it needs', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-init-'))
  await expect(initCi({ ...DEFAULTS, dir })).rejects.toThrow('there is no')
})
