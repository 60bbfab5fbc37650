export type Target = {
  port: number
  /** Request headers beside Host, Content-Type and Content-Length. */
  headers: Record<string, string>
}

export type RequestsCommand = {
  kind: 'requests'
  target: Target
  connections: number
  /** Whichever is reached first ends it. */
  requestsMax: number
  durationMsMax: number
}

export type StreamsCommand = {
  kind: 'streams'
  target: Target
  streams: number
  flushes: number
  flushMs: number
  /** Streams are opened evenly over this time. */
  rampMs: number
}

export type LoadCommand = RequestsCommand | StreamsCommand | { kind: 'mark' }

export type RequestsResult = {
  requests: number
  errors: number
  seconds: number
  p50Ms: number
  p99Ms: number
}

export type StreamsMark = {
  /** Since the streams began. */
  chunks: number
  /**
   * Between two flushes of one stream, at the client, while all streams were open, since the mark
   * before.
   */
  gapP99Ms: number
  /** By how much they came further apart than the backend made them. */
  addedGapP99Ms: number
}

/** `errors`: how many were refused or broke off. */
export type StreamsResult = StreamsMark & { errors: number }

export type LoadReport =
  | { kind: 'requests'; result: RequestsResult }
  | { kind: 'flowing' }
  | { kind: 'mark'; result: StreamsMark }
  | { kind: 'streams'; result: StreamsResult }
