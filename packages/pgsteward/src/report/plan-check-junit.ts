// A plan check as JUnit XML: one test case a condition, as CI systems show them.

import type { JudgedCondition, PlanCheckReport } from '../model/plan-check.ts'
import { escapeXml } from './escape-xml.ts'
import { formatEvidence } from './format.ts'
import { inOrder, placeOf } from './plan-check-words.ts'

export function planCheckJunit({ conditions }: PlanCheckReport): string {
  const of = (status: string) => conditions.filter((each) => each.status === status).length
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="pgsteward" tests="${conditions.length}" failures="${of('fail')}" skipped="${of('off')}">`,
    `  <testsuite name="plan-check" tests="${conditions.length}" failures="${of('fail')}" errors="0" skipped="${of('off')}">`,
    ...conditions.map(caseXml),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

/** A warning is a case that passed and has something to say. */
function caseXml(condition: JudgedCondition): string {
  const { id, title, status } = condition
  const open = `    <testcase classname="plan-check.${escapeXml(id)}" name="${escapeXml(title)}">`
  const body = inOrder(condition)
    .map((each) => {
      const figures = each.evidence.length === 0 ? '' : ` (${formatEvidence(each.evidence)})`
      const waived = each.waivedBecause === null ? '' : `waived, ${each.waivedBecause}: `
      return `${waived}${placeOf(each)}: ${each.summary}${figures}`
    })
    .join('\n')
  if (status === 'off') return `${open}<skipped/></testcase>`
  if (status === 'fail') {
    const count = condition.violations.filter(({ waivedBecause }) => waivedBecause === null).length
    return `${open}<failure message="${escapeXml(`${count} of ${id}`)}">${escapeXml(body)}</failure></testcase>`
  }
  return body === '' ? `${open}</testcase>` : `${open}<system-out>${escapeXml(body)}</system-out></testcase>`
}
