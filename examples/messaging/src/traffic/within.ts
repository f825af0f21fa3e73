// Waits for something, but no longer than a limit; leaves no timer behind that would keep the process alive.

/** Resolves when the promise settles either way, or after `limitMs`. Never rejects. */
export async function within(limitMs: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs)
  })
  await Promise.race([promise.catch(() => {}), limit])
  clearTimeout(timer)
}
