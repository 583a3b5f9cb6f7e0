/** Preloaded before a built service: says what to do where Node would only say "Cannot find module". */
import { existsSync } from 'node:fs'

const [, file] = process.argv
const major = Number.parseInt(process.versions.node, 10)

if (major < 24) end(`Node 24 or newer is needed and this is ${process.versions.node}; npm ci brings one along`)
if (!existsSync(file)) end(`${file} is missing; run: npm run build`)

function end(reason) {
  console.error(`handoff: ${reason}`)
  process.exit(1)
}
