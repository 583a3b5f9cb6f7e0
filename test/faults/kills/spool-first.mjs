/** Has a producer accept every message by its spool first, whatever its type says. */
import { createRequire } from 'node:module'

const { catalogue } = createRequire(import.meta.url)('../../../dist/shared/messages/catalogue.js')

for (const [at, type] of catalogue.entries()) catalogue[at] = { ...type, acceptance: 'spool-first' }
