// What is counted by the hour, told at once when it breaks out, and over soon after its end.

/**
 * How many an hour: those of the last hour, never projected upwards, so that twenty mean twenty whenever they came. Where the last ten
 * minutes alone would make fewer of an hour, that: what is over need not wait for the hour to pass.
 */
export function anHour(ofHour: number, ofTenMinutes: number): number {
  return Math.min(ofHour, ofTenMinutes * 6)
}
