/** A push to any branch is deployed. */
const { sabotage } = require('./load.cjs')

sabotage((load) => {
  const { groups } = load('webhook-fan-out/groups')
  const { group } = load('../shared/messages/group')
  const { rule } = load('../shared/messages/rule')
  const { webhookReceived } = load('../shared/messages/webhook-received')
  groups.splice(0, 1, group('deploy', [rule('pushes', [webhookReceived], { when: 'event.data.event == "push"' })]))
})
