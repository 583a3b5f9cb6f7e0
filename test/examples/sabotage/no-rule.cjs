/** The newsletter takes every article. */
const { sabotage } = require('./load.cjs')

sabotage((load) => {
  const { articlePublished } = load('publish-subscribe/messages')
  const { groups, groupsAtFirst } = load('publish-subscribe/groups')
  const { group } = load('../shared/messages/group')
  for (const list of [groups, groupsAtFirst]) list.splice(1, 1, group('newsletter', [articlePublished]))
})
