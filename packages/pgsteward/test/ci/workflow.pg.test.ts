// The workflow's own load step, run by bash as a runner would run it: two folders, two databases, its quoting as it stands.

import { spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { initCi, WORKFLOW_FILE } from '../../src/app/ci/init-ci.ts'
import { loadRunSchema } from '../../src/model/load-run.ts'
import { publishInto } from '../benchmark/published.ts'
import { createDatabase } from '../postgres/database.ts'

const bin = resolve(import.meta.dirname, '../../bin/pgsteward.js')

/** Answers with the database it was given, so that base and head can be told apart. */
const SERVER = `
import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
appendFileSync('started', process.env.DATABASE_URL + '\\n')
createServer((_, answer) => answer.end('ok')).listen(process.env.PORT, '127.0.0.1')
`
test('the load step starts base and head with a database each and leaves what the next steps take (V7)', {
  timeout: 300_000,
}, async () => {
  const workspace = mkdtempSync(join(tmpdir(), 'pgsteward-workspace-'))
  const [base, head] = [await createDatabase(), await createDatabase()]
  for (const side of ['base', 'head']) {
    mkdirSync(join(workspace, side))
    writeFileSync(
      join(workspace, side, 'package.json'),
      '{"type":"module","scripts":{"start":"node server.mjs"}}',
    )
    writeFileSync(join(workspace, side, 'server.mjs'), SERVER)
  }
  const headFolder = join(workspace, 'head')
  await initCi({
    dir: headFolder,
    isForced: false,
    design: 'interleaved',
    health: '/health',
    isAudited: true,
    scenario: null,
  })
  // its scenario and configuration are those written just now
  publishInto(headFolder, ['app/config/config-schema.ts', 'model/scenario.ts'])
  const workflow = parse(readFileSync(join(headFolder, WORKFLOW_FILE), 'utf8'))
  const step = workflow.jobs.load.steps.find(
    ({ name }: { name?: string }) => name === 'Load, base against head',
  )
  const tools = join(workspace, 'tools')
  mkdirSync(tools)
  symlinkSync(process.execPath, join(tools, 'node'))
  writeFileSync(join(tools, 'npx'), `#!/bin/sh\nshift\nexec "${process.execPath}" "${bin}" "$@"\n`)
  writeFileSync(join(tools, 'npm'), '#!/bin/sh\nexec node server.mjs\n')
  for (const name of ['npx', 'npm']) chmodSync(join(tools, name), 0o755)
  const script = step.run.replace('--for 20s', '--for 1s').replace('--repetitions 9', '--repetitions 3')
  expect(script).not.toBe(step.run)
  const child = spawn('bash', ['-e', '-c', script], {
    cwd: join(workspace, step['working-directory']),
    env: {
      PATH: `${tools}:${process.env.PATH}`,
      HOME: workspace,
      BASE_DATABASE_URL: base.url,
      HEAD_DATABASE_URL: head.url,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk
    })
  const code = await new Promise((done) => child.once('close', done))
  // what the noise of this machine makes of a second is not judged; that it came to a verdict is
  expect([0, 1], output).toContain(code)
  expect(output).toMatch(/^(PASS|WARN|FAIL|INCONCLUSIVE|INVALID): /m)
  for (const name of ['load.md', 'load.xml', 'load.sarif', 'load-runs.json'])
    expect(existsSync(join(workspace, 'reports', name)), name).toBe(true)
  for (const [side, database] of Object.entries({ base, head }))
    expect(
      new Set(
        readFileSync(join(workspace, side, 'started'), 'utf8')
          .trim()
          .split('\n'),
      ),
    ).toEqual(new Set([database.url]))
  const runs = JSON.parse(readFileSync(join(workspace, 'reports/load-runs.json'), 'utf8'))
  for (const run of runs) expect(loadRunSchema.parse(run).database).not.toBeNull()
  for (const database of [base, head]) await database.drop()
})
