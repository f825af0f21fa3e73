// Emphasis of a text report. The command line passes its colours; without them the words alone must do.

export interface TextStyle {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly red: (text: string) => string
  readonly yellow: (text: string) => string
  readonly green: (text: string) => string
}

const same = (text: string) => text

export const PLAIN: TextStyle = { bold: same, dim: same, red: same, yellow: same, green: same }
