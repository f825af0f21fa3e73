// How much shorter and smaller than its scenario something is, from the options that say so.

import { StewardError } from '../model/error.ts'

export interface ScaleOptions {
  readonly scale?: string
  readonly 'time-scale'?: string
  readonly 'users-scale'?: string
}

export function scalesOf(options: ScaleOptions): { readonly timeScale: number; readonly loadScale: number } {
  const both = factor('--scale', options.scale)
  return {
    timeScale: factor('--time-scale', options['time-scale']) ?? both ?? 1,
    loadScale: factor('--users-scale', options['users-scale']) ?? both ?? 1,
  }
}

function factor(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value > 0 && value <= 1000) return value
  throw new StewardError('usage', `${name} ${text} is no factor`, {
    hint: 'A number above 0: 0.1 is a tenth, 2 is twice.',
  })
}
