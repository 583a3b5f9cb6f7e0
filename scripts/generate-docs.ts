/** Writes the documents that are made from the code; a test fails when they are stale. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { generatedDocs } from './docs/generated-docs'

const root = dirname(__dirname)

for (const [path, text] of Object.entries(generatedDocs())) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
  console.log(`wrote ${path}`)
}
