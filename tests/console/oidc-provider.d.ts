/** The package brings no types: what the tests use of it. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  class Grant {
    constructor(of: { accountId: string; clientId: string })
    static find(id: string): Promise<Grant | undefined>
    addOIDCScope(scope: string): void
    save(): Promise<string>
  }
  export default class Provider {
    constructor(issuer: string, configuration: Configuration)
    Grant: typeof Grant
    callback(): (incoming: IncomingMessage, outgoing: ServerResponse) => void
    interactionDetails(
      incoming: IncomingMessage,
      outgoing: ServerResponse,
    ): Promise<{
      prompt: { name: string }
      params: Record<string, unknown>
      grantId: string | undefined
    }>
    interactionFinished(
      incoming: IncomingMessage,
      outgoing: ServerResponse,
      result: Record<string, unknown>,
      options?: { mergeWithLastSubmission: boolean },
    ): Promise<void>
  }
  type Configuration = Record<string, unknown> & {
    findAccount(
      context: unknown,
      sub: string,
    ): { accountId: string; claims(): Promise<Record<string, unknown>> }
    interactions: { url(context: unknown, interaction: { uid: string }): string }
  }
}
