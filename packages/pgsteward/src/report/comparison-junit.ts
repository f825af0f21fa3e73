// A comparison as JUnit XML: one test case for each quantile of each endpoint, as CI systems show them.

import type { ComparedErrors, ComparedSeries, Comparison } from '../model/comparison.ts'
import { changeText, nameOf, powerLine, sureText, valueText } from './comparison-words.ts'
import { escapeXml } from './escape-xml.ts'

/**
 * Undecided is skipped, not passed: it says nothing about the change. Runs that must not be compared are one error, since a suite
 * without a case would look like success.
 */
export function comparisonJunit(comparison: Comparison): string {
  const { series, errors, verdict, scenario } = comparison
  const isInvalid = verdict === 'invalid'
  const of = (wanted: string) =>
    [...series, ...(errors ?? [])].filter((each) => each.verdict === wanted).length
  const skipped = of('inconclusive') + of('invalid')
  const counts = `tests="${series.length + (errors ?? []).length + (isInvalid ? 1 : 0)}" failures="${of('fail')}" errors="${isInvalid ? 1 : 0}" skipped="${skipped}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="pgsteward" ${counts}>`,
    `  <testsuite name="${escapeXml(`load ${scenario?.id ?? 'comparison'}`)}" ${counts}>`,
    ...(isInvalid ? [validityCase(comparison)] : []),
    ...series.map(caseXml),
    ...(errors ?? []).map(errorsCase),
    `    <system-out>${escapeXml(`${comparison.summary}\n${powerLine(comparison)}`)}</system-out>`,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function validityCase({ summary, invalid }: Comparison): string {
  const body = invalid.map(({ reason, detail }) => `${reason}: ${detail}`).join('\n')
  return `    <testcase classname="pgsteward.load" name="the runs may be compared"><error message="${escapeXml(summary)}">${escapeXml(body)}</error></testcase>`
}

function caseXml(series: ComparedSeries): string {
  const { quantile, verdict, band, ratio, base, head, because } = series
  const open = `    <testcase classname="pgsteward.load" name="${escapeXml(`${nameOf(series)} ${quantile}`)}">`
  const figures = `${valueText(base.valueMs)} to ${valueText(head.valueMs)}, ${changeText(ratio)}`
  if (verdict === 'inconclusive' || verdict === 'invalid')
    return `${open}<skipped message="${escapeXml(`${verdict}: ${because}`)}"/></testcase>`
  if (verdict === 'fail')
    return `${open}<failure type="${band ?? 'slower'}" message="${escapeXml(`${figures}: ${sureText(series)}`)}">${escapeXml(because)}</failure></testcase>`
  if (verdict === 'warn' || (band !== null && band !== 'none'))
    return `${open}<system-out>${escapeXml(`${band ?? 'warn'}: ${figures}, ${sureText(series)}`)}</system-out></testcase>`
  return `${open}</testcase>`
}

function errorsCase(each: ComparedErrors): string {
  const open = `    <testcase classname="pgsteward.load" name="${escapeXml(`${nameOf(each)} errors`)}">`
  return each.verdict === 'fail'
    ? `${open}<failure type="errors" message="${escapeXml(each.because)}"/></testcase>`
    : `${open}<system-out>${escapeXml(each.because)}</system-out></testcase>`
}
