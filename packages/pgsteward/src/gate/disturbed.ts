// Runs that the machine's own host disturbed: it gave processor time to others meanwhile, which cannot be seen in the run itself.

import type { LoadRun } from '../model/load-run.ts'

/**
 * Measured on identical runs (bench/results/gate.md): below 1 % their p50 strays by 3 to 6 %, from 3 to 8 % by 6 to 11 %, above 8 % by up
 * to 77 %.
 */
export const MOST_STOLEN = 0.03

export function isDisturbed(run: Pick<LoadRun, 'environment'>): boolean {
  return (run.environment.hostStolenRatio ?? 0) >= MOST_STOLEN
}

/** In words; null: none was. */
export function disturbedNote(runs: readonly LoadRun[]): string | null {
  const disturbed = runs.filter(isDisturbed)
  if (disturbed.length === 0) return null
  const worst = Math.max(...disturbed.map(({ environment }) => environment.hostStolenRatio ?? 0))
  return `In ${disturbed.length} of ${runs.length} runs the machine's host gave ${percent(MOST_STOLEN)} or more of the processors to others (up to ${percent(worst)}): they stray by more than the code does.`
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 100)} %`
}
