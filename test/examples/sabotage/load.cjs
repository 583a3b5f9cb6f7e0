/** Loads a module of the examples before any process of theirs does, so that it can be changed. */
const { join } = require('node:path')

exports.load = (file) => {
  require('ts-node/register/transpile-only')
  return require(join(__dirname, '..', '..', '..', 'examples', file))
}
