import { describe, expect, test } from 'vitest'
import { SamplePace } from './sample-pace.ts'
import { seenText } from './seen-text.ts'

describe('a text that was seen', () => {
  test.each([
    ["select * from member where email = 'ada@example.com'", 'select * from member where email = ?'],
    // cut in the middle of a literal by the server
    ["select * from member where email = 'ada@exam", 'select * from member where email = ?'],
    ["set app.token = 'hunter2'", 'set app.token = ?'],
  ])('keeps no literal: %s', (raw, shown) => expect(seenText('1', raw, 1_024).text).toBe(shown))

  test.each([
    ["/*caller='src%2Fa.ts%3A9',route='%2Fm'*/", 'src/a.ts:9', '/m'],
    ["/*method='GET',route='%2Fm'*/", 'GET /m', 'GET /m'],
    ["/*controller='Member',action='findMany'*/", 'Member.findMany', null],
    ['/* a note */', null, null],
  ])('tells its sender by the comment %s', (comment, caller, route) =>
    expect(seenText('1', `select 1 ${comment}`, 1_024)).toMatchObject({ text: 'select 1', caller, route }),
  )

  test('that fills the room that the server keeps for it is taken for cut', () => {
    expect(seenText('1', 'x'.repeat(1_023), 1_024).isCut).toBe(true)
    expect(seenText('1', 'ü'.repeat(510), 1_024).isCut).toBe(false)
  })
})

describe('the pace', () => {
  test('is as configured while answers take less than a hundredth of it, and says so when it is not', () => {
    const pace = new SamplePace(1_000)
    pace.note(5)
    expect([pace.everyMs, pace.because]).toEqual([1_000, null])
    for (let each = 0; each < 50; each++) pace.note(40)
    expect(pace.everyMs).toBeGreaterThan(3_900)
    expect(pace.because).toMatch(/40 ms.*every 4\.0 s and not every 1\.0 s/)
    for (let each = 0; each < 50; each++) pace.note(5_000)
    expect(pace.everyMs).toBe(60_000)
  })
})
