// Runs a generated script in Node, with small stand-ins for k6's modules: what it asks for, in which order, and what it makes of answers.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface ScriptCall {
  readonly method: string
  readonly url: string
  readonly body: unknown
  readonly params: {
    readonly tags: Readonly<Record<string, string>>
    readonly headers?: Readonly<Record<string, string>>
    readonly [name: string]: unknown
  }
}

export interface ScriptRun {
  readonly options: Record<string, unknown>
  readonly calls: readonly ScriptCall[]
  readonly checks: readonly (readonly [name: string, passed: boolean, tags: Record<string, string>])[]
  readonly slept: readonly number[]
}

export interface CannedAnswer {
  readonly status?: number
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

const MODULES: Readonly<Record<string, string>> = {
  'index.js': `export const check = (res, checks, tags) => {
  for (const [name, judge] of Object.entries(checks)) globalThis.run.checks.push([name, judge(res), tags ?? {}])
}
export const sleep = (seconds) => globalThis.run.slept.push(seconds)
export const randomSeed = () => {}`,
  'data.js': 'export class SharedArray { constructor(name, make) { return make() } }',
  'execution.js': 'export default { vu: globalThis.vu }',
  'http.js': `const call = (method, url, body, params) => {
  globalThis.run.calls.push({ method, url, body, params })
  const answer = globalThis.answers[method + ' ' + new URL(url).pathname] ?? {}
  const text = answer.body ?? '{}'
  return { status: answer.status ?? 200, headers: answer.headers ?? {}, body: text, json: () => JSON.parse(text) }
}
export default {
  get: (url, params) => call('GET', url, null, params),
  head: (url, params) => call('HEAD', url, null, params),
  post: (url, body, params) => call('POST', url, body, params),
  put: (url, body, params) => call('PUT', url, body, params),
  patch: (url, body, params) => call('PATCH', url, body, params),
  del: (url, body, params) => call('DELETE', url, body, params),
  request: call,
  expectedStatuses: (...statuses) => statuses,
}`,
  'options.js': 'export {}',
}

/** `answers` by method and path; what has none is answered 200 with {}. */
export function runScript(
  script: string,
  answers: Readonly<Record<string, CannedAnswer>> = {},
  {
    iterations = 1,
    user = 1,
    env = {},
  }: { iterations?: number; user?: number; env?: Record<string, string> } = {},
): ScriptRun {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-test-script-'))
  try {
    const modules = join(dir, 'node_modules', 'k6')
    mkdirSync(modules, { recursive: true })
    const exports = Object.fromEntries(
      Object.keys(MODULES).map((file) => [
        file === 'index.js' ? '.' : `./${file.replace('.js', '')}`,
        `./${file}`,
      ]),
    )
    writeFileSync(join(modules, 'package.json'), JSON.stringify({ name: 'k6', type: 'module', exports }))
    for (const [file, text] of Object.entries(MODULES)) writeFileSync(join(modules, file), text)
    writeFileSync(join(dir, 'package.json'), '{"type":"module"}')
    writeFileSync(join(dir, 'script.ts'), script)
    writeFileSync(
      join(dir, 'main.mjs'),
      `globalThis.run = { calls: [], checks: [], slept: [] }
globalThis.vu = { idInTest: ${user}, iterationInScenario: 0 }
globalThis.answers = ${JSON.stringify(answers)}
globalThis.__ENV = ${JSON.stringify(env)}
globalThis.__VU = ${user}
// the same chance in every run
let state = 42
Math.random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return state / 4294967296
}
const { default: iteration, options } = await import('./script.ts')
for (let at = 0; at < ${iterations}; at += 1) {
  globalThis.vu.iterationInScenario = at
  iteration()
}
process.stdout.write(JSON.stringify({ options, ...globalThis.run }))`,
    )
    const { status, stdout, stderr } = spawnSync(process.execPath, ['main.mjs'], {
      cwd: dir,
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(stderr)
    return JSON.parse(stdout) as ScriptRun
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
