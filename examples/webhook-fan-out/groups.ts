import { group } from '../../shared/messages/group'
import { rule } from '../../shared/messages/rule'
import { webhookReceived } from '../../shared/messages/webhook-received'

const fromGithub = 'event.data.provider == "github"'
const pushToMain = `${fromGithub} && event.data.event == "push" && event.data.payload.ref == "refs/heads/main"`
const published = `${fromGithub} && event.data.event == "release" && event.data.payload.action == "published"`

/** One webhook, and whoever has a use for it: rules read what the provider wrote. */
export const groups = [
  group('deploy', [rule('pushes to main', [webhookReceived], { when: pushToMain })]),
  group('announce', [rule('published releases', [webhookReceived], { when: published })]),
  group('audit', [webhookReceived]),
]
