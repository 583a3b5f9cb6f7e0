/** A quote is made, and its result kept back. */
const { sabotage } = require('./load.cjs')

sabotage((load) => {
  const { handlers } = load('request-reply/handlers')
  const [{ handle, ...facts }] = handlers
  handlers.splice(0, 1, { ...facts, handle: async (data, context) => void (await handle(data, context)) })
})
