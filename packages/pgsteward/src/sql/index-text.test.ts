import { expect, test } from 'vitest'
import { isSameDefinition, plainDefinition } from './index-text.ts'

test.each([
  ['CREATE INDEX a ON public.parcel USING btree (weight, sent_at DESC)', '(weight, sent_at desc)'],
  ['CREATE INDEX "a USING" ON public."Parcel Nö" USING btree ("Weight")', '("Weight")'],
  [
    "CREATE INDEX a ON public.parcel USING btree (place) INCLUDE (id) WHERE (state = 'open'::text)",
    "(place) include (id) where state = 'open'",
  ],
  [
    "CREATE INDEX a ON p USING btree (b) WHERE ((c)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]))",
    "(b) where c in ('x', 'y')",
  ],
  ['CREATE INDEX a ON p USING gin (subject gin_trgm_ops)', 'using gin (subject gin_trgm_ops)'],
  ['CREATE INDEX a ON p USING btree (lower((email)::text))', '(lower(email))'],
  [
    'CREATE INDEX a ON p USING btree (b) WHERE ((deleted_at IS NULL) AND (n > 3))',
    '(b) where deleted_at is null and n > 3',
  ],
])('%s is %s', (deparsed, written) => {
  expect(plainDefinition(deparsed)).toBe(plainDefinition(written))
})

test.each([
  ['CREATE INDEX a ON p USING btree (b, c)', '(c, b)'],
  ['CREATE INDEX a ON p USING btree (b DESC)', '(b)'],
  ['CREATE UNIQUE INDEX a ON p USING btree (b)', '(b)'],
  ['CREATE INDEX a ON p USING btree (b) INCLUDE (c)', '(b, c)'],
  ['CREATE INDEX a ON p USING btree (b) WHERE (c = 1)', '(b)'],
  ['CREATE INDEX a ON p USING hash (b)', '(b)'],
])('%s is not %s', (deparsed, written) => {
  expect(isSameDefinition(deparsed, written)).toBe(false)
})
