import type { TransportFaults } from '../transport'
import type { Session } from './session'

/** Harm to the connections that these sessions keep. */
export function faultsOf(sessions: readonly Pick<Session, 'link'>[]): TransportFaults {
  const links = () => sessions.flatMap(({ link }) => link ?? [])
  return {
    dropLinks: () => {
      const dropped = links()
      for (const link of dropped) link.drop()
      return dropped.length
    },
    closeChannels: async () => {
      const closed = await Promise.all(links().map((link) => link.closeChannels()))
      return closed.reduce((sum, channels) => sum + channels, 0)
    },
  }
}
