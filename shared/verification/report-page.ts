import { chartOf } from './chart'
import type { Report } from './report'
import { verdictText } from './verdict-text'

const style = `
:root { color-scheme: light dark; --accepted: #0b62d6; --processed: #1a7f37; --fault: #d1242f; --quiet: #6e7781 }
@media (prefers-color-scheme: dark) { :root { --accepted: #6cb6ff; --processed: #57ab5a; --fault: #ff6b6b; --quiet: #9aa4ae } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin-top: 2rem }
.gap h1 { color: var(--fault) } .whole h1 { color: var(--processed) }
svg { width: 100%; height: auto; overflow: visible; font-size: 12px; fill: currentColor }
polyline { fill: none; stroke-width: 2 } .accepted { stroke: var(--accepted) } .processed { stroke: var(--processed) }
.fault { fill: var(--fault); opacity: .15 } .name { fill: var(--fault); font-size: 11px }
.axis { stroke: var(--quiet) } .below { text-anchor: middle } .beside { text-anchor: end }
table { border-collapse: collapse } th, td { text-align: left; padding: .15rem 1rem .15rem 0; vertical-align: top; overflow-wrap: anywhere }
.number { text-align: right; font-variant-numeric: tabular-nums } pre { white-space: pre-wrap; overflow-wrap: anywhere }
.key i { display: inline-block; width: 1.5rem; border-top: 3px solid; vertical-align: middle; margin-right: .3rem }
`

/** The report for a person: one file that loads nothing. */
export function reportPage(report: Report): string {
  const { result, startedAt, seconds, samples, faults } = report
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Handoff verify: ${escaped(result)}</title>
<style>${style}</style>
<body class="${result === 'nothing lost or doubled' ? 'whole' : 'gap'}">
<h1>${escaped(result)}</h1>
<p>${escaped(startedAt)}, ${seconds.toFixed(0)} seconds</p>
<pre>${escaped(verdictText(report).join('\n'))}</pre>
<h2>In each second</h2>
<p class="key"><span><i style="color: var(--accepted)"></i>messages accepted</span> &ensp; <span><i style="color: var(--processed)"></i>effects processed</span></p>
${chartOf(samples, faults)}
<h2>Faults</h2>
${faultTable(report)}
<h2>Versions and options</h2>
${factTable({ ...report.versions, ...report.options })}
</body>
</html>
`
}

function faultTable({ faults }: Report): string {
  if (faults.length === 0) return '<p>None.</p>'
  const seconds = (ms: number) => `<td class="number">${(ms / 1_000).toFixed(1)} s</td>`
  const rows = faults.map(
    ({ name, beganMs, endedMs, readyAfterMs }) =>
      `<tr><td>${escaped(name)}</td>${seconds(beganMs)}${seconds(endedMs - beganMs)}${seconds(readyAfterMs)}</tr>`,
  )
  return `<table><tr><th>fault</th><th>began at</th><th>lasted</th><th>ready after</th></tr>\n${rows.join('\n')}\n</table>`
}

function factTable(facts: Readonly<Record<string, string | number>>): string {
  const rows = Object.entries(facts).map(
    ([name, value]) => `<tr><th>${escaped(name)}</th><td>${escaped(String(value))}</td></tr>`,
  )
  return `<table>\n${rows.join('\n')}\n</table>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
