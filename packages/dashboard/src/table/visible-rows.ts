// Which rows of a long table are worth drawing. Rows have one height, and the page itself scrolls.

export interface VisibleRows {
  readonly first: number
  /** Exclusive. */
  readonly last: number
}

/** So few are always drawn: they cost nothing, and the page's own search finds them. */
const FEW = 100

/** `above`: pixels of the table's rows that lie over the viewport's upper edge; negative while the table starts below it. */
export function visibleRows(
  above: number,
  viewport: number,
  rowHeight: number,
  count: number,
  overscan = 12,
): VisibleRows {
  if (count <= FEW) return { first: 0, last: count }
  // in blocks, so that a small scroll draws nothing anew
  const block = Math.max(1, Math.floor(overscan / 2))
  const top = Math.floor(above / rowHeight)
  const bottom = Math.ceil((above + viewport) / rowHeight)
  const first = Math.floor((top - overscan) / block) * block
  const last = Math.ceil((bottom + overscan) / block) * block
  const from = Math.min(Math.max(0, first), Math.max(0, count - 1))
  return { first: from, last: Math.max(Math.min(count, last), Math.min(count, from + 1)) }
}
