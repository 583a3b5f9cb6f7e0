/** A refund is told, and no money given back. */
const { sabotage } = require('./load.cjs')

const nothing = async () => {}

sabotage((load) => {
  const { handlers } = load('saga/handlers')
  const at = handlers.findIndex(({ type }) => type.name === 'payment.refund')
  const { handle, ...facts } = handlers[at]
  const keep = (data, context) => handle(data, { ...context, db: { ...context.db, run: nothing } })
  handlers.splice(at, 1, { ...facts, handle: keep })
})
