// A picture over time that uPlot does not draw, with what every chart has: marks, the shared cursor by pointer and keyboard.

import { type PointerEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import type { Span } from '../time-range.ts'
import { moveCursor } from './cursor.ts'
import { CursorBar } from './cursor-bar.tsx'
import { MarkLane } from './mark-lane.tsx'

/** The lane of the marks, above what is drawn. */
export const LANE_PX = 14

export function TimePicture(props: {
  readonly span: Span
  readonly title: string
  readonly times?: readonly number[]
  readonly tell: (at: number) => string
  readonly isFixed?: boolean
  readonly children: ReactNode
}): ReactNode {
  const { span, title, times, tell, isFixed } = props
  const source = useId()
  const box = useRef<HTMLDivElement>(null)
  const [size, setSize] = useState({ width: 0, height: 0 })
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const observer = new ResizeObserver(() =>
      setSize({ width: element.clientWidth, height: element.clientHeight }),
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    const share = Math.min(1, Math.max(0, (event.clientX - left) / width))
    moveCursor({ at: span.from + share * (span.to - span.from), from: null }, source)
  }
  const place = { left: 0, top: LANE_PX, width: size.width, height: Math.max(0, size.height - LANE_PX) }
  return (
    <div
      ref={box}
      className="time-picture"
      onPointerMove={onPointerMove}
      onPointerLeave={() => moveCursor(null, null)}
    >
      {props.children}
      <CursorBar
        span={span}
        place={place}
        source={source}
        title={title}
        tell={tell}
        isDrawn
        {...(times === undefined ? {} : { times })}
        {...(isFixed === undefined ? {} : { isFixed })}
      />
      <MarkLane span={span} place={place} source={source} />
    </div>
  )
}
