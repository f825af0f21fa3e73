// Waits for a condition, with a limit.

export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  withinMs = 10_000,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + withinMs
  for (;;) {
    const value = await condition()
    if (value !== null && value !== undefined && value !== false) return value
    if (Date.now() > deadline) throw new Error(`still not: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
