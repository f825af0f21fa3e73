// Fetches a file of the API and hands it to the browser to keep, so that a refusal can be told on the page.

import { RequestError } from './request.ts'

/** A workbook is made when it is asked for, of a plan that takes seconds. */
const ANSWER_WITHIN_MS = 60_000

/** Throws RequestError. */
export async function download(url: string, name: string): Promise<void> {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  }).catch(() => {
    throw new RequestError('The server does not answer', true)
  })
  if (!response.ok)
    throw new RequestError(`The server answered with HTTP ${response.status}`, false, {
      hint: "Try again, or look into the server's log.",
      isUnauthorised: response.status === 401,
    })
  const address = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // the browser has taken hold of it by then
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
