import { describe, expect, test } from 'vitest'
import { Best, byRank, excerptOf, FIT, fitOf, fold, marksOf, type Ranked, wantedOf } from './search-rank.ts'

const of = (typed: string) => wantedOf(typed)!
const fitOfNames = (typed: string, names: readonly string[], texts: readonly string[] = []) =>
  fitOf(of(typed), { names: names.map(fold), texts: texts.map(fold) })

describe('what fits', () => {
  test.each([
    ['messages', 'messages', FIT.exact],
    ['MESSAGES', 'messages', FIT.exact],
    ['  messages ', 'messages', FIT.exact],
    ['-5561034', '-5561034', FIT.exact],
    ['mess', 'messages', FIT.prefix],
    ['public.mess', 'public.messages', FIT.prefix],
    ['mess', 'public.messages', FIT.words],
    ['stat', 'message_recipient_status', FIT.words],
    ['rec stat', 'message_recipient_status', FIT.words],
    ['stat rec', 'message_recipient_status', FIT.words],
    ['many', 'Member.findMany', FIT.words],
    ['ssage', 'messages', FIT.part],
    ['rec ssage', 'message_recipient', FIT.part],
    ['mrstat', 'message_recipient_status', FIT.letters + 0.16],
    ['id', 'grid', FIT.part],
    ['straße', 'Straße', FIT.exact],
  ])('%s is of %s', (typed, name, expected) => {
    expect(fitOfNames(typed, [name])).toBeCloseTo(expected)
  })

  test.each([
    ['messages', 'members'],
    ['rec xyz', 'message_recipient'],
    // two letters stand in order in half of all names
    ['ms', 'message_x'],
    // in a sentence any letters stand in order
    ['cshr', 'A cache that is shared'],
    // they begin within a word
    ['essg', 'xmessages'],
    ['%', 'messages'],
    ['.*', 'messages'],
  ])('%s is not of %s', (typed, name) => {
    expect(fitOfNames(typed, [name])).toBeNull()
  })

  test('a text is found by its words and parts, behind names, and never by letters in order', () => {
    const text = ['select m.* from members m where m.church_id = $1 order by m.created_at desc']
    expect(fitOfNames('members church', ['select members'], text)).toBe(FIT.textWords)
    expect(fitOfNames('urch', ['select members'], text)).toBe(FIT.textPart)
    expect(fitOfNames('slctmmb', ['x'], text)).toBeNull()
  })

  test('nothing typed is nothing wanted', () => {
    expect(wantedOf(' \t\n')).toBeNull()
  })
})

test('the best come first: by fit, then by what costs most, then the shorter, then by name', () => {
  const one = (title: string, fit: number, weight = 0): Ranked => ({ title, fit, weight })
  const all = [
    one('letters', FIT.letters, 1),
    one('beta', FIT.words),
    one('part', FIT.part, 1),
    one('alpha dear', FIT.words, 0.2),
    one('alfa', FIT.words),
    one('exact', FIT.exact),
    one('a longer beta', FIT.words),
  ]
  const expected = ['exact', 'alpha dear', 'alfa', 'beta', 'a longer beta', 'part', 'letters']
  expect(all.toSorted(byRank).map(({ title }) => title)).toEqual(expected)
  const best = new Best<Ranked>(3)
  for (const each of all) best.add(each)
  expect(best.items.map(({ title }) => title)).toEqual(expected.slice(0, 3))
  expect(best.found).toBe(all.length)
})

describe('what is marked', () => {
  const marked = (typed: string, text: string) =>
    marksOf(of(typed), text).map(([from, to]) => text.slice(from, to))

  test.each([
    ['mess', 'Messages', ['Mess']],
    // at the beginning of a word, if it stands at one
    ['id', 'width and id', ['id']],
    ['stat rec', 'message_recipient_status', ['rec', 'stat']],
    ['mrs', 'message_recipient_status', ['m', 'r', 's']],
    ['mess essa', 'messages', ['messa']],
    ['other', 'messages', []],
    ['<b>', 'a <b> c', ['<b>']],
  ])('%s in %s', (typed, text, expected) => {
    expect(marked(typed, text)).toEqual(expected)
  })

  test('places are those of the shown text, also where lower case is longer', () => {
    expect(marked('stan', 'İİİ Stan')).toEqual(['Stan'])
  })
})

test('an excerpt is the part that was meant, of no more than its length', () => {
  const text = `select ${'a, '.repeat(100)}z from churches where id = $1`
  const excerpt = excerptOf(of('churches'), text, 60)
  expect(excerpt).toContain('churches')
  expect(excerpt.length).toBeLessThanOrEqual(60)
  expect(excerpt.startsWith('…')).toBe(true)
  expect(excerptOf(of('nowhere'), text, 20)).toBe(`${text.slice(0, 18)}…`)
  expect(excerptOf(of('x'), 'short', 20)).toBe('short')
})
