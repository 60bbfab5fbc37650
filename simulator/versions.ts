export const VERSIONS = ['0.24.0', '0.32.15'] as const
export type Version = (typeof VERSIONS)[number]

/** What the recorded versions of Ollama do differently on the wire. */
export type Traits = {
  tagsHaveCapabilities: boolean
  missingModelIsNamedWithTag: boolean
  roleInEveryDelta: boolean
  showNamesParentModel: boolean
  imageRefusal: { status: number; message: string }
  embedRefusal: string
}

export const TRAITS: Record<Version, Traits> = {
  '0.24.0': {
    tagsHaveCapabilities: false,
    missingModelIsNamedWithTag: false,
    roleInEveryDelta: true,
    showNamesParentModel: true,
    imageRefusal: {
      status: 500,
      message:
        'Failed to create new sequence: failed to process inputs: this model is missing data required for image input',
    },
    embedRefusal: 'this model does not support embeddings',
  },
  '0.32.15': {
    tagsHaveCapabilities: true,
    missingModelIsNamedWithTag: true,
    roleInEveryDelta: false,
    showNamesParentModel: false,
    imageRefusal: {
      status: 400,
      message:
        '{"error":{"code":400,"message":"Multimodal data provided, but model does not support multimodal requests.","type":"invalid_request_error"}}',
    },
    embedRefusal: 'This server does not support embeddings. Start it with `--embeddings`',
  },
}

/** The server answers this status with this text, in the dialect of the route. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}
