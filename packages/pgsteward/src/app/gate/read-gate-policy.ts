// A gate's policy, by name or as a file: JSON, `{ "inconclusive": "fail" }`.

import { readFile } from 'node:fs/promises'
import { type GatePolicy, gatePolicySchema } from '../../gate/policy.ts'
import { StewardError } from '../../model/error.ts'

export { FAIL_ON, isGateReached, policyOf } from '../../gate/policy.ts'

/** Throws 'config-not-found' and 'config-invalid'. */
export async function readGatePolicy(path: string): Promise<GatePolicy> {
  const text = await readFile(path, 'utf8').catch((cause: Error) => {
    throw new StewardError('config-not-found', `the policy ${path} cannot be read`, {
      detail: cause.message,
      cause,
    })
  })
  const parsed = gatePolicySchema.safeParse(parse(path, text))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw new StewardError('config-invalid', `the policy ${path} is not valid`, {
    detail: `${issue.path.length === 0 ? '' : `${issue.path.join('.')}: `}${issue.message}`,
    hint: `Known are ${Object.keys(gatePolicySchema.shape).join(', ')}, each "fail" or "pass".`,
  })
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new StewardError('config-invalid', `the policy ${path} is not JSON`, {
      detail: (cause as Error).message,
      cause,
    })
  }
}
