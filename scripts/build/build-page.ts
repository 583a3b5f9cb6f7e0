import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { runCommand } from '../terminal/run-command'

/** Of what is smaller a compressed copy saves no packet. */
const worthItBytes = 1_024

/** Puts the page of the console into dist/web, each file with its compressed copies beside it. Rejects with the bundler's words. */
export async function buildPage(root: string, signal?: AbortSignal): Promise<void> {
  const { failure, output } = await runCommand('vite build --config scripts/build/vite.config.mts', signal)
  if (failure !== undefined) throw new Error(`the build of the console's page failed (vite: ${failure})\n${output}`)
  const folder = join(root, 'dist/web')
  for (const name of globSync('**/*.{html,js,css,svg,json}', { cwd: folder })) compress(join(folder, name))
}

function compress(path: string): void {
  const bytes = readFileSync(path)
  if (bytes.length < worthItBytes) return
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
  writeFileSync(`${path}.br`, brotliCompressSync(bytes))
}
