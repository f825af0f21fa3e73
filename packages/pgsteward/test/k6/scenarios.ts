// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these texts are to come out of a script as they went in

// Scenarios for the tests of scripts: one that uses everything, and one whose every text is awkward.

import { type Scenario, scenarioSchema } from '../../src/model/scenario.ts'

export const EVERYTHING: Scenario = scenarioSchema.parse({
  id: 'everything',
  title: 'Everything that a scenario can say',
  description: 'For the golden file.',
  warmUp: '30s',
  load: {
    model: 'open',
    startPerSecond: 0.5,
    sessions: 20,
    maxInFlight: 200,
    stages: [
      { for: '1m', perSecond: 2.5 },
      { for: '90s', perSecond: 2.5 },
    ],
  },
  headers: { accept: 'application/json', authorization: 'Bearer {{token}}' },
  data: {
    staff: [
      { email: 'a@example.org', age: 30 },
      { email: 'b@example.org', age: 40 },
    ],
  },
  flows: [
    {
      name: 'read mail',
      weight: 3,
      start: [
        {
          method: 'POST',
          path: '/api/sign-in',
          headers: { authorization: 'none' },
          json: {
            email: '{{staff.email}}',
            age: '{{staff.age}}',
            secret: '{{env.SECRET}}',
            text: 'Is {{staff.age}}',
          },
          extract: { token: { json: 'token' } },
          checks: [{ status: 200 }, { header: 'Set-Cookie' }],
        },
      ],
      steps: [
        {
          path: '/api/mails?from={{random 1 9}}&of={{user}}',
          feature: 'mail',
          extract: {
            mailId: { json: 'rows.*.id' },
            tag: { header: 'ETag' },
            next: { match: 'next="([^"]+)"' },
          },
          checks: [
            { json: 'rows.0.id', equals: 7 },
            { contains: 'subject' },
            { name: 'has rows', json: 'rows' },
          ],
        },
        { pause: ['1s', '2500ms'] },
        {
          repeat: [1, 3],
          steps: [
            { path: '/api/mails/{{mailId}}', feature: 'mail', needs: 'mailId', chance: 0.5 },
            { repeat: 2, steps: [{ pause: 250 }, { method: 'HEAD', path: '/api/ping' }] },
          ],
        },
        { method: 'PUT', path: '/api/mails/{{mailId}}/tag', body: '{{tag}}', expect: [200, 204] },
      ],
    },
    {
      name: 'write',
      steps: [
        {
          method: 'POST',
          path: '/api/mails',
          form: { id: '{{uuid}}', turn: '{{iteration}}' },
          expect: 201,
          timeout: '1500ms',
        },
        { method: 'DELETE', path: '/api/drafts', name: 'DELETE "drafts", all' },
      ],
    },
  ],
  thresholds: [
    { metric: 'p95', of: 'GET /api/mails/:mailId', below: '250ms' },
    { metric: 'p99', of: 'mail', below: '1s' },
    { metric: 'mean', below: 100 },
    { metric: 'max', of: 'DELETE "drafts", all', below: '2s' },
    { metric: 'errorRatio', below: 0.1, stop: true },
    { metric: 'checkRatio', above: 0.99 },
    { metric: 'requestsPerSecond', above: 1, below: 50 },
  ],
  tags: { application: 'mail', 'data-size': 'small' },
})

export const AWKWARD: Scenario = scenarioSchema.parse({
  id: '0-awkward',
  title: 'Quotes \' " ` ${x} and a\nline */ that ends comments',
  description: 'Ünïcödé 🎉 \u2028 ends lines in some places',
  load: { model: 'closed', startUsers: 2, stages: [{ for: '10s', users: 2 }] },
  data: { 'a table': [{ 'a column': "it's \\ here" }], constructor: [{ name: 'x' }] },
  flows: [
    {
      name: 'früh',
      steps: [
        {
          path: '/{{random -5 5}}/`tick`/${dollar}/\\back',
          headers: { 'x-quote': 'say "hello" to \'him\'', 'x-`': '${no}' },
          json: {
            'a-b': ["it's", '`${1}`', null, true, 1.5, { __proto__x: '{{uuid}}' }],
            'line\nbreak': '\u0000\t',
          },
          method: 'POST',
          checks: [
            { name: 'it\'s "fine"', json: "a'b", equals: "it's" },
            { contains: '`' },
            { json: 'z', equals: null },
          ],
          extract: { class: { json: 'class' }, default: { match: '\\/(["\'`])' } },
        },
        { path: '/{{class}}/{{default}}', needs: 'class' },
      ],
    },
    { name: '123', weight: 0.5, steps: [{ path: '/{{constructor.name}}' }] },
    {
      name: 'return',
      weight: 0.25,
      start: [{ path: '/begin' }],
      steps: [{ repeat: 2, steps: [{ repeat: [0, 2], steps: [{ repeat: 3, steps: [{ path: '/deep' }] }] }] }],
    },
    { name: 'Return', steps: [{ pause: '1s' }] },
    { name: 'früh', steps: [{ pause: 0 }] },
  ],
  thresholds: [{ metric: 'p95', of: 'früh', below: 10 }],
  tags: { "it's": 'a "tag"' },
})
