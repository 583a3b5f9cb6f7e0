/** Installs the folder's package-lock.json unless that has been done; rejects with npm's own words when npm fails. */
export function ensureDependencies(root: string): Promise<void>
