// The catalogue of checks: an explicit list, by area. The catalogue test names what is missing for any of them.

import type { AnyCheck } from '../model/check.ts'
import { unusedIndex } from './index/unused-index.ts'

export const ALL_CHECKS: readonly AnyCheck[] = [unusedIndex]
