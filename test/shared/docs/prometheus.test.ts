/** What a document shows of a configuration of Prometheus is one. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deployed } from '../../deploy/alerts'
import { promtool, withPromtool } from '../../deploy/promtool'
import { blocksOf } from '../../docs/documents'
import { atEnd } from '../../support/ends'

const page = 'docs/how-to/watch-with-prometheus.md'
const shown = blocksOf(page).filter(({ language }) => language === 'yaml')
const [testPromtool, hint] = withPromtool

testPromtool.each(shown)(`$place${hint}`, async ({ text }) => {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-prometheus-'))
  atEnd(() => rmSync(folder, { recursive: true }))
  copyFileSync(join(deployed, 'prometheus', 'alerts.yml'), join(folder, 'alerts.yml'))
  const whole = text.startsWith('-') ? `scrape_configs:\n${text}` : text
  // A file that holds a key has to be there.
  writeFileSync(join(folder, 'key'), 'x')
  writeFileSync(join(folder, 'shown.yml'), whole.replace(/\/etc\/prometheus\/\S+\.key/, join(folder, 'key')))
  await promtool('check', 'config', join(folder, 'shown.yml'))
})
