import { expect, test } from 'vitest'
import { serverInfo } from '../../../test/judge.ts'
import { rewriteEvidence } from './rewrite-way.ts'

test.each([
  [serverInfo({ versionNum: 190000 }), /^repack \(concurrently\) public\."Parcel Nö", while it is in use$/],
  [
    serverInfo({ extensions: new Map([['pg_repack', '1.4.8']]) }),
    /^pg_repack --table=public\."Parcel Nö", while/,
  ],
  [serverInfo(), /^vacuum full public\."Parcel Nö" in a window .* with the extension pg_repack/],
] as const)('the best way that a server has is named: %#', (server, words) => {
  expect(rewriteEvidence(server, { schema: 'public', name: 'Parcel Nö' }).value).toMatch(words)
})
