// The look of a report as a document: the dashboard's colours (test/report/report-style.test.ts holds them equal), four sizes, and paper.

const LIGHT = {
  ground: '#ffffff',
  sunken: '#f6f7f9',
  hairline: '#e2e5ea',
  edge: '#c4cad3',
  text: '#1a1e24',
  'text-muted': '#5a6470',
  accent: '#2456c7',
  critical: '#b3261e',
  'critical-ground': '#fdecea',
  warning: '#855300',
  'warning-ground': '#fdf3dc',
  info: '#3d5a76',
  'info-ground': '#eaf0f5',
  resolved: '#1c6e46',
  'resolved-ground': '#e7f5ed',
  'series-1': '#2563c9',
  'series-2': '#c2570c',
  'series-3': '#b58a00',
  'series-4': '#a8327e',
  'series-5': '#0f7f78',
  'series-6': '#6b46c1',
  'series-7': '#5f7d1c',
  'series-8': '#8a94a0',
} as const

const DARK: Readonly<Record<keyof typeof LIGHT, string>> = {
  ground: '#15181c',
  sunken: '#0f1215',
  hairline: '#2a3037',
  edge: '#424b55',
  text: '#e5e8ec',
  'text-muted': '#9aa5b1',
  accent: '#86b3ff',
  critical: '#ff8f86',
  'critical-ground': '#3a1a1a',
  warning: '#f0b954',
  'warning-ground': '#33270f',
  info: '#a3bcd6',
  'info-ground': '#1d2935',
  resolved: '#74cf9c',
  'resolved-ground': '#14301f',
  'series-1': '#6ea8fe',
  'series-2': '#f59e62',
  'series-3': '#ead14e',
  'series-4': '#f08cc8',
  'series-5': '#4ecdc4',
  'series-6': '#b8a1f5',
  'series-7': '#b3d465',
  'series-8': '#7a8591',
}

export const REPORT_COLOURS = { light: LIGHT, dark: DARK } as const

const variables = (colours: Readonly<Record<string, string>>) =>
  Object.entries(colours)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';')

const SERIES = Array.from(
  { length: 8 },
  (_, index) =>
    `.s${index + 1}{stroke:var(--series-${index + 1})}.dot.s${index + 1}{fill:var(--series-${index + 1})}.key.s${index + 1}{background:var(--series-${index + 1})}`,
).join('')

/** Paper is white whatever the screen is: dark colours are the screen's alone. */
export const REPORT_STYLE = `
:root{color-scheme:light;${variables(LIGHT)}}
@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;${variables(DARK)}}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere;-webkit-text-size-adjust:100%}
main{padding-top:4px}
main,body>footer,body>header{max-width:800px;margin:0 auto;padding-left:24px;padding-right:24px}
body>header{padding-top:32px}
body>footer{padding-bottom:32px}
h1{font-size:24px;line-height:32px;font-weight:600;margin:0}
h2{font-size:16px;line-height:24px;font-weight:600;margin:0 0 12px;padding-top:20px;border-top:1px solid var(--hairline)}
h3,caption,figcaption{font-size:14px;line-height:20px;font-weight:600;margin:0 0 8px;padding:0;text-align:left}
p{margin:0 0 8px}
section{margin:0 0 28px}
section>*{margin-bottom:20px}
a{color:var(--accent);text-decoration:none}
a:hover,a:focus-visible,p a{text-decoration:underline}
code{font-family:ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:12px;background:var(--sunken);border:1px solid var(--hairline);border-radius:4px;padding:0 4px}
.muted,.note,.unit{color:var(--text-muted)}
.note,.unit,.small,body>footer{font-size:12px;line-height:16px}
.unit{font-weight:400}
.target{margin:0;color:var(--text-muted)}
.status{border:1px solid var(--hairline);border-left:4px solid var(--tone);border-radius:6px;padding:12px 16px;margin:20px 0}
.status h2{border:0;padding:0;margin:0;color:var(--tone)}
.status ul{margin-top:8px}
.is-green{--tone:var(--resolved)}.is-yellow{--tone:var(--warning)}.is-red{--tone:var(--critical)}.is-unknown{--tone:var(--text-muted)}
.coverage{margin:0 0 20px;color:var(--text-muted)}
.coverage ul{margin:4px 0 0;padding-left:20px}
nav ul{display:flex;flex-wrap:wrap;gap:4px 16px;margin:0 0 20px;padding:0;list-style:none}
ul.items{list-style:none;margin:0;padding:0}
ul.items li{padding:6px 0;border-top:1px solid var(--hairline)}
ul.items li:first-child{border-top:0}
ul.items .note{margin:2px 0 0}
.tag{display:inline-block;font-size:12px;line-height:16px;border-radius:4px;padding:1px 6px;margin-right:8px;white-space:nowrap}
.tag.critical{color:var(--critical);background:var(--critical-ground)}
.tag.warning{color:var(--warning);background:var(--warning-ground)}
.tag.info{color:var(--info);background:var(--info-ground)}
dl.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(180px,1fr));gap:12px;margin:0 0 20px}
dl.figures>div{border:1px solid var(--hairline);border-radius:6px;padding:10px 12px}
dl.figures>div.wide-figure{grid-column:span 2}
dt{font-size:12px;line-height:16px;color:var(--text-muted)}
dd{margin:0}
dd.value{font-size:24px;line-height:32px}
dd.value.is-words,dd.value.is-unknown{font-size:16px;line-height:24px}
dd.value.is-unknown{color:var(--text-muted)}
.judged{font-size:12px;line-height:16px}
.judged.bad{color:var(--critical)}
.judged.good{color:var(--resolved)}
table{width:100%;border-collapse:collapse;margin:0}
th{font-size:12px;line-height:16px;font-weight:400;color:var(--text-muted);text-align:left;vertical-align:bottom;padding:4px 12px 4px 0;border-bottom:1px solid var(--edge)}
td{padding:5px 12px 5px 0;border-bottom:1px solid var(--hairline);vertical-align:top}
td:first-child,th:first-child{min-width:160px}
table.many{font-size:12px;line-height:16px}
table.many td,table.many th{padding-right:8px}
table.many td:first-child,table.many th:first-child{min-width:64px}
table.many .number{white-space:normal}
.number{text-align:right;white-space:nowrap}
th.number{white-space:normal}
th:last-child,td:last-child{padding-right:0}
td.unknown{color:var(--text-muted)}
figure{margin:0 0 20px}
figcaption{display:flex;flex-wrap:wrap;gap:0 12px;align-items:baseline}
figcaption a{font-size:12px;font-weight:400;margin-left:auto}
svg{display:block;max-width:100%;height:auto}
svg.narrow{display:none}
svg text{font-size:12px;fill:var(--text)}
svg .tick{fill:var(--text-muted)}
svg .name{paint-order:stroke;stroke:var(--ground);stroke-width:3px}
svg .flag{fill:var(--text-muted)}
svg .grid{stroke:var(--hairline)}
svg .line{fill:none;stroke-width:1.5;stroke-linejoin:round}
svg .thin{stroke-width:1}
svg .dashed{stroke-dasharray:4 3}
svg .dot{stroke:none}
svg .level{stroke:var(--text-muted);stroke-dasharray:6 4}
svg .mark{stroke:var(--text-muted);stroke-dasharray:1 3}
svg .unobserved{fill:var(--hairline);fill-opacity:.5;stroke:none}
${SERIES}
.keys,.marks{font-size:12px;line-height:16px;margin:4px 0 0;padding:0;list-style:none;display:flex;flex-wrap:wrap;gap:4px 16px}
.keys.beside{display:none}
.key{display:inline-block;width:12px;height:3px;border-radius:1px;margin-right:6px;vertical-align:middle}
.marks{display:block;color:var(--text-muted)}
details{margin-top:4px;font-size:12px}
summary{color:var(--text-muted);cursor:pointer}
@media screen and (min-width:900px){.whole{overflow-wrap:normal}}
@media screen and (max-width:640px){
main,body>footer,body>header{padding-left:16px;padding-right:16px}
svg.wide{display:none}
svg.narrow{display:block;max-width:480px;width:100%}
.keys.beside{display:flex}
dl.figures{grid-template-columns:repeat(auto-fill,minmax(150px,1fr))}
table.stacked,table.stacked tbody,table.stacked tr,table.stacked caption{display:block}
table.stacked thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table.stacked tr{display:flex;flex-wrap:wrap;gap:2px 16px;padding:6px 0;border-bottom:1px solid var(--hairline)}
table.stacked td{display:block;border:0;padding:0;white-space:normal;text-align:left}
table.stacked td:first-child{flex-basis:100%}
table.stacked td:not(:first-child)::before{content:attr(data-label) " ";color:var(--text-muted);font-size:12px}
}
@page{size:A4;margin:16mm 14mm}
@media print{
main,body>footer,body>header{max-width:none;padding-left:0;padding-right:0}
body{font-size:12px}
nav,details,figcaption a{display:none}
a{color:inherit}
section{break-inside:avoid-page}
h1,h2,h3,caption,figcaption{break-after:avoid}
figure,dl.figures>div,tr,.items li,.status{break-inside:avoid}
thead{display:table-header-group}
svg.wide{width:100%}
.status,.tag,.key{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}
`
