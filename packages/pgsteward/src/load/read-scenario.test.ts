import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { StewardError } from '../model/error.ts'
import { readScenario } from './read-scenario.ts'
import { BUILT_IN_SCENARIOS } from './scenarios/all.ts'

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-scenario-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

let count = 0
/** Each in a file of its own: modules are loaded once. */
async function mistakesIn(text: string, extension = 'json'): Promise<string> {
  const name = `scenario-${count++}.${extension}`
  writeFileSync(join(dir, name), text)
  const error = await readScenario(name, dir).then(
    () => new Error('it was accepted'),
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(StewardError)
  expect(error).toMatchObject({ code: 'scenario-invalid' })
  return `${(error as StewardError).message}\n${(error as StewardError).detail}`.replaceAll(name, 'file')
}

const valid = {
  id: 'shop',
  title: 'Shop',
  load: { model: 'closed', stages: [{ for: '1m', users: 3 }] },
  data: { buyer: [{ email: 'a@shop.example' }] },
  flows: [
    {
      name: 'browse',
      start: [{ method: 'POST', path: '/sign-in', json: { email: '{{buyer.email}}' } }],
      steps: [
        { path: '/items', extract: { itemId: { json: 'rows.*.id' } } },
        { pause: '1s' },
        { path: '/items/{{itemId}}', feature: 'items' },
        { repeat: [1, 2], steps: [{ method: 'POST', path: '/cart', json: { item: '{{itemId}}' } }] },
      ],
    },
  ],
  thresholds: [{ metric: 'p95', of: 'items', below: '200ms' }],
}
// biome-ignore lint/suspicious/noExplicitAny: it is made wrong on purpose
type Broken = any

/** The valid one with something put in its place, one key a line. */
function changed(change: (scenario: Broken) => void): string {
  const copy = structuredClone(valid)
  change(copy)
  return JSON.stringify(copy, null, 1)
}
const lineOf = (text: string, part: string) => text.split('\n').findIndex((line) => line.includes(part)) + 1

describe('what is built in (L1)', () => {
  test('is found by its id', async () => {
    for (const { id } of BUILT_IN_SCENARIOS) expect((await readScenario(id, dir)).id).toBe(id)
  })

  test('takes the users of a profile (L2)', async () => {
    for (const [profile, users] of [
      ['normal', 100],
      ['peak', 500],
      ['stress', 1000],
    ] as const) {
      const { load } = await readScenario(`load@${profile}`, dir)
      expect(load).toEqual({
        model: 'closed',
        startUsers: 0,
        stages: [
          { for: 360_000, users },
          { for: 1_440_000, users },
        ],
      })
    }
  })

  test('a profile that does not exist is named with the one that was meant', async () => {
    await expect(readScenario('load@peek', dir)).rejects.toMatchObject({ hint: 'Did you mean @peak?' })
  })

  test('a mistyped name is told with the one that was meant', async () => {
    await expect(readScenario('smok', dir)).rejects.toMatchObject({
      code: 'scenario-invalid',
      message: 'there is no scenario "smok"',
      hint: 'Did you mean smoke?',
    })
  })
})

describe('files', () => {
  test('of JSON and of modules are read alike', async () => {
    writeFileSync(join(dir, 'shop.json'), JSON.stringify(valid))
    writeFileSync(join(dir, 'shop.mjs'), `export default ${JSON.stringify(valid)}`)
    const [json, module] = [await readScenario('shop.json', dir), await readScenario('./shop.mjs', dir)]
    expect(json).toEqual(module)
    expect(json.load.stages[0]?.for).toBe(60_000)
  })

  test('the complete one of the guide has no mistake', async () => {
    const guide = readFileSync(new URL('../../../../docs/guides/load.md', import.meta.url), 'utf8')
    const example = /```ts\n(import \{ defineScenario \}[\s\S]*?)```/.exec(guide)![1]!
    writeFileSync(
      join(dir, 'guide.mjs'),
      example.replace(/^import .*\n/, 'const defineScenario = (scenario) => scenario\n'),
    )
    expect(await readScenario('guide.mjs', dir)).toMatchObject({ id: 'shop', load: { model: 'open' } })
  })

  test('what is no JSON is shown where it is wrong', async () => {
    expect(await mistakesIn('{\n "id": "shop",\n "title": "Shop"\n "load": {}\n}')).toContain(
      'file:4:2: expected a comma or }\n   "load": {}\n   ^',
    )
    expect(await mistakesIn('{\n "id": "shop",\n}')).toContain('file:2:14: this comma has nothing behind it')
    expect(await mistakesIn('')).toContain('file:1:1: expected a value')
  })

  test('a module that does not parse is told with its line', () => {
    writeFileSync(join(dir, 'broken.mjs'), 'export default {\n  id: "shop",\n  title: ),\n}')
    writeFileSync(join(dir, 'broken.ts'), 'export default {\n  id: "shop" as string,\n  title: ,\n}')
    // as the runtime loads it: here another loader stands between
    const told = (name: string) =>
      execFileSync(process.execPath, [
        '--input-type=module',
        '-e',
        `import { readScenario } from ${JSON.stringify(new URL('read-scenario.ts', import.meta.url).href)}
         await readScenario('${name}', ${JSON.stringify(dir)}).catch(({ detail }) => process.stdout.write(detail))`,
      ]).toString()
    expect(told('broken.mjs')).toBe("broken.mjs:3: Unexpected token ')'")
    expect(told('broken.ts')).toBe('broken.ts:3: Expression expected')
  })

  test('a module without a scenario is told', async () => {
    expect(await mistakesIn('export const scenario = {}', 'mjs')).toContain('there is no default export')
    expect(await mistakesIn('\nexport default () => ({})', 'mjs')).toContain(
      'file:2: the default export is a function',
    )
  })
})

describe('mistakes are told by line and field', () => {
  test.each<[name: string, change: (scenario: Broken) => void, at: string, message: string | RegExp]>([
    [
      'an unknown key',
      (s) => {
        s.flows[0].steps[0].metod = 'GET'
      },
      '"metod"',
      'flows[0].steps[0].metod: is not known here; did you mean method?',
    ],
    [
      'an unknown key of the scenario',
      (s) => {
        s.treshold = []
      },
      '"treshold"',
      'treshold: is not known here; did you mean thresholds?',
    ],
    [
      'an unknown key of a pause',
      (s) => {
        s.flows[0].steps[1].for = '2s'
      },
      '"for": "2s"',
      'flows[0].steps[1].for: is not known here',
    ],
    [
      'an unknown key within a repetition',
      (s) => {
        s.flows[0].steps[3].steps[0].jsn = {}
      },
      '"jsn"',
      'flows[0].steps[3].steps[0].jsn: is not known here; did you mean json?',
    ],
    [
      'a duration that is none',
      (s) => {
        s.load.stages[0].for = '5 parsecs'
      },
      '"for": "5 parsecs"',
      'load.stages[0].for: "5 parsecs" is not understood; write a duration',
    ],
    [
      'a missing title',
      (s) => {
        delete s.title
      },
      '{',
      'title: is missing: expected a text',
    ],
    [
      'a model that does not exist',
      (s) => {
        s.load.model = 'opn'
      },
      '"model"',
      'load.model: has to be one of "closed", "open"',
    ],
    [
      'a path without its slash',
      (s) => {
        s.flows[0].steps[0].path = 'items'
      },
      '"path": "items"',
      'flows[0].steps[0].path: begins with a slash',
    ],
    [
      'a method that does not exist',
      (s) => {
        s.flows[0].start[0].method = 'FETCH'
      },
      '"method": "FETCH"',
      /flows\[0\]\.start\[0\]\.method: .*"GET"/,
    ],
    [
      'an unknown variable',
      (s) => {
        s.flows[0].steps[2].path = '/items/{{itemID}}'
      },
      '{{itemID}}',
      '{{itemID}}: nothing before it extracts "itemID"; did you mean itemId? (known here: itemId, buyer.email, uuid',
    ],
    [
      'a variable before it is extracted',
      (s) => {
        s.flows[0].steps.reverse()
      },
      '"item": "{{itemId}}"',
      '{{itemId}}: nothing before it extracts "itemId"',
    ],
    [
      'a variable of a body',
      (s) => {
        s.flows[0].steps[3].steps[0].json.item = '{{item}}'
      },
      '"item": "{{item}}"',
      'flows[0].steps[3].steps[0].json.item: {{item}}: nothing before it',
    ],
    [
      'a table that does not exist',
      (s) => {
        delete s.data
      },
      '{{buyer.email}}',
      '{{buyer.email}}: there is no data table "buyer"',
    ],
    [
      'a column that does not exist',
      (s) => {
        s.data.buyer[0] = { mail: 'a' }
      },
      '{{buyer.email}}',
      'the table "buyer" has no column "email"; did you mean mail?',
    ],
    [
      'a placeholder that is not closed',
      (s) => {
        s.flows[0].steps[2].path = '/items/{{itemId}'
      },
      '{{itemId}"',
      'a placeholder {{ is not closed by }}',
    ],
    [
      'a random number without ends',
      (s) => {
        s.flows[0].steps[2].path = '/items/{{random 9}}'
      },
      '{{random 9}}',
      'random takes two whole numbers',
    ],
    [
      'needs of what nothing extracts',
      (s) => {
        s.flows[0].steps[2].needs = 'item'
      },
      '"needs"',
      'flows[0].steps[2].needs: no step of this flow extracts "item"; did you mean itemId?',
    ],
    [
      'a threshold of nothing',
      (s) => {
        s.thresholds[0].of = 'itmes'
      },
      '"of"',
      'thresholds[0].of: no step or feature is called "itmes"; did you mean items? (known: POST /sign-in, browse, GET /items',
    ],
    [
      'a threshold without bound',
      (s) => {
        delete s.thresholds[0].below
      },
      '"metric"',
      'thresholds[0]: expected "below" or "above"',
    ],
    [
      'a ratio in percent',
      (s) => {
        s.thresholds[0] = { metric: 'errorRatio', below: 5 }
      },
      '"below"',
      'thresholds[0].below: errorRatio is a ratio',
    ],
    [
      'a stage without time',
      (s) => {
        s.load.stages[0].for = 0
      },
      '"for": 0',
      'load.stages[0].for: a stage takes time',
    ],
    [
      'no users at all',
      (s) => {
        s.load.stages[0].users = 0
      },
      '"stages"',
      'load.stages: is no load',
    ],
    [
      'a warm-up longer than all',
      (s) => {
        s.warmUp = '5m'
      },
      '"warmUp"',
      'warmUp: takes 300 s',
    ],
    [
      'a span the wrong way round',
      (s) => {
        s.flows[0].steps[1].pause = ['3s', '1s']
      },
      '"pause"',
      'the smaller of the two comes first',
    ],
    [
      'two bodies',
      (s) => {
        s.flows[0].start[0].body = 'x'
      },
      '"body"',
      'one request has one body',
    ],
    [
      'a pattern that is none',
      (s) => {
        s.flows[0].steps[0].extract.itemId = { match: '(' }
      },
      '"match"',
      'is no regular expression',
    ],
    [
      'a pattern without group',
      (s) => {
        s.flows[0].steps[0].extract.itemId = { match: 'id=\\d+' }
      },
      '"match"',
      'has no group',
    ],
    [
      'a check of nothing',
      (s) => {
        s.flows[0].steps[0].checks = [{ name: 'fine' }]
      },
      '"name": "fine"',
      'asks for nothing',
    ],
  ])('%s', async (_, change, at, message) => {
    const text = changed(change)
    const told = await mistakesIn(text)
    if (message instanceof RegExp) expect(told).toMatch(message)
    else expect(told).toContain(message)
    const line = Number(/file:(\d+):/.exec(told)?.[1])
    expect(Math.abs(line - lineOf(text, at)), `${told}\n${text}`).toBeLessThanOrEqual(1)
  })

  test('all of them at once', async () => {
    const told = await mistakesIn(
      changed((s) => {
        s.treshold = []
        s.flows[0].steps[0].metod = 'GET'
        s.load.stages[0].for = 'x'
      }),
    )
    expect(told).toContain('has 3 mistakes')
  })

  test('in a module, too, as far as it writes them out', async () => {
    const told = await mistakesIn(
      `import { x } from './x.mjs'
// a comment with { in it
const flow = { name: 'elsewhere', steps: [{ path: '/{{nobody}}' }] }
export default defineScenario({
  id: 'shop', // the "shop
  title: \`Shop of }\`,
  load: { model: 'closed', stages: [{ for: '0s', users: 3 }] },
  flows: [
    flow,
    {
      name: 'browse',
      steps: [
        { path: '/items/{{item}}' },
      ],
    },
  ],
})
function defineScenario(scenario) { return scenario }
`.replace("import { x } from './x.mjs'\n", '\n'),
      'mjs',
    )
    expect(told).toMatch(/file:7:\d+: load\.stages\[0\]\.for: a stage takes time/)
    expect(told).toMatch(/file:13:\d+: flows\[1\]\.steps\[0\]\.path: \{\{item\}\}/)
    expect(told).toMatch(/file:9:\d+: flows\[0\]\.steps\[0\]\.path: .* \(what this line refers to\)/)
  })
})
