// A target's name in findings, the API and the dashboard.

import { addressOf } from '../postgres/connect-error.ts'
import type { TargetConfig } from './config/config-schema.ts'

/** The configured id, or host and database, in the letters that ids may have. */
export function targetId(target: Pick<TargetConfig, 'id' | 'url'>): string {
  return target.id ?? addressOf(target.url).replace(/[^a-zA-Z0-9._-]+/g, '-')
}
