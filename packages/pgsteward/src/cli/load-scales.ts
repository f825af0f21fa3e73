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
  if (!Number.isFinite(value) || value <= 0)
    throw new StewardError('usage', `${name} ${text} is no factor`, {
      hint: 'A number over 0, such as 0.1 or 2.',
    })
  return value
}
