// A Grafana dashboard from panels: the datasource, the target and the application as variables, findings as annotations, links.

import type { AnnotationQuery, Dashboard, DashboardLink, VariableModel } from '@grafana/schema'
import { DATASOURCE, type PanelDefinition, panelOf } from './panel.ts'

export interface DashboardDefinition {
  /** Of the file, and after `pgsteward-` the uid, by which importing again replaces. */
  readonly id: string
  readonly title: string
  readonly description: string
  /** Whether it asks for an application. */
  readonly isOfApplications: boolean
  readonly panels: readonly PanelDefinition[]
}

/** Where Grafana 8 stood; newer ones migrate it when they read it. */
const SCHEMA_VERSION = 39
const TAG = 'pgsteward'
const COLUMNS = 24

/** `publicUrl`: of pgsteward's dashboard, without a slash at its end; null: a variable to fill in. */
export function grafanaDashboard(definition: DashboardDefinition, publicUrl: string | null): Dashboard {
  const { id, title, description, isOfApplications, panels } = definition
  return {
    uid: `pgsteward-${id}`,
    title: `pgsteward: ${title}`,
    description,
    tags: [TAG],
    schemaVersion: SCHEMA_VERSION,
    editable: true,
    graphTooltip: 1,
    refresh: '1m',
    time: { from: 'now-6h', to: 'now' },
    timezone: 'browser',
    links: linksOf(publicUrl),
    annotations: { list: [findingsAnnotation()] },
    templating: { list: variables(isOfApplications, publicUrl) },
    panels: placed(panels).map(({ panel, ...place }, index) => panelOf(panel, index + 1, place)),
  }
}

/** In rows from left to right; a row is as high as its highest. */
function placed(panels: readonly PanelDefinition[]) {
  let [x, y, rowHeight] = [0, 0, 0]
  return panels.map((panel) => {
    const { width: w = 12, height: h = 8 } = panel
    if (x + w > COLUMNS) {
      y += rowHeight
      x = 0
      rowHeight = 0
    }
    const at = { panel, x, y, w, h }
    x += w
    rowHeight = Math.max(rowHeight, h)
    return at
  })
}

function variables(isOfApplications: boolean, publicUrl: string | null): VariableModel[] {
  const listed = (name: string, label: string, expression: string): VariableModel => ({
    name,
    label,
    type: 'query',
    datasource: DATASOURCE,
    query: { query: expression, refId: 'A' },
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { text: 'All', value: '$__all' },
  })
  const url = publicUrl?.replace(/\/+$/, '') ?? 'http://127.0.0.1:7432'
  return [
    { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' },
    listed('target', 'Target', 'label_values(pgsteward_target_up, target)'),
    ...(isOfApplications
      ? [
          listed(
            'application',
            'Application',
            'label_values(pgsteward_application_processes{target=~"$target"}, application)',
          ),
        ]
      : []),
    {
      name: 'pgsteward',
      label: 'pgsteward',
      type: 'textbox',
      query: url,
      current: { text: url, value: url },
    },
  ]
}

function linksOf(publicUrl: string | null): DashboardLink[] {
  const common = {
    asDropdown: false,
    icon: 'external link',
    includeVars: false,
    keepTime: false,
    tags: [],
    tooltip: '',
  }
  return [
    {
      ...common,
      title: 'Other dashboards',
      type: 'dashboards',
      tags: [TAG],
      includeVars: true,
      keepTime: true,
      targetBlank: false,
    },
    ...(publicUrl === null
      ? []
      : [{ ...common, title: 'pgsteward', type: 'link' as const, url: publicUrl, targetBlank: true }]),
  ]
}

/** A mark where a finding opened; Prometheus' datasource takes the value for the time. */
function findingsAnnotation(): AnnotationQuery {
  const asked = {
    expr: 'pgsteward_finding_opened_timestamp_seconds{target=~"$target",severity=~"critical|warning"} * 1000',
    step: '60s',
    useValueForTime: true,
    titleFormat: '{{check}}',
    textFormat: '{{subject}}',
    tagKeys: 'severity,target',
  }
  return { name: 'Findings', datasource: DATASOURCE, enable: true, iconColor: 'orange', ...asked }
}
