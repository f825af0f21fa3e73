import { describe, expect, test } from 'vitest'
import { Random } from './random.ts'
import { compileJson, compileTemplate, type Filling, fill, fixedText, MissingValue } from './template.ts'

const scope = { tables: new Set(['member']) }
const filling: Filling = {
  variables: { memberId: 42, name: 'Ann "A" & co', isOpen: true },
  rows: { member: { email: 'ann@example.org', churchId: 7 } },
  env: { TOKEN: 's3cret' },
  user: 3,
  iteration: 9,
  random: new Random(1, 1),
}
const plainly = (text: string, encode: (text: string) => string = (each) => each) =>
  fill(compileTemplate(text, encode, scope, 'path'), filling)

describe('placeholders', () => {
  test.each([
    ['{{memberId}}', /^42$/],
    ['{{ memberId }}', /^42$/],
    ['{{member.email}}', /^ann@example\.org$/],
    ['{{member.churchId}}', /^7$/],
    ['{{uuid}}', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/],
    ['{{random 5 7}}', /^[567]$/],
    ['{{random -2 -2}}', /^-2$/],
    ['{{user}}', /^3$/],
    ['{{iteration}}', /^9$/],
    ['{{env.TOKEN}}', /^s3cret$/],
    ['/a/{{user}}/{{iteration}}?b', /^\/a\/3\/9\?b$/],
    ['no placeholder { {x} }', /^no placeholder \{ \{x\} \}$/],
  ])('%s is filled', (text, expected) => {
    expect(plainly(text)).toMatch(expected)
  })

  test('every number of a range comes up, both ends included', () => {
    const template = compileTemplate('{{random 1 3}}', (each) => each, scope, 'path')
    expect(new Set(Array.from({ length: 200 }, () => fill(template, filling)))).toEqual(
      new Set(['1', '2', '3']),
    )
  })

  test('no two identifiers are alike', () => {
    const template = compileTemplate('{{uuid}}', (each) => each, scope, 'path')
    expect(new Set(Array.from({ length: 1000 }, () => fill(template, filling))).size).toBe(1000)
  })

  test('values in paths are escaped, the path itself is not', () => {
    expect(plainly('/m/{{name}}?q=a b', encodeURIComponent)).toBe('/m/Ann%20%22A%22%20%26%20co?q=a b')
  })

  test('a value that is not there is told by its name', () => {
    expect(() => plainly('/m/{{absent}}')).toThrow(new MissingValue('absent'))
    expect(() => plainly('/m/{{env.ABSENT}}')).toThrow(new MissingValue('env.ABSENT'))
  })

  test.each(['{{random 7 5}}', '{{random x}}', '{{ghost.email}}', '{{}}', '{{a b}}'])(
    '%s is a mistake in the scenario',
    (text) => {
      expect(() => compileTemplate(text, (each) => each, scope, 'flows.0.steps.1.path')).toThrow(
        expect.objectContaining({
          code: 'scenario-invalid',
          message: expect.stringContaining('flows.0.steps.1.path'),
        }),
      )
    },
  )

  test('what has none is known to be the same for ever', () => {
    expect(fixedText(compileTemplate('/a', encodeURIComponent, scope, 'path'))).toBe('/a')
    expect(fixedText(compileTemplate('/a/{{user}}', encodeURIComponent, scope, 'path'))).toBeNull()
  })
})

test('in JSON a placeholder alone keeps its type, within a text it is escaped', () => {
  const template = compileJson(
    { id: '{{memberId}}', isOpen: '{{isOpen}}', to: ['{{name}}', 'Dear {{name}}\n"x"'], n: 1, none: null },
    scope,
    'json',
  )
  expect(JSON.parse(fill(template, filling))).toEqual({
    id: 42,
    isOpen: true,
    to: ['Ann "A" & co', 'Dear Ann "A" & co\n"x"'],
    n: 1,
    none: null,
  })
})

test('chance can be repeated, and neighbouring users do not draw alike', () => {
  const draws = (stream: number) => {
    const random = new Random(1, stream)
    return Array.from({ length: 5 }, () => random.next())
  }
  expect(draws(4)).toEqual(draws(4))
  expect(new Set([0, 1, 2, 3].map((stream) => draws(stream)[0])).size).toBe(4)
})
