// Generated from docs/failure-modes.md by "npm run docs:errors".

export type ErrorGuideEntry = {
  /** The part of docs/failure-modes.md that it stands in. */
  title: string
  status: number
  /** What the client reads; names in <angle brackets> are filled in. */
  says: string
  means: string
  check: string
}

/** Every code of `lib/core/errors.ts`; safe in a browser. */
export const errorGuide: Readonly<Record<string, ErrorGuideEntry>> = {
  'auth.key_missing': {
    title: 'Who is calling',
    status: 401,
    says: 'No API key. Send it as "Authorization: Bearer <key>".',
    means:
      'The frontend wants a key and the request has none in `Authorization`, `x-api-key`, or the path.',
    check:
      'Does the client send its key to this address? Clients that know only a base URL use `http://host:8080/k/<key>`.',
  },
  'auth.key_malformed': {
    title: 'Who is calling',
    status: 401,
    says: 'This is not an API key of this server. A key looks like op_<prefix>_<secret>.',
    means: 'Something was sent where a key stands, and it has not the form of one.',
    check: 'Is it the key of another service, or a placeholder such as `ollama`?',
  },
  'auth.key_unknown': {
    title: 'Who is calling',
    status: 401,
    says: 'Unknown API key. Check that it was copied whole.',
    means: 'No key has this prefix, or the secret behind it is another.',
    check: 'Was the key copied whole, and was it rotated? `corral keys list` shows the prefixes.',
  },
  'auth.key_revoked': {
    title: 'Who is calling',
    status: 403,
    says: 'This API key was revoked. Ask for a new one.',
    means: 'The key was revoked, which is final.',
    check: '`corral keys show`; make another with `corral keys create`.',
  },
  'auth.key_disabled': {
    title: 'Who is calling',
    status: 403,
    says: 'This API key is disabled. Ask its owner or an admin to enable it.',
    means: 'The key was switched off for now.',
    check: '`corral keys enable` switches it on.',
  },
  'auth.key_expired': {
    title: 'Who is calling',
    status: 403,
    says: 'This API key has expired. Ask for a new one.',
    means: 'The day until which the key was good has passed.',
    check: '`corral keys show` tells it, `corral keys update` moves it.',
  },
  'auth.owner_inactive': {
    title: 'Who is calling',
    status: 403,
    says: 'The owner of this API key is inactive. Ask an admin.',
    means: 'The user to whom the key belongs is inactive, which stops all of their keys.',
    check: '`corral users show`; `corral users activate`.',
  },
  'auth.unavailable': {
    title: 'Who is calling',
    status: 503,
    says: 'API keys cannot be checked right now. Try again shortly.',
    means:
      'The key is not in the cache and the database could not be read, so nobody can say whether it is good.',
    check: 'The database (`/readyz` names it) and the log. Keys in the cache go on working.',
  },
  'auth.permission_missing': {
    title: 'Who is calling',
    status: 403,
    says: 'This API key lacks the permission "<permission>". Ask an admin to add it.',
    means:
      'The key is good, and may not do this kind of operation. A key never exceeds the role of its owner.',
    check: '`corral keys show` lists its permissions, `corral users show` the role.',
  },
  'auth.model_not_allowed': {
    title: 'Who is calling',
    status: 403,
    says: 'This API key may not use the model "<model>". Ask an admin to allow it.',
    means:
      "The key's model rules leave this model out. It is absent from every list that the key reads, too.",
    check: '`corral keys show`; deny wins over allow.',
  },
  'auth.frontend_not_allowed': {
    title: 'Who is calling',
    status: 403,
    says: 'This API key may not use the frontend "<frontend>". Ask an admin to allow it.',
    means: 'The key is bound to other frontends.',
    check: '`corral keys show`, and the path or `Host` that the client used.',
  },
  'auth.admin_only': {
    title: 'Who is calling',
    status: 403,
    says: 'This call acts on the account of the server. It needs the permission "admin".',
    means: "The call acts on the account with which the server's owner signed in at ollama.com.",
    check: "Does the client need it? Else an admin's key with the permission `admin` may.",
  },
  'auth.sign_in_failed': {
    title: 'Who is calling',
    status: 401,
    says: 'Wrong name or password.',
    means: 'Nobody with this name has this password. Which of the two is wrong is not told.',
    check:
      'An admin can reset the password, in the console or by `corral users reset-password NAME`.',
  },
  'auth.sign_in_locked': {
    title: 'Who is calling',
    status: 429,
    says: 'Too many failed sign-ins. Try again in <seconds> seconds.',
    means:
      'Five failed within 300 s, from this address or for this account; the right password waits too.',
    check:
      'Wait. If it was not you, somebody is guessing: the page of the user lists the sign-ins.',
  },
  'auth.user_inactive': {
    title: 'Who is calling',
    status: 403,
    says: 'This account is deactivated. Ask an admin.',
    means: 'The name and the password are right, and an admin has deactivated the user.',
    check: 'An admin can activate the user again.',
  },
  'auth.invitation_over': {
    title: 'Who is calling',
    status: 410,
    says: 'This invitation was used, was withdrawn or has expired. Ask for a new one.',
    means: 'A link works once and for 72 h.',
    check: 'An admin can invite again.',
  },
  'auth.provider_refused': {
    title: 'Who is calling',
    status: 403,
    says: 'The sign-in provider did not let you in: <problem>.',
    means:
      'The OpenID provider refused or broke off, or its answer is not one that the settings let in.',
    check: 'The settings under sign-in (allowed domains, role claim), and the log under this time.',
  },
  'auth.account_spending_off': {
    title: 'Who is calling',
    status: 403,
    says: '<what> would spend the account of the server\'s owner. The setting "<setting>" does not allow it.',
    means:
      "Cloud models, `create` from a remote host, web search and web fetch spend the owner's account.",
    check: 'The setting `accountSpending` allows them for everyone who may call.',
  },
  'limits.address_denied': {
    title: 'How much, and from where',
    status: 403,
    says: 'Your network address may not use this server. Ask an admin.',
    means: 'The address rules of the server leave this address out; deny wins.',
    check: '`corral addresses list`, and `TRUSTED_PROXIES` when a proxy stands in front.',
  },
  'limits.key_address_denied': {
    title: 'How much, and from where',
    status: 403,
    says: 'This API key may not be used from your network address. Ask an admin.',
    means: "The key's own networks leave this address out.",
    check: '`corral keys show`, and `TRUSTED_PROXIES` when a proxy stands in front.',
  },
  'limits.address_unknown': {
    title: 'How much, and from where',
    status: 403,
    says: 'Your network address is not known here, and an address rule needs it.',
    means:
      'There are address rules, and the door that took the request could not tell where it came from.',
    check: 'Does a host of its own run the Next app? `npm start` always knows the address.',
  },
  'limits.origin_denied': {
    title: 'How much, and from where',
    status: 403,
    says: 'Pages of this origin may not call this server. Ask an admin to allow the origin.',
    means:
      'A browser sent the request for a page of an origin that the setting `corsOrigins` does not list.',
    check: '`corral settings get corsOrigins`; programs that are no browser send no `Origin`.',
  },
  'limits.rate_exceeded': {
    title: 'How much, and from where',
    status: 429,
    says: 'Rate limit exceeded. Try again in <seconds> seconds.',
    means:
      'The key, or without a key the address, has used its window. `Retry-After` and `RateLimit-*` tell when it goes on.',
    check:
      'The limit of the key and of its user, else the settings `rateLimitRequests` and `rateLimitWindowSeconds`.',
  },
  'limits.in_flight_full': {
    title: 'How much, and from where',
    status: 503,
    says: 'This server is at its limit of <limit> requests in flight. Try again shortly.',
    means: 'This process answers as many requests as it may at a time.',
    check: 'Are backends slow or gone (`corral health`)? Else raise the setting `inFlightMax`.',
  },
  'http.bad_path': {
    title: 'The request itself',
    status: 400,
    says: 'The path of this request cannot be read.',
    means: 'The path holds what no path may: a broken escape, a null byte.',
    check: 'The URL that the client builds.',
  },
  'http.path_unknown': {
    title: 'The request itself',
    status: 404,
    says: '404 page not found',
    means: 'No operation has this path, and nothing unknown is passed on.',
    check: 'The base URL (is `/v1` there twice?), or the setting `extraPaths`.',
  },
  'http.method_not_allowed': {
    title: 'The request itself',
    status: 405,
    says: '405 method not allowed',
    means: 'The path is known with another method; `Allow` names it.',
    check: 'The method that the client uses.',
  },
  'http.body_empty': {
    title: 'The request itself',
    status: 400,
    says: 'missing request body',
    means: 'The operation reads a JSON body and there was none.',
    check: 'Does the client send the body, with its length or chunked?',
  },
  'http.body_not_json': {
    title: 'The request itself',
    status: 400,
    says: 'The body is not a JSON object: <problem>.',
    means:
      'The body is not one JSON object in UTF-8, so Corral cannot know which model it names, and sends it nowhere.',
    check: 'What the client sends; quotes in a shell are the usual cause.',
  },
  'http.body_key_twice': {
    title: 'The request itself',
    status: 400,
    says: 'The body has "<key>" twice (upper and lower case are one). Send it once.',
    means:
      'Ollama reads names without case and takes the last; one model could be checked and another served.',
    check: 'The code that builds the body.',
  },
  'http.body_field_wrong': {
    title: 'The request itself',
    status: 400,
    says: 'The field "<key>" must be <expected>.',
    means: 'A field that Corral must read has another type.',
    check: 'The field that the text names.',
  },
  'http.body_too_large': {
    title: 'The request itself',
    status: 413,
    says: 'The body is larger than <limit> bytes.',
    means: 'The body, after inflation, is larger than Corral reads.',
    check: 'Images in the request; the settings `jsonBodyBytesMax` and `uploadBytesMax`.',
  },
  'http.body_incomplete': {
    title: 'The request itself',
    status: 400,
    says: 'The body ended before it was complete.',
    means: 'The client closed, or its framing ended, before the body was complete.',
    check: 'The network between the client and Corral, a proxy with a limit of its own.',
  },
  'http.encoding_unsupported': {
    title: 'The request itself',
    status: 415,
    says: 'The content encoding "<encoding>" is not known. Use gzip, br or zstd.',
    means: '`Content-Encoding` names something else than gzip, br or zstd.',
    check: 'The compression of the client.',
  },
  'http.encoding_broken': {
    title: 'The request itself',
    status: 400,
    says: 'The body is not valid <encoding>.',
    means: '`Content-Encoding` names a compression and the body is not that.',
    check: 'Does the client compress what it says it does?',
  },
  'http.version_refused': {
    title: 'The request itself',
    status: 505,
    says: 'HTTP/1.0 is not accepted here. Use HTTP/1.1.',
    means: 'The setting `refuseHttp10` is on.',
    check:
      'The client or the proxy in front speaks HTTP/1.0; nginx needs `proxy_http_version 1.1`.',
  },
  'http.loop_detected': {
    title: 'The request itself',
    status: 508,
    says: 'This request came back to the gateway that sent it. Check the backend addresses.',
    means: 'A request that Corral sent to a backend came back to it.',
    check:
      '`corral backends list`: one of the addresses is that of Corral itself, perhaps through another proxy.',
  },
  'routing.model_missing': {
    title: 'Where to',
    status: 400,
    says: 'model is required',
    means: 'The body names no model.',
    check: 'The field `model` (Ollama takes `name` too).',
  },
  'routing.model_not_found': {
    title: 'Where to',
    status: 404,
    says: "model '<model>' not found",
    means: 'No backend of the frontend has the model, also after its list was read afresh.',
    check: '`corral models list`; the tag counts: `llama3` is `llama3:latest`, not `llama3:70b`.',
  },
  'routing.nothing_fits': {
    title: 'Where to',
    status: 503,
    says: 'The model "<model>" needs <needGb> GB, and the largest backend takes <largestGb> GB.',
    means: 'Backends have the model, and none has the memory for it.',
    check: '`maxMemoryGb` of the backends, `corral memory list`, or the setting `whenNothingFits`.',
  },
  'routing.no_backend': {
    title: 'Where to',
    status: 503,
    says: 'No active backend servers available.',
    means: 'Every backend that could take the request is unhealthy, draining, disabled or full.',
    check: '`corral health`, `corral route explain --model M`.',
  },
  'routing.pin_unknown': {
    title: 'Where to',
    status: 404,
    says: 'No backend is named or labelled "<backend>".',
    means: '`X-Corral-Backend` names a backend that does not exist.',
    check: '`corral backends list`.',
  },
  'routing.label_unmatched': {
    title: 'Where to',
    status: 503,
    says: 'No backend with the label "<label>" can take this request.',
    means: 'No backend with that label can take the request now.',
    check: 'The labels in `corral backends list`, and their health.',
  },
  'routing.operation_unsupported': {
    title: 'Where to',
    status: 501,
    says: 'No backend that has "<model>" can do this operation.',
    means: 'The model is there, on backends of a kind that cannot do this.',
    check: 'The kind of the backend, and `operations` in `corral backends list`.',
  },
  'backends.unreachable': {
    title: 'The backends',
    status: 502,
    says: 'The backend could not be reached (<backends>). Try again, or ask an admin.',
    means:
      'Every candidate was tried and refused the connection, or closed it before an answer began.',
    check:
      'Does Ollama run there, listening on more than 127.0.0.1 (`OLLAMA_HOST=0.0.0.0`)? `corral backends check`.',
  },
  'backends.timed_out': {
    title: 'The backends',
    status: 504,
    says: 'The backend did not answer in time (<backends>). Try again, or ask an admin.',
    means: 'No candidate connected or answered within the times that are set.',
    check: 'The network; the settings `connectTimeoutMs`, `attemptBudgetMs`, `headersTimeoutMs`.',
  },
  'backends.refused_credentials': {
    title: 'The backends',
    status: 502,
    says: "The backend refused this server's credentials (<backends>). Ask an admin.",
    means: "The backend answered 401 or 403 to Corral's own credential.",
    check:
      '`corral backends update` enters another; a changed `CORRAL_SECRET` makes the stored one unreadable.',
  },
  'backends.broke_off': {
    title: 'The backends',
    status: 502,
    says: 'The backend broke off before its answer was complete. Try again.',
    means:
      "The answer ended without its dialect's last event: the model's process died, or the connection did. A stream that had begun ends with this as an error event.",
    check: 'The log of that Ollama server; out of memory is the usual cause.',
  },
  'admin.forbidden': {
    title: 'Changes',
    status: 403,
    says: 'This needs the role "<role>". Ask an admin.',
    means: 'The acting user has a lesser role.',
    check: '`corral users show`.',
  },
  'admin.invalid_input': {
    title: 'Changes',
    status: 400,
    says: '<problem>',
    means: 'What was typed is not what was asked for; the text says what was expected.',
    check: 'The text.',
  },
  'admin.not_found': {
    title: 'Changes',
    status: 404,
    says: 'There is no <kind> "<name>".',
    means: 'Nothing has that name or id.',
    check: 'The matching `list` command.',
  },
  'admin.already_exists': {
    title: 'Changes',
    status: 409,
    says: 'A <kind> "<name>" exists already. Choose another name.',
    means: 'The name is taken.',
    check: 'The matching `list` command; another name.',
  },
  'admin.in_use': {
    title: 'Changes',
    status: 409,
    says: 'The <kind> "<name>" is in use: <by>.',
    means: 'Something else still refers to it.',
    check: 'The text names what; remove or change that first.',
  },
  'admin.changed_meanwhile': {
    title: 'Changes',
    status: 409,
    says: 'The <kind> "<name>" was changed while you were editing it. Look at both, then save again.',
    means: 'Somebody else saved the same thing after the page was opened. Nothing was overwritten.',
    check: 'The page shows what they changed and what you would; save again to keep yours.',
  },
  'admin.last_admin': {
    title: 'Changes',
    status: 409,
    says: 'This is the last active admin. Make another user an admin first.',
    means: 'Without an active admin nobody could change anything any more.',
    check: 'Make another user an admin first.',
  },
  'db.unreachable': {
    title: 'The database',
    status: 503,
    says: 'The database cannot be opened: <problem>.',
    means: 'The database cannot be opened or asked.',
    check:
      '`DATABASE_URL`, the rights on the file and its folder, whether PostgreSQL runs. Inference goes on; usage is journalled until it returns.',
  },
  'db.newer_version': {
    title: 'The database',
    status: 503,
    says: 'The database was written by a newer version of Corral. Start that version.',
    means: 'A newer Corral has migrated this database.',
    check: 'Start that version, or restore the backup from before the upgrade.',
  },
  'gateway.client_left': {
    title: 'The gateway',
    status: 499,
    says: 'The client closed the connection.',
    means:
      'The client closed before the end. The backend was told to stop; this stands in the record, nobody reads it.',
    check:
      'Nothing, unless it is frequent: then the timeout of the client, or of a proxy in front.',
  },
  'gateway.stopped': {
    title: 'The gateway',
    status: 503,
    says: 'This request was stopped by its owner or an admin. Send it again only if they agree.',
    means:
      "A person pressed Stop in the console, or ran `corral requests stop`. A stream ends with this as its dialect's error; the backend was told to stop at once.",
    check: "The audit log says who stopped it: action `request.stop`, with the request's id.",
  },
  'gateway.not_ready': {
    title: 'The gateway',
    status: 503,
    says: 'This server is starting. Try again shortly.',
    means: 'This process has not read its configuration yet.',
    check: '`/readyz`; the log, when it lasts.',
  },
  'gateway.internal': {
    title: 'The gateway',
    status: 500,
    says: 'Something failed inside the gateway. The log has the cause under this request id.',
    means: 'A defect of Corral.',
    check: 'The log line with the `X-Request-Id` of the answer has the cause; please report it.',
  },
}
