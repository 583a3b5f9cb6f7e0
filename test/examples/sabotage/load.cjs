/** What changes a module of the examples before they load it, in the processes that do. */
const { join } = require('node:path')

const examples = join(__dirname, '..', '..', '..', 'examples')

/** Calls `change` with something that loads modules by their path in examples/; not in npm, and whoever else inherits it. */
exports.sabotage = (change) => {
  if (!/(scripts\/example|examples\/(consumer|producer))\.ts$/.test(process.argv[1] ?? '')) return
  require('ts-node/register/transpile-only')
  change((file) => require(join(examples, file)))
}
