// A dashboard as NerdGraph takes it (DashboardInput): one page, two widgets beside each other.

import type { DashboardDefinition, ExpressionUnit, WidgetDefinition } from '../definitions.ts'
import { widgetNrql } from './nrql.ts'
import type { Input, NewRelicSettings } from './wanted.ts'

const VISUALIZATION: Readonly<Record<WidgetDefinition['shape'], string>> = {
  line: 'viz.line',
  area: 'viz.area',
  bar: 'viz.bar',
  number: 'viz.billboard',
}

/** New Relic's words for units; it chooses the scale. */
const UNIT: Readonly<Record<ExpressionUnit, string | null>> = {
  s: 'SECONDS',
  ratio: 'PERCENTAGE',
  count: 'COUNT',
  minorUnit: null,
}

/** Of twelve columns. */
const WIDTH = 6
const HEIGHT = 4

export function dashboardInput(
  dashboard: DashboardDefinition,
  name: string,
  settings: Pick<NewRelicSettings, 'accountId' | 'services'>,
): Input {
  return {
    name,
    description: dashboard.description,
    permissions: 'PUBLIC_READ_WRITE',
    pages: [
      {
        name: dashboard.title,
        widgets: dashboard.widgets.map((widget, index) => ({
          title: widget.title,
          layout: {
            column: 1 + (index % 2) * WIDTH,
            row: 1 + Math.floor(index / 2) * HEIGHT,
            width: WIDTH,
            height: HEIGHT,
          },
          visualization: { id: VISUALIZATION[widget.shape] },
          rawConfiguration: {
            nrqlQueries: [{ accountIds: [settings.accountId], query: widgetNrql(widget, settings) }],
            platformOptions: { ignoreTimeRange: false },
            ...unitOf(widget.unit),
          },
        })),
      },
    ],
  }
}

function unitOf(unit: ExpressionUnit): object {
  const word = UNIT[unit]
  return word === null ? {} : { units: { unit: word } }
}
