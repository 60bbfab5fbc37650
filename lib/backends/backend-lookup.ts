import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns'
import { isMetadataHost } from './backend-address'

type LookupDone = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void

/**
 * Name resolution for sockets to backends (the `lookup` of `net.connect`): a name that leads to a
 * cloud's metadata service fails as `EMETADATA` (C5 holds for what a name means, too).
 */
export function lookupBackend(host: string, options: LookupOptions, done: LookupDone): void {
  dnsLookup(host, options, (error, address, family) => {
    if (error) return done(error, address, family)
    const addresses = typeof address === 'string' ? [address] : address.map((one) => one.address)
    if (!addresses.some(isMetadataHost)) return done(null, address, family)
    const refused: NodeJS.ErrnoException = new Error(`${host} leads to a metadata address`)
    refused.code = 'EMETADATA'
    done(refused, address, family)
  })
}
