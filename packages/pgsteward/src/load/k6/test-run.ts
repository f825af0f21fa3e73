// A scenario for k6-operator: the script as a ConfigMap, a TestRun that splits the load over runners, and a volume on which each runner
// leaves its points. The runners' percentiles can't be averaged; `load import --merge` adds their histograms.

import { StewardError } from '../../model/error.ts'
import type { Scenario } from '../../model/scenario.ts'

export interface TestRunOptions {
  readonly parallelism: number
  readonly target: string
  readonly script: string
  /** For the comment that tells how the results are read. */
  readonly scenarioName: string
}

export interface TestRunFile {
  readonly name: string
  readonly text: string
}

/** A ConfigMap holds one MiB. */
const MAX_SCRIPT_BYTES = 1_000_000
/** The user of k6's image. */
const K6_USER = 12345
const SCRIPT = 'scenario.ts'

/** Throws 'scenario-invalid' for a script that no ConfigMap can hold. */
export function testRunFiles(scenario: Scenario, options: TestRunOptions): readonly TestRunFile[] {
  const bytes = Buffer.byteLength(options.script)
  if (bytes > MAX_SCRIPT_BYTES)
    throw new StewardError('scenario-invalid', `the script of ${scenario.id} is ${bytes} bytes long`, {
      detail:
        'A ConfigMap of Kubernetes holds at most one MiB, and the tables of the scenario are in the script.',
      hint: 'Shorten the tables in `data`, or put the script on a volume (spec.script.volumeClaim).',
    })
  const name = `pgsteward-${scenario.id}`.slice(0, 50).replace(/-+$/, '')
  return [
    { name: 'configmap.yaml', text: configMap(name, options.script) },
    { name: 'results.yaml', text: results(name) },
    { name: 'testrun.yaml', text: testRun(name, scenario, options) },
  ]
}

/** Of `{{env.NAME}}`: what a script needs from its environment, such as passwords. */
export function environmentNames(scenario: Scenario): readonly string[] {
  const names = JSON.stringify(scenario).matchAll(/\{\{\s*env\.(\w+)\s*\}\}/g)
  return [...new Set([...names].map((match) => match[1]!))].sort()
}

function configMap(name: string, script: string): string {
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
data:
  ${SCRIPT}: |
${script
  .trimEnd()
  .split('\n')
  .map((line) => (line === '' ? '' : `    ${line}`))
  .join('\n')}
`
}

function results(name: string): string {
  return `# Where the runners leave what they measured. All of them write, so the volume has to be mountable by many nodes.
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: ${name}-results
spec:
  accessModes: [ReadWriteMany]
  resources:
    requests:
      storage: 5Gi
`
}

function testRun(name: string, scenario: Scenario, options: TestRunOptions): string {
  const secrets = environmentNames(scenario)
  return `# ${scenario.title.replaceAll(/\s+/g, ' ')}: ${options.parallelism} runners of k6-operator (https://github.com/grafana/k6-operator).
#   kubectl apply -f configmap.yaml -f results.yaml -f testrun.yaml
# Each runner does its share of the load and knows only that: thresholds are judged on all of them together, afterwards.
# Copy the files from the volume ${name}-results, then:
#   pgsteward load import points-*.json.gz --merge --scenario ${options.scenarioName} --out run.json
apiVersion: k6.io/v1alpha1
kind: TestRun
metadata:
  name: ${name}
spec:
  parallelism: ${options.parallelism}
  # a node each, so that runners do not take the processor from each other; false on a small cluster
  separate: true
  script:
    configMap:
      name: ${name}
      file: ${SCRIPT}
  arguments: --out json=/results/points-$(POD_NAME).json.gz --no-thresholds --summary-mode=disabled
  runner:
    image: grafana/k6:2.2.0
    env:
      - name: POD_NAME
        valueFrom:
          fieldRef:
            fieldPath: metadata.name
      - name: TARGET
        value: ${JSON.stringify(options.target)}
      - name: K6_NO_USAGE_REPORT
        value: "true"
      - name: K6_AUTO_EXTENSION_RESOLUTION
        value: "false"
${secrets.map((secret) => secretLines(name, secret)).join('')}    securityContext:
      fsGroup: ${K6_USER}
    resources:
      requests:
        cpu: "1"
        memory: 1Gi
    volumes:
      - name: results
        persistentVolumeClaim:
          claimName: ${name}-results
    volumeMounts:
      - name: results
        mountPath: /results
`
}

/** kubectl create secret generic NAME --from-literal=KEY=... */
function secretLines(name: string, secret: string): string {
  return `      - name: ${secret}
        valueFrom:
          secretKeyRef:
            name: ${name}
            key: ${secret}
`
}
