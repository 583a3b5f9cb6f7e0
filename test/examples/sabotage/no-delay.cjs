/** Something in front of the producer drops the header that says how long to wait. */
const { subscribe } = require('node:diagnostics_channel')
const { sabotage } = require('./load.cjs')

sabotage(() => {
  subscribe('http.server.request.start', ({ request }) => {
    delete request.headers['handoff-delay']
  })
})
