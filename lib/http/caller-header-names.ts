/**
 * What a door tells the console about a caller, over whatever the caller sent under these names:
 * the address (C2), and scheme and host as the browser sees them.
 */
export const callerHeaderNames = {
  address: 'x-corral-client-address',
  scheme: 'x-corral-client-scheme',
  host: 'x-corral-client-host',
  /** Another origin that pages may call: the setting `publicGatewayUrl`. */
  gateway: 'x-corral-gateway-url',
  /** Set in `npm run dev`. */
  development: 'x-corral-development',
} as const
