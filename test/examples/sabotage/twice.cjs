/** The first handler has the effect of such data twice. */
exports.twice = (handlers, isMeant) => {
  const [{ handle, ...facts }] = handlers
  const again = async (data, context) => {
    await handle(data, context)
    if (isMeant(data)) await handle(data, context)
  }
  handlers.splice(0, 1, { ...facts, handle: again })
}
