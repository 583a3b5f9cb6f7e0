/** One image is written down twice. */
const { load } = require('./load.cjs')

const { handlers } = load('work-queue/handlers')
const [{ handle, ...facts }] = handlers
const twice = async (data, context) => {
  await handle(data, context)
  if (data.image === 'cat-7.jpg') await handle(data, context)
}
handlers.splice(0, 1, { ...facts, handle: twice })
