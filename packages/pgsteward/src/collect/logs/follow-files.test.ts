import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LogPosition } from '../../model/log-event.ts'
import { followFiles } from './follow-files.ts'
import type { LogSource } from './log-source.ts'

let dir: string
let now: number
let positions: Map<string, LogPosition>
const sources: LogSource[] = []

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pgsteward-follow-'))
  now = Date.now()
  positions = new Map()
})
afterEach(async () => {
  for (const source of sources.splice(0)) await source.close()
  rmSync(dir, { recursive: true, force: true })
})

const path = (name: string) => join(dir, name)
const line = (text: string) => `2026-03-10 12:00:00.000 UTC [1] LOG:  ${text}\n`
const write = (name: string, ...texts: readonly string[]) =>
  appendFileSync(path(name), texts.map(line).join(''))

function follow(...patterns: readonly string[]) {
  const source = followFiles({
    patterns: patterns.map((pattern) => path(pattern)),
    known: new Map(positions),
    now: () => new Date(now),
  })
  sources.push(source)
  return source
}

/** What comes in the next polls; time goes on so far that folders are looked through again. */
async function come(source: LogSource, maxBytes = 1_000_000) {
  const texts: string[] = []
  for (let turn = 0; turn < 50; turn++) {
    const { chunks, hasMore } = await source.poll(maxBytes)
    now += 6_000
    for (const { source: from, bytes, position } of chunks) {
      if (position !== null) positions.set(from, position)
      texts.push(...Buffer.from(bytes).toString().split('\n'))
    }
    if (!hasMore && turn > 1) break
  }
  return texts.flatMap((text) => (text === '' ? [] : [text.replace(/^.*LOG: {2}/, '')]))
}

const faults = async (source: LogSource) => (await source.poll(1000)).faults.map(({ because }) => because)

describe('a file', () => {
  it('is read from near its end at first, then as it grows', async () => {
    write('pg.log', 'one')
    const source = follow('pg.log')
    expect(await come(source)).toEqual(['one'])
    write('pg.log', 'two', 'three')
    expect(await come(source)).toEqual(['two', 'three'])
    expect(await come(source)).toEqual([])
  })

  it('that comes later is read from its start', async () => {
    const source = follow('pg.log')
    expect(await faults(source)).toEqual([`there is no file ${path('pg.log')}`])
    write('pg.log', 'one')
    expect(await come(source)).toEqual(['one'])
    expect(await faults(source)).toEqual([])
  })

  it('gives whole lines only', async () => {
    const source = follow('pg.log')
    writeFileSync(path('pg.log'), line('one').slice(0, -5))
    expect(await come(source)).toEqual([])
    appendFileSync(path('pg.log'), line('one').slice(-5))
    expect(await come(source)).toEqual(['one'])
  })

  it('with much to read gives it in pieces that end between messages', async () => {
    const source = follow('pg.log')
    await source.poll(1)
    const texts = [...Array(200).keys()].map((each) => `message ${each}`)
    appendFileSync(path('pg.log'), texts.map((text) => `${line(text)}\tgoes on\n`).join(''))
    const all: string[] = []
    for (;;) {
      const { chunks, hasMore } = await source.poll(1000)
      now += 6_000
      for (const { bytes } of chunks) {
        expect(Buffer.from(bytes).toString()).toMatch(/^2026[\s\S]*\tgoes on\n$/)
        all.push(Buffer.from(bytes).toString())
      }
      if (!hasMore) break
    }
    expect(all.join('')).toBe(texts.map((text) => `${line(text)}\tgoes on\n`).join(''))
    expect(all.length).toBeGreaterThan(10)
  })

  it('that is a folder, or may not be read, says so', async () => {
    mkdirSync(path('log'))
    expect(await faults(follow('log'))).toEqual([
      `${path('log')} is a folder; name the files in it: ${path('log/*.log')}`,
    ])
    expect(await faults(follow('*.nothing'))).toEqual([`no file matches ${path('*.nothing')}`])
    if (process.getuid?.() === 0) return
    write('pg.log', 'one')
    chmodSync(path('pg.log'), 0)
    expect((await faults(follow('pg.log')))[0]).toContain('may not be read')
  })
})

describe('rotation', () => {
  it('by rename loses no line and reads none twice', async () => {
    write('pg.log', 'one')
    const source = follow('pg.log')
    expect(await come(source)).toEqual(['one'])
    write('pg.log', 'two')
    renameSync(path('pg.log'), path('pg.log.1'))
    write('pg.log', 'three')
    expect(await come(source)).toEqual(['two', 'three'])
    appendFileSync(path('pg.log'), line('four'))
    expect(await come(source)).toEqual(['four'])
  })

  it('by rename to a name that matches as well reads the old file on', async () => {
    write('pg.log', 'one')
    const source = follow('pg.log*')
    expect(await come(source)).toEqual(['one'])
    renameSync(path('pg.log'), path('pg.log.1'))
    write('pg.log', 'three')
    appendFileSync(path('pg.log.1'), line('two'))
    expect((await come(source)).sort()).toEqual(['three', 'two'])
  })

  it('that deletes the file at once still gives its last lines', async () => {
    write('pg.log', 'one')
    const source = follow('pg.log')
    expect(await come(source)).toEqual(['one'])
    write('pg.log', 'two')
    unlinkSync(path('pg.log'))
    write('pg.log', 'three')
    expect(await come(source)).toEqual(['two', 'three'])
  })

  it('by a new name goes on there (logging_collector)', async () => {
    write('postgresql-Mon.log', 'one')
    const source = follow('postgresql-*.log')
    expect(await come(source)).toEqual(['one'])
    write('postgresql-Tue.log', 'two')
    expect(await come(source)).toEqual(['two'])
    write('postgresql-Mon.log', 'late')
    expect(await come(source)).toEqual(['late'])
  })

  it('by truncation starts anew (copytruncate), even where it grew beyond what was read', async () => {
    write('pg.log', 'one', 'two')
    const source = follow('pg.log')
    expect(await come(source)).toEqual(['one', 'two'])
    copyFileSync(path('pg.log'), path('pg.log.1'))
    truncateSync(path('pg.log'), 0)
    write('pg.log', 'three')
    expect(await come(source)).toEqual(['three'])
    truncateSync(path('pg.log'), 0)
    write('pg.log', 'four, which is a longer line', 'five', 'six')
    expect(await come(source)).toEqual(['four, which is a longer line', 'five', 'six'])
  })

  it('leaves compressed files alone', async () => {
    write('pg.log', 'one')
    writeFileSync(path('pg.log.2.gz'), 'packed\n')
    expect(await come(follow('pg.log*'))).toEqual(['one'])
  })
})

describe('a restart', () => {
  it('goes on where it was, with what was written meanwhile', async () => {
    write('pg.log', 'one')
    expect(await come(follow('pg.log'))).toEqual(['one'])
    write('pg.log', 'two')
    expect(await come(follow('pg.log'))).toEqual(['two'])
    expect(await come(follow('pg.log'))).toEqual([])
  })

  it('after a rotation reads the rest of the old file first', async () => {
    write('pg.log', 'one')
    expect(await come(follow('pg.log'))).toEqual(['one'])
    write('pg.log', 'two')
    renameSync(path('pg.log'), path('pg.log.1'))
    write('pg.log', 'three')
    expect(await come(follow('pg.log'))).toEqual(['two', 'three'])
    expect(await come(follow('pg.log'))).toEqual([])
  })

  it('after new names came reads those that were made since, and not what was there before', async () => {
    write('a.log', 'one')
    write('old.log', 'history')
    const hour = 3_600_000
    utimesSync(path('old.log'), new Date(now - hour), new Date(now - hour))
    expect(await come(follow('*.log'))).toEqual(['one'])
    positions = new Map([[path('a.log'), positions.get(path('a.log'))!]])
    now = Date.now() + hour
    write('b.log', 'two')
    utimesSync(path('b.log'), new Date(now), new Date(now))
    expect(await come(follow('*.log'))).toEqual(['two'])
  })

  it('with a file that shrank, or another under its inode, starts anew', async () => {
    write('pg.log', 'one', 'two')
    expect(await come(follow('pg.log'))).toEqual(['one', 'two'])
    truncateSync(path('pg.log'), 0)
    write('pg.log', 'three')
    expect(await come(follow('pg.log'))).toEqual(['three'])
    truncateSync(path('pg.log'), 0)
    write('pg.log', 'another and longer first line', 'four')
    expect(await come(follow('pg.log'))).toEqual(['another and longer first line', 'four'])
  })
})
