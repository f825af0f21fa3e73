import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { MADE_REPORTS } from '../../../test/report/made-reports.ts'
import { report as reportSchema } from '../../model/report.ts'
import { fileName, pruneFiles, writeReport } from './report-files.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pgsteward-reports-'))
  return () => rm(folder, { recursive: true, force: true })
})
const { daily, weekly } = MADE_REPORTS
const all = { formats: ['md', 'html', 'json'], baseUrl: null } as const

test('are written by target, kind and period, and again over themselves (R3)', async () => {
  const paths = await writeReport(weekly, '2026-W47', { folder, ...all })
  expect(paths).toEqual(
    ['md', 'html', 'json'].map((format) => join(folder, 'shop', 'weekly', `2026-W47.${format}`)),
  )
  await writeReport({ ...weekly, title: 'Another' }, '2026-W47', { folder, ...all })
  expect(await readdir(join(folder, 'shop', 'weekly'))).toHaveLength(3)
  expect(await readFile(paths[0]!, 'utf8')).toMatch(/^# Another/)
  expect(reportSchema.parse(JSON.parse(await readFile(paths[2]!, 'utf8'))).title).toBe('Another')
})

test('two at the same moment leave one whole file', async () => {
  await Promise.all(Array.from({ length: 8 }, () => writeReport(daily, '2026-11-22', { folder, ...all })))
  expect(await readdir(join(folder, 'shop', 'daily'))).toEqual([
    '2026-11-22.html',
    '2026-11-22.json',
    '2026-11-22.md',
  ])
})

test('names lead nowhere else', () => {
  expect(fileName('../../etc')).toBe('__.._etc')
  expect(fileName('shop.eu-1')).toBe('shop.eu-1')
  expect(fileName('a/b\\c:d')).toBe('a_b_c_d')
})

test('old ones go, and nothing of anybody else', async () => {
  await writeReport(daily, '2026-11-21', { folder, ...all })
  await writeReport(daily, '2026-11-22', { folder, ...all })
  const place = join(folder, 'shop', 'daily')
  await writeFile(join(place, 'notes.txt'), 'mine')
  const old = new Date('2026-01-01T00:00:00Z')
  for (const name of await readdir(place))
    if (!name.startsWith('2026-11-22')) await utimes(join(place, name), old, old)
  expect(await pruneFiles(folder, daily, 30 * 86_400_000, new Date())).toHaveLength(3)
  expect(await readdir(place)).toEqual(['2026-11-22.html', '2026-11-22.json', '2026-11-22.md', 'notes.txt'])
  expect(await pruneFiles(folder, weekly, 1, new Date())).toEqual([])
})
