import { expect, test } from 'vitest'
import { CHANGE_TEMPLATE, readChangeTemplate } from './change-template.ts'

test('reads what was filled in, headings of its own included', () => {
  const source = [
    '# Index on orders',
    '',
    '- risk: medium',
    '- type: create-index',
    '- finding: a:1',
    '* finding: b:2',
    '- job:',
    '',
    '## Why',
    'slow',
    '',
    '### Numbers',
    '9 s',
    '## Plan',
    '1. create',
    '# a comment',
    '## rollback',
    '',
  ].join('\r\n')
  expect(readChangeTemplate(source)).toEqual({
    title: 'Index on orders',
    risk: 'medium',
    type: 'create-index',
    findings: ['a:1', 'b:2'],
    why: 'slow\n\n### Numbers\n9 s',
    plan: '1. create\n# a comment',
  })
})

test('the empty one has every part', () => {
  expect(Object.keys(readChangeTemplate(CHANGE_TEMPLATE)).sort()).toEqual([
    'plan',
    'risk',
    'rollback',
    'title',
    'type',
    'why',
  ])
})
