// The few pictures, drawn as strokes on 16 by 16; they take the colour of the text beside them.

import type { ReactNode } from 'react'

const PATHS = {
  overview: 'M2 13V9m4 4V3m4 10V7m4 6V5',
  findings: 'M8 1.5 14.5 13.5h-13zM8 6v3.5M8 11.6v.1',
  alerts: 'M8 1.5a4 4 0 0 1 4 4c0 4 1.5 5 1.5 6h-11c0-1 1.5-2 1.5-6a4 4 0 0 1 4-4zM6.5 13.8h3',
  'on-call':
    'M3.5 1.5h2.3l1.2 3.3-1.6 1.2a8 8 0 0 0 4.6 4.6l1.2-1.6 3.3 1.2v2.3a1.8 1.8 0 0 1-2 1.9A11.2 11.2 0 0 1 1.6 3.5a1.8 1.8 0 0 1 1.9-2z',
  incidents: 'M9 1.5 3 9h4.5L7 14.5 13 7H8.5z',
  availability: 'M1.5 8h3l2-5.5 3 11 2-5.5h3',
  applications: 'M1.5 2.5h13v11h-13zM1.5 5.8h13M4 4.2v.1m2-.1v.1M4.5 9.8l1.6 1.4L4.5 12.6',
  'slow-queries': 'M3 1.5h10M3 14.5h10M4.5 1.5v2.2L8 8l3.5-4.3V1.5M4.5 14.5v-2.2L8 8l3.5 4.3v2.2',
  more: 'M2.3 8h.9M7.6 8h.9M12.9 8h.9',
  logs: 'M3 1.5h10v13H3zM5.5 5h5M5.5 8h5M5.5 11h3',
  activity: 'M1.5 13.5V10l3-3 3 2.5 3.5-5 3.5 2.5v6.5zM1.5 10l3-3 3 2.5 3.5-5L14.5 7',
  statements: 'M5.5 4 1.5 8l4 4m5-8 4 4-4 4',
  tables: 'M2 2.5h12v11H2zM2 6h12M6.5 6v7.5',
  indexes: 'M2 3.5h8M2 8h5M2 12.5h5m6-8v8m-2.5-2.5L13 12.7l2.5-2.7',
  advice: 'M8 1.5a4.5 4.5 0 0 1 2.5 8.2v1.8h-5V9.7A4.5 4.5 0 0 1 8 1.5zM6 14h4',
  load: 'M2 12.5a6.3 6.3 0 1 1 12 0M8 12.5l3-5M8 12.5v.1',
  maintenance:
    'M9.8 2.2a3.5 3.5 0 0 0-4.3 4.3L1.6 10.4a1.7 1.7 0 0 0 2.4 2.4l3.9-3.9a3.5 3.5 0 0 0 4.3-4.3L10 6.8 7.6 4.4z',
  changes: 'M3 5h8.5L9 2.5M13 11H4.5L7 13.5',
  optimizations: 'M1.5 3.5 6 8l3-3 5.5 6.5M14.5 8v3.5H11M1.5 14h13',
  capacity: 'M1.5 13.5h13M1.5 11l4-3.5M5.5 7.5 14.5 2M5.5 7.5l9 2.5',
  reports: 'M3 1.5h7l3 3v10H3zM10 1.5v3h3M5.5 11.5v-2m2.5 2V7.5m2.5 4v-3',
  checks: 'm2 4 1.3 1.3L5.7 3M2 11l1.3 1.3L5.7 10M8.5 4.5H14M8.5 11.5H14',
  access: 'M6 7a3 3 0 1 1 2.6 3L7.5 11v1.5H6V14H2.5v-2.5L6.2 7.8A3 3 0 0 1 6 7zM10.5 5.5v.1',
  critical: 'M5 1.5h6L14.5 5v6L11 14.5H5L1.5 11V5zM8 4.5v4M8 11.2v.1',
  warning: 'M8 2 14.5 13.5h-13zM8 6.3v3.2M8 11.6v.1',
  info: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM8 7.4v3.8M8 4.7v.1',
  resolved: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM5.2 8.2l2 2 3.7-4.2',
  undecided: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM4.8 8h6.4',
  invalid: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM3.5 3.5l9 9',
  muted: 'M2 6h2.5L8 3v10l-3.5-3H2zM11 6l3.5 4m0-4L11 10',
  pending: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM8 4.5v4l2.5 1.5',
  light:
    'M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM8 .8v1.7m0 11v1.7M.8 8h1.7m11 0h1.7M2.9 2.9l1.2 1.2m7.8 7.8 1.2 1.2m0-10.2-1.2 1.2m-7.8 7.8-1.2 1.2',
  dark: 'M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3z',
  system: 'M1.5 2.5h13v8.5h-13zM5 14h6M8 11v3',
  copy: 'M5.5 5.5h8v8h-8zM3 10.5h-.5v-8h8V3',
  search: 'M7 2a5 5 0 1 1 0 10A5 5 0 0 1 7 2zM10.6 10.6l3.9 3.9',
  target:
    'M2.5 4c0-1.4 2.5-2.5 5.5-2.5s5.5 1.1 5.5 2.5S11 6.5 8 6.5 2.5 5.4 2.5 4zv8c0 1.4 2.5 2.5 5.5 2.5s5.5-1.1 5.5-2.5V4M2.5 8c0 1.4 2.5 2.5 5.5 2.5s5.5-1.1 5.5-2.5',
  close: 'm3.5 3.5 9 9m0-9-9 9',
  'sign-out': 'M6.5 2.5h-4v11h4M6 8h8M11 5l3 3-3 3',
  help: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM6 6.3c0-2.6 4-2.6 4 0 0 1.6-2 1.5-2 3.1M8 11.5v.1',
} as const

export type IconName = keyof typeof PATHS

/** Always decoration: the word beside it, or the button's label, says the same. */
export function Icon(props: { readonly name: IconName }): ReactNode {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[props.name]} />
    </svg>
  )
}
