import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const floor = 24

/** The Node to run the project on: the one that the `node` package brought, else the present one if it is new enough. */
export function findNode(root) {
  const brought = join(root, 'node_modules', '.bin', 'node')
  if (majorOf(brought) >= floor) return brought
  if (Number.parseInt(process.versions.node, 10) >= floor) return process.execPath
  throw new Error(
    `Node ${floor} or newer is needed and this is ${process.versions.node}. The dependency "node" brings it along, but its ` +
      'install script did not run (npm skips it with ignore-scripts). Run: npm rebuild node --ignore-scripts=false',
  )
}

function majorOf(node) {
  const { stdout } = spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' })
  return Number.parseInt(stdout ?? '', 10)
}
