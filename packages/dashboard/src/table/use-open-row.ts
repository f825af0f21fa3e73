// The row whose sheet is open, kept in the address: a link leads to it, and Back closes it.

import { useCallback, useMemo } from 'react'
import { setParams, useAddress } from '../use-address.ts'

/** `idOf` stays the same from drawing to drawing. */
export function useOpenRow<Row>(
  rows: readonly Row[] | null,
  idOf: (row: Row) => string,
): { readonly row: Row | null; readonly open: (row: Row) => void; readonly close: () => void } {
  const id = useAddress().params.get('open')
  const row = useMemo(() => rows?.find((each) => idOf(each) === id) ?? null, [rows, idOf, id])
  const open = useCallback((one: Row) => setParams({ open: idOf(one) }, 'push'), [idOf])
  const close = useCallback(() => setParams({ open: null }), [])
  return { row, open, close }
}
