// Where a benchmark prints its report: it runs in users' own tests, where there is no terminal of the command line.

export function printOut(text: string): void {
  process.stdout.write(text)
}
