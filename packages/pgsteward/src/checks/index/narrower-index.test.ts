import { expect, test } from 'vitest'
import { narrowerDefinition } from './narrower-index.ts'

test.each([
  [
    'CREATE INDEX ab ON public.parcel USING btree (a, b)',
    1,
    [],
    'CREATE INDEX CONCURRENTLY n ON public.parcel USING btree (a)',
  ],
  [
    `CREATE INDEX "a, (b" ON public."Parcel Nö" USING btree (COALESCE(a, 'x,)'::text), "B,)" DESC NULLS LAST, c) INCLUDE (d, "E,") WITH (fillfactor='70') WHERE (a IS NOT NULL)`,
    2,
    [1],
    `CREATE INDEX CONCURRENTLY n ON public."Parcel Nö" USING btree (COALESCE(a, 'x,)'::text), "B,)" DESC NULLS LAST) INCLUDE ("E,") WITH (fillfactor='70') WHERE (a IS NOT NULL)`,
  ],
] as const)('%s', (definition, keys, places, expected) => {
  expect(narrowerDefinition(definition, 'n', keys, places)).toBe(expected)
})

test('a text that is not understood yields none', () => {
  expect(narrowerDefinition('CREATE INDEX ab ON public.parcel USING btree (a, b', 'n', 1, [])).toBeNull()
})
