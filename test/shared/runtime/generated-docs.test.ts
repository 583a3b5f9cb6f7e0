import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generatedDocs } from '../../../scripts/docs/generated-docs'

const root = join(__dirname, '..', '..', '..')

test.each(Object.entries(generatedDocs()))(
  '%s is what the code says (else run scripts/generate-docs.ts)',
  (path, text) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(text)
  },
)
