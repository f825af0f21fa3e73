// Memory that a recorder takes after a million queries over so many distinct statements, in a process of its own with --expose-gc:
// its data, and the whole growth of the heap with what V8 compiled meanwhile.

import { getHeapSpaceStatistics } from 'node:v8'
import { instrumentPg } from '../packages/instrument/src/listen/pg.ts'
import { Recorder } from '../packages/instrument/src/record/recorder.ts'
import { runInRequest } from '../packages/instrument/src/record/request-context.ts'
import { RECORDER_OPTIONS, statementTexts } from './instrument-pg-texts.ts'

const [count, isFresh] = [Number(process.argv[2]), process.argv[3] === 'fresh']
const QUERIES = 1_000_000
const collect = (globalThis as unknown as { gc: () => void }).gc

class Client {
  readonly host = '127.0.0.1'
  readonly port = 5432
  readonly database = 'bench'
  readonly readyForQuery = true
  readonly result = { rows: [], rowCount: 1 }
  query(_text: string, _values: unknown[]): Promise<unknown> {
    return Promise.resolve(this.result)
  }
}
class Pool {}

const texts = statementTexts(count)
const client = new Client()

async function million(recorder: Recorder, queries: number): Promise<void> {
  for (let n = 0; n < queries; ) {
    const context = recorder.beginRequest('GET')
    await runInRequest(context, async () => {
      for (let q = 0; q < 10; q++, n++) {
        const text = texts[n % count]!
        await client.query(isFresh ? text.slice(0, 100) + text.slice(100) : text, [1])
      }
    })
    // Each statement belongs to one route, as it mostly does.
    recorder.endRequest(context, `/route/${Math.floor((n - 10) / 10) % 20}`, 200)
    if (n % 100_000 === 0 && n < queries) recorder.drain(0)
  }
}

interface Bytes {
  readonly all: number
  /** Compiled code, and what V8 keeps to undo its optimisations. */
  readonly code: number
}

async function bytes(): Promise<Bytes> {
  for (let round = 0; round < 4; round++) {
    collect()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const { heapUsed, external } = process.memoryUsage()
  const code = getHeapSpaceStatistics()
    .filter(({ space_name: name }) => name === 'code_space' || name === 'trusted_space')
    .reduce((sum, { space_used_size: size }) => sum + size, 0)
  return { all: heapUsed + external, code }
}

// The code itself is compiled and optimised before, by a recorder that is thrown away.
{
  const warm = new Recorder({ ...RECORDER_OPTIONS, maxStatements: 50 })
  const undo = instrumentPg({ Client, Pool }, warm)
  await million(warm, 200_000)
  undo()
}
const before = await bytes()
const recorder = new Recorder(RECORDER_OPTIONS)
instrumentPg({ Client, Pool }, recorder)
await million(recorder, QUERIES)
const after = await bytes()
recorder.drain(0)
const all = after.all - before.all
process.stdout.write(`${all - (after.code - before.code)} ${all}\n`)
