/** The replication slot of a namespace, where the settings name none. */
export function slotOf(namespace: string): string {
  return `${namespace.toLowerCase().replaceAll('-', '_')}_follow`
}
