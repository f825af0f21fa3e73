// An address of each page, as the fixtures know it.

/** `load` has no fixtures of its own: what it says where the server refuses is tried all the same. */
export const EVERY_PAGE = {
  overview: '/',
  findings: '/findings',
  finding: '/findings/unused-index%3Aindex%2Fmessaging%2Fpublic%2Fmessages_body_idx',
  alerts: '/alerts',
  'on-call': '/on-call',
  incidents: '/incidents',
  incident: '/incidents/INC-7',
  availability: '/availability',
  applications: '/applications',
  application: '/applications/messaging',
  'slow-queries': '/slow-queries',
  logs: '/logs',
  activity: '/activity',
  statements: '/statements',
  statement: '/statements/-5561034',
  tables: '/tables',
  indexes: '/indexes',
  advice: '/advice',
  'advised-index': '/advice/audit_log_using_gin_details_jsonb_path_ops_idx',
  maintenance: '/maintenance',
  changes: '/changes',
  change: '/changes/CHG-12',
  optimizations: '/optimizations',
  optimization: '/optimizations/OPT-3',
  load: '/load',
  'load-run': '/load/a-run',
  capacity: '/capacity',
  reports: '/reports',
  report: '/reports/weekly/2026-W47',
  checks: '/checks',
  access: '/access',
} as const

export type PageName = keyof typeof EVERY_PAGE

export const PAGE_NAMES = Object.keys(EVERY_PAGE) as readonly PageName[]
