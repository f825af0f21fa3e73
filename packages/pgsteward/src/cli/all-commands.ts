// The commands by name, in the order of the help. Each is loaded when it is asked for: a command starts in half the time and memory
// without what the others need.

import type { AnyCommand } from './command.ts'

export const COMMANDS: Readonly<Record<string, () => Promise<AnyCommand>>> = {
  demo: async () => (await import('./commands/demo.ts')).demo,
  watch: async () => (await import('./commands/watch.ts')).watch,
  check: async () => (await import('./commands/check.ts')).check,
  advise: async () => (await import('./commands/advise.ts')).advise,
  verify: async () => (await import('./commands/verify.ts')).verify,
  review: async () => (await import('./commands/review.ts')).review,
  'plan-check': async () => (await import('./commands/plan-check.ts')).planCheck,
  plans: async () => (await import('./commands/plans.ts')).plans,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  twin: async () => (await import('./commands/twin.ts')).twin,
  stats: async () => (await import('./commands/stats.ts')).stats,
  workload: async () => (await import('./commands/workload.ts')).workload,
  findings: async () => (await import('./commands/findings.ts')).findings,
  'alerts list': async () => (await import('./commands/alerts.ts')).alertsList,
  'alerts ack': async () => (await import('./commands/alerts.ts')).alertsAck,
  'alerts silence': async () => (await import('./commands/alerts.ts')).alertsSilence,
  'alerts test': async () => (await import('./commands/alerts.ts')).alertsTest,
  'maintain list': async () => (await import('./commands/maintain.ts')).maintainList,
  'maintain show': async () => (await import('./commands/maintain.ts')).maintainShow,
  'maintain approve': async () => (await import('./commands/maintain.ts')).maintainApprove,
  'maintain reject': async () => (await import('./commands/maintain.ts')).maintainReject,
  'maintain undo': async () => (await import('./commands/maintain.ts')).maintainUndo,
  mcp: async () => (await import('./commands/mcp.ts')).mcp,
  availability: async () => (await import('./commands/availability.ts')).availability,
  logs: async () => (await import('./commands/logs.ts')).logs,
  checks: async () => (await import('./commands/checks.ts')).checks,
  config: async () => (await import('./commands/config.ts')).config,
  'baseline create': async () => (await import('./commands/baseline-create.ts')).baselineCreate,
  'baseline list': async () => (await import('./commands/baseline-list.ts')).baselineList,
  'baseline show': async () => (await import('./commands/baseline-show.ts')).baselineShow,
  'baseline merge': async () => (await import('./commands/baseline-merge.ts')).baselineMerge,
  'baseline promote': async () => (await import('./commands/baseline-promote.ts')).baselinePromote,
  'baseline compare': async () => (await import('./commands/baseline-compare.ts')).baselineCompare,
  'load run': async () => (await import('./commands/load-run.ts')).loadRun,
  'load ab': async () => (await import('./commands/load-ab.ts')).loadAb,
  'load scenarios': async () => (await import('./commands/load-scenarios.ts')).loadScenarios,
  'load replay': async () => (await import('./commands/load-replay.ts')).loadReplay,
  'load import': async () => (await import('./commands/load-import.ts')).loadImport,
  'load k6': async () => (await import('./commands/load-k6.ts')).loadK6,
  'load sweep': async () => (await import('./commands/load-sweep.ts')).loadSweep,
  'init ci': async () => (await import('./commands/init-ci.ts')).initCiCommand,
  'newrelic plan': async () => (await import('./commands/newrelic-plan.ts')).newRelicPlan,
  'newrelic apply': async () => (await import('./commands/newrelic-apply.ts')).newRelicApply,
  'newrelic verify': async () => (await import('./commands/newrelic-verify.ts')).newRelicVerify,
  'newrelic config': async () => (await import('./commands/newrelic-config.ts')).newRelicConfig,
  'export grafana': async () => (await import('./commands/export-grafana.ts')).exportGrafana,
  'export datadog': async () => (await import('./commands/export-datadog.ts')).exportDatadog,
  'export prometheus-rules': async () =>
    (await import('./commands/export-prometheus-rules.ts')).exportPrometheusRules,
  changes: async () => (await import('./commands/changes.ts')).changes,
  capacity: async () => (await import('./commands/capacity.ts')).capacity,
  forecast: async () => (await import('./commands/forecast.ts')).forecast,
  migrate: async () => (await import('./commands/migrate.ts')).migrate,
}

export function loadAllCommands(): Promise<readonly AnyCommand[]> {
  return Promise.all(Object.values(COMMANDS).map((load) => load()))
}
