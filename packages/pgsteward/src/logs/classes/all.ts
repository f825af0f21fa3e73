// The catalogue of log classes, in the order of its documentation.

import type { LogRule } from './rule.ts'

export const LOG_RULES: readonly LogRule[] = []
