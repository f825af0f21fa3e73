// PEV2's drawing of a plan as an island: a Vue application in a shadow root, so that neither its styles nor Bootstrap's reach the page.

import './no-page-styles.ts'
import bootstrap from 'bootstrap/dist/css/bootstrap.min.css?inline'
import { Plan } from 'pev2'
import pev2 from 'pev2/dist/pev2.css?inline'
import { type ReactNode, useEffect, useRef } from 'react'
import { createApp } from 'vue'
import { chosenTheme, useTheme } from '../frame/theme.ts'
import type { PlanNode } from './plan-steps.ts'

/** Sheets made by script are no inline styles: the server's content security policy lets them be. */
let sheets: readonly CSSStyleSheet[] | undefined

function islandSheets(): readonly CSSStyleSheet[] {
  sheets ??= [bootstrap, pev2, OWN].map((text) => {
    const sheet = new CSSStyleSheet()
    // what they say of the page is meant for the island
    sheet.replaceSync(text.replace(/:root\b/g, ':host').replace(/(^|[},])(html|body)(?=[\s,{])/g, '$1:host'))
    return sheet
  })
  return sheets
}

const OWN = `
  :host { display: block; height: 70vh; min-height: 420px; font-size: 14px; }
  .svg-inline--fa { height: 1em; width: 1.25em; vertical-align: -0.125em; overflow: visible; }
  .island { height: 100%; display: flex; flex-direction: column; background: var(--bs-body-bg); color: var(--bs-body-color); }
`

export function PlanDrawing(props: { readonly plan: PlanNode; readonly text: string }): ReactNode {
  const { plan, text } = props
  const host = useRef<HTMLDivElement>(null)
  const theme = useTheme()
  useEffect(() => {
    const element = host.current
    if (element === null) return
    const shadow = element.shadowRoot ?? element.attachShadow({ mode: 'open' })
    shadow.adoptedStyleSheets = [...islandSheets()]
    const inside = document.createElement('div')
    inside.className = 'island'
    inside.dataset.bsTheme = isDark(theme) ? 'dark' : 'light'
    shadow.replaceChildren(inside)
    const island = createApp(Plan, { planSource: JSON.stringify([{ Plan: plan }]), planQuery: text })
    island.mount(inside)
    return () => {
      island.unmount()
      shadow.replaceChildren()
    }
  }, [plan, text, theme])
  return <div ref={host} className="plan-drawing" />
}

/** `theme` is the choice and what the system says. */
function isDark(theme: string): boolean {
  return chosenTheme() === 'dark' || (chosenTheme() === 'system' && theme.endsWith('/dark'))
}
