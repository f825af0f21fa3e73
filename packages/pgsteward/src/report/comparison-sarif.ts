// A comparison as SARIF 2.1.0 (OASIS), which code hosts show beside pull requests.

import type { ComparedSeries, Comparison } from '../model/comparison.ts'
import { changeText, moreErrors, nameOf, sureText, valueText } from './comparison-words.ts'

const SLOWER = 'endpoint-slower'
const FAILING = 'more-requests-fail'
const UNDECIDED = 'comparison-inconclusive'
const INVALID = 'runs-not-comparable'

const RULES = [
  {
    id: SLOWER,
    shortDescription: { text: 'An endpoint became slower' },
    fullDescription: {
      text: 'Repeated runs of base and head show a slowdown that noise does not explain. Over 15 % fails, 10 to 15 % warns, 5 to 10 % informs.',
    },
    defaultConfiguration: { level: 'error' },
    properties: { tags: ['performance'] },
  },
  {
    id: FAILING,
    shortDescription: { text: 'More requests of an endpoint fail' },
    fullDescription: { text: 'The share of failed requests rose by more than chance explains.' },
    defaultConfiguration: { level: 'error' },
    properties: { tags: ['reliability'] },
  },
  {
    id: UNDECIDED,
    shortDescription: { text: 'Whether an endpoint became slower could not be decided' },
    fullDescription: {
      text: 'The runs were too few or too noisy to show or to exclude a slowdown that would fail.',
    },
    defaultConfiguration: { level: 'note' },
    properties: { tags: ['performance'] },
  },
  {
    id: INVALID,
    shortDescription: { text: 'The runs must not be compared' },
    fullDescription: {
      text: 'A run dropped arrivals, starved its generator, failed or differs from what it is compared with.',
    },
    defaultConfiguration: { level: 'error' },
    properties: { tags: ['performance'] },
  },
] as const

/** `file`: where code hosts show it, since they want a file: the scenario, or the configuration. */
export function comparisonSarif(comparison: Comparison, toolVersion: string, file: string): string {
  const results = [
    ...comparison.invalid.map(({ reason, detail }) => ({
      ruleId: INVALID,
      kind: 'fail',
      level: 'error',
      message: { text: `${reason}: ${detail}` },
      locations: [location(file, comparison, reason)],
      partialFingerprints: { 'pgsteward/v1': fingerprint(comparison, reason, '') },
    })),
    ...moreErrors(comparison).map((each) => ({
      ruleId: FAILING,
      kind: 'fail',
      level: 'error',
      message: { text: `${nameOf(each)}: ${each.because}` },
      locations: [location(file, comparison, nameOf(each))],
      partialFingerprints: { 'pgsteward/v1': fingerprint(comparison, each.name, 'errors') },
    })),
    ...comparison.series.flatMap((series) => result(comparison, series, file)),
  ]
  const ids = new Set<string>(results.map(({ ruleId }) => ruleId))
  const sarif = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'pgsteward',
            version: toolVersion,
            rules: RULES.filter(({ id }) => ids.has(id)),
          },
        },
        automationDetails: { id: `pgsteward-load/${comparison.scenario?.id ?? 'none'}/` },
        results,
      },
    ],
  }
  return `${JSON.stringify(sarif, null, 2)}\n`
}

function result(comparison: Comparison, series: ComparedSeries, file: string) {
  const { quantile, verdict, band, ratio, base, head, because } = series
  const name = nameOf(series)
  const place = {
    locations: [location(file, comparison, name)],
    partialFingerprints: { 'pgsteward/v1': fingerprint(comparison, series.name, quantile) },
  }
  // SARIF 3.27.10: what is not known to fail has the level none
  if (verdict === 'inconclusive')
    return [
      {
        ruleId: UNDECIDED,
        kind: 'open',
        level: 'none',
        message: { text: `${name} ${quantile}: ${because}` },
        ...place,
      },
    ]
  if (band === null || band === 'none' || band === 'improvement') return []
  const cause = comparison.causes[0]
  return [
    {
      ruleId: SLOWER,
      kind: 'fail',
      level: verdict === 'fail' ? 'error' : verdict === 'warn' ? 'warning' : 'note',
      message: {
        text: `${name} ${quantile} from ${valueText(base.valueMs)} to ${valueText(head.valueMs)}, ${changeText(ratio)} (95 % sure: ${sureText(series)})${cause === undefined ? '' : `. Because: ${cause.summary}`}`,
      },
      ...place,
    },
  ]
}

function location(file: string, { scenario }: Comparison, name: string) {
  return {
    physicalLocation: {
      artifactLocation: { uri: file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/') },
      region: { startLine: 1 },
    },
    logicalLocations: [{ name, fullyQualifiedName: `${scenario?.id ?? 'none'}/${name}`, kind: 'resource' }],
  }
}

/** The same slowdown keeps its fingerprint from push to push, whatever its size. */
function fingerprint({ scenario }: Comparison, name: string, quantile: string): string {
  return [scenario?.id ?? 'none', name, quantile].join('/')
}
